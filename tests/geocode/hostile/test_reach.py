"""Hostile names and filters reach no file outside the chosen folder, and no SQL."""

import io
import json
import zipfile
from datetime import date

import pytest
from payloads import (
    KINDS,
    PAYLOADS,
    hostile_articles,
)
from reading_back import json_lines, snapshot, unseen

from geocode import (
    ArticleReader,
    LayerError,
    Selection,
    geocode_articles,
    ingest_articles,
    make_article,
    open_store,
)
from geocode.conflict import load_conflict
from geocode.reading import Given, Refused, read_articles, read_upload

CONFLICT = load_conflict()
WEB = json.dumps({"text": "قصفت طائرات مدينة سرت.", "published": "2020-01-07"})


# Nothing outside the chosen folder


def archive():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name in KINDS["path"].values():
            file.writestr(zipfile.ZipInfo(name or "x"), "قصفت طائرات مدينة سرت.")
    return data.getvalue()


@pytest.mark.slow
def test_nothing_is_written_outside_the_chosen_folder(run, tmp_path, monkeypatch):
    work = tmp_path / "deep" / "deeper" / "work"
    work.mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "sentinel.txt").write_text("here", encoding="utf-8")
    rows = [
        {
            "id": t,
            "title": t,
            "outlet": t,
            "url": t,
            "text": f"قصف سرت {t}",
            "published": "2020-01-01",
        }
        for t in PAYLOADS.values()
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (work / "a.jsonl").write_text(text, encoding="utf-8")
    (work / "a.zip").write_bytes(archive())
    monkeypatch.chdir(work)
    before = {k: v for k, v in snapshot(tmp_path).items() if not k.startswith("deep/deeper/work")}
    store = ("--store", str(work / "s.sqlite"))
    assert run("ingest", "a.jsonl", "a.zip", *store).exit_code in (0, 1)
    assert run("geocode", "a.jsonl", "a.zip", "-o", "out").exit_code in (0, 1)
    assert run("geocode", "a.jsonl", "--parts", "--engine", "serial", "-o", "parts").exit_code in (
        0,
        1,
    )
    assert run("export", "--layer", "events", "-o", "events.csv", *store).exit_code == 0
    assert (
        run("export", "--layer", "events", "-o", "e.gpkg", "--format", "gpkg", *store).exit_code
        == 0
    )
    assert run("share", "-o", "map.html", *store).exit_code == 0
    after = {k: v for k, v in snapshot(tmp_path).items() if not k.startswith("deep/deeper/work")}
    assert after == before
    assert [name for name in snapshot(work) if "outside" in name or "passwd" in name] == []


def test_a_list_names_no_file_outside_its_folder(run, tmp_path):
    folder = tmp_path / "a" / "b" / "lists"
    folder.mkdir(parents=True)
    secret = "قصفت طائرات مدينة سرت، سر لا يقال."
    for place in (tmp_path, tmp_path / "outside", tmp_path / "a" / "outside"):
        place.mkdir(exist_ok=True)
        for name in ("up.txt", "outside.txt"):
            (place / name).write_text(secret, encoding="utf-8")
    (folder / "list.jsonl").write_text(
        "".join(json.dumps({"file": name}) + "\n" for name in KINDS["path"].values()),
        encoding="utf-8",
    )
    refused = []
    assert list(read_articles(folder / "list.jsonl", refused=refused)) == []
    assert len(refused) == len(KINDS["path"])


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.zip"])
def test_an_upload_reads_no_other_file_whatever_it_is_called(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "outside.txt").write_text("قصف سرت", encoding="utf-8")
    listed = "".join(json.dumps({"file": n}) + "\n" for n in KINDS["path"].values())
    content = {"a.jsonl": listed.encode(), "a.csv": b"file\noutside.txt\n", "a.zip": archive()}[
        name
    ]
    for called in KINDS["path"].values():
        refused = []
        read = list(read_upload(f"{called}{name}", content, refused=refused))
        assert {article.text for article in read} <= {"قصفت طائرات مدينة سرت."}
        assert refused
        assert unseen("".join(item.source for item in refused)) == []
    assert [path.name for path in tmp_path.iterdir()] == ["outside.txt"]


def test_what_is_refused_is_kept_as_a_line_of_json_each(run, tmp_path):
    rows = [{"id": t, "text": "قصف سرت", "published": t} for t in PAYLOADS.values()]
    text = "".join(json.dumps(row) + "\n" for row in rows) + WEB
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    assert run("geocode", "a.jsonl", "-o", "out").exit_code == 1
    kept = json_lines(tmp_path / "out" / "refused.jsonl")
    assert len(kept) == len(PAYLOADS)
    assert [json.loads(row["content"]) for row in kept] == rows


# SQL


@pytest.mark.slow
def test_a_filter_in_sql_finds_nothing_and_changes_nothing(store_url, places):
    articles = [a for a in hostile_articles() if a.article_id.startswith("kind-s")]
    with open_store(store_url) as store:
        list(ingest_articles(articles, store, reader=ArticleReader(places)))
        store.quarantine.add(
            [Refused(source="a", where="1", reason="x")], Given(), day=date(2020, 1, 1)
        )
        before = (store.count(), store.changes(), store.made_from(), store.quarantine.count())
        for text in KINDS["sql"].values():
            for layer, names in _FILTERS.items():
                assert all(store.layer(layer, Selection(**{n: text})).empty for n in names)
            assert list(store.articles([text])) == []
            assert store.is_current(make_article("قصف سرت", article_id=text), "rules") is False
            store.quarantine.remove([text])
            assert store.claims_at([text]).empty
        after = (store.count(), store.changes(), store.made_from(), store.quarantine.count())
    assert after == before
    assert before[0]["articles"] == 1


# What each layer is chosen by; the other filters it does not have.
_FILTERS = {
    "mentions": ("place_id",),
    "events": ("event_type", "side", "place_id"),
    "control": ("side", "place_id"),
    "front": ("side", "place_id"),
    "others": ("event_type",),
}


@pytest.mark.parametrize("name", ["event_type", "side", "place_id"])
@pytest.mark.parametrize("payload", ["a\0b", "a\ud800b"])
def test_a_filter_that_no_text_can_hold_is_refused(name, payload):
    with pytest.raises(LayerError, match="is no name"):
        Selection(**{name: payload})


def test_ids_in_sql_are_ids(store_url, places):
    """Articles whose ids, outlets and texts are SQL are found by them, each alone."""
    articles = [
        make_article(f"قصف سرت {text}", article_id=text, outlet=text, published="2020-01-01")
        for text in KINDS["sql"].values()
    ]
    with open_store(store_url) as store:
        list(ingest_articles(articles, store, reader=ArticleReader(places)))
        for article in articles:
            assert list(store.articles([article.article_id])) == [article]
        assert store.count()["articles"] == len(articles)
    back = geocode_articles(articles, gazetteer=places)
    assert set(back.mentions["outlet"]) == {article.outlet for article in articles}
