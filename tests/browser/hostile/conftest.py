"""A store that holds the corpus of payloads in every field, served, and a page that is watched."""

import sqlite3

import pytest
from hostile_pages import WATCH, is_policy
from payloads import (
    TEXTS,
    flat,
    hostile_articles,
    hostile_places,
    write_acled,
)

from gazetteer import load_gazetteer
from gazetteer.importers import write_pack
from geocode import ArticleReader, ingest_articles, open_store
from geocode.conflict import load_conflict
from geocode.corrections import Correction, Corrections, add_correction
from geocode.exchange import read_others


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """A table of places, known to whatever runs while these tests do."""
    path = tmp_path_factory.mktemp("packed") / "places.csv"
    write_pack(hostile_places(), path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MIHWAR_PACKS", str(path))
        yield path


@pytest.fixture(scope="module")
def store(packed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    path = folder / "s.sqlite"
    gazetteer = load_gazetteer([packed])
    write_acled(folder / "acled.csv")
    with open_store(str(path)) as opened:
        list(ingest_articles(hostile_articles(), opened, reader=ArticleReader(gazetteer)))
        opened.keep_others(read_others("acled", folder / "acled.csv"))
        corrections = correct_all(opened.layer("mentions"), path)
        reader = ArticleReader(gazetteer, load_conflict(), Corrections(corrections))
        list(ingest_articles(hostile_articles(), opened, reader=reader))
    print_all(path)
    return str(path)


def correct_all(mentions, path):
    """Say of each place of the articles on a kind of payloads who corrected it, and why."""
    said = []
    for row in mentions[mentions["place_id"].str.startswith("x:")].to_dict("records"):
        if not row["article_id"].startswith("kind-"):
            continue
        text = flat(TEXTS[row["place_id"].removeprefix("x:")])
        span = {name: row[name] for name in ("article_id", "start", "end", "text")}
        said.append(
            Correction(when=text, who=text, why=text, was=text, field="role", value="event", **span)
        )
        add_correction(path.with_name(path.name + ".corrections.csv"), said[-1])
    return said


def print_all(path):
    """Put each payload where speakers, actors and triggers stand as they were printed."""
    own = "WHERE article_id NOT LIKE 'kind-%'"
    with sqlite3.connect(path) as database:
        for table, names in {
            "events": ("actor", "target", "claimed_by", "date_text", '"trigger"', "reason"),
            "mentions": ("relation_text", "reason"),
        }.items():
            known = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
            for name in (n for n in names if n.strip('"') in known):
                database.execute(f"UPDATE {table} SET {name} = article_id {own}")
        database.execute(f"UPDATE events SET source_chain = json_array(article_id) {own}")
    database.close()


@pytest.fixture(scope="module")
def address(serve, store):
    return serve(store)


@pytest.fixture
def watched(page):
    """A page that also tells what its policy had to refuse."""
    page.add_init_script(WATCH)
    page.policy = []
    page.on("console", lambda told: page.policy.append(told.text) if is_policy(told) else None)
    return page
