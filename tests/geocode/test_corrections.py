"""Corrections are text, hold for every later reading, and change nothing they do not name."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from dashboard.cli import main
from geocode import ArticleReader, ingest_articles, make_article, open_store
from geocode.conflict import load_conflict
from geocode.corrections import (
    COLUMNS,
    Correction,
    Corrections,
    add_correction,
    corrections_path,
    read_corrections,
    take_back,
)
from geocode.errors import CorrectionError
from geocode.evaluation import evaluate, read_gold
from geocode.store import tables

TEXT = "سيطرت قوات الوفاق على غريان أمس، وقصفت طائرات سرت."
ARTICLE = make_article(TEXT, published="2019-06-27", article_id="a1")


def correction(words, field, value, **changes):
    start = TEXT.index(words)
    one = Correction(
        when="2026-01-01",
        who="",
        article_id="a1",
        start=start,
        end=start + len(words),
        text=words,
        field=field,
        value=value,
    )
    return replace(one, **changes)


@pytest.fixture
def read(reader):
    def with_corrections(*said):
        return reader.corrected_by(Corrections(said)).read(ARTICLE)

    return with_corrections


def named(rows, name):
    return next(row for row in rows if row["text"] == name)


def test_another_place_moves_the_mention_and_its_event(read, gazetteer):
    found = read(correction("غريان", "place", "ly:tarhuna"))
    mention = named(found.mentions, "غريان")
    tarhuna = gazetteer.by_id("ly:tarhuna")
    assert (mention["place_id"], mention["lat"], mention["x"]) == (
        "ly:tarhuna",
        tarhuna.lat,
        pytest.approx(tarhuna.lon),
    )
    assert mention["corrected"] is True
    assert "corrected on 2026-01-01" in mention["reason"]
    capture = next(e for e in found.events if e["type"] == "capture")
    assert (capture["place_id"], capture["corrected"]) == ("ly:tarhuna", True)


def test_what_is_not_named_stays_as_it_was(read):
    before, after = read(), read(correction("غريان", "place", "ly:tarhuna"))
    assert named(before.mentions, "سرت") == named(after.mentions, "سرت")


def test_no_place_takes_the_mention_and_its_event_away(read):
    found = read(correction("غريان", "no_place", ""))
    assert [m["text"] for m in found.mentions] == ["سرت"]
    assert {e["type"] for e in found.events} == {"airstrike"}


def test_another_role_takes_the_fight_from_the_place(read):
    mention = named(read(correction("غريان", "role", "background")).mentions, "غريان")
    assert (mention["role"], mention["front_line"]) == ("background", False)


@pytest.mark.parametrize(
    ("field", "value", "column", "wanted"),
    [
        ("type", "deployment", "type", "deployment"),
        ("date", "2019-06-20", "date_start", "2019-06-20"),
        ("date", "2019-06-20/2019-06-22", "date_end", "2019-06-22"),
        ("actor_side", "LNA", "actor_side", "LNA"),
        ("target_side", "", "target_side", None),
    ],
)
def test_an_event_is_corrected_by_its_trigger(read, field, value, column, wanted):
    event = next(e for e in read(correction("سيطرت", field, value)).events if e["corrected"])
    assert event[column] == wanted


def test_a_type_that_is_no_fight_takes_the_place_from_the_front(read):
    mention = named(read(correction("سيطرت", "type", "deployment")).mentions, "غريان")
    assert mention["front_line"] is False


def test_a_correction_whose_words_are_gone_changes_nothing(read):
    stale = correction("غريان", "place", "ly:tarhuna", text="غيرها")
    assert read(stale) == read()


def test_of_two_about_one_thing_the_later_holds(read):
    said = [correction("غريان", "no_place", ""), correction("غريان", "place", "ly:tarhuna")]
    assert named(read(*said).mentions, "غريان")["place_id"] == "ly:tarhuna"


def test_a_file_of_corrections_is_read_as_it_was_written(tmp_path, gazetteer):
    said = [
        correction("غريان", "place", "ly:tarhuna", who='a "b", c', why="=1+1"),
        correction("سيطرت", "date", "2019-06-20"),
    ]
    for one in said:
        add_correction(tmp_path / "c.csv", one)
    assert list(read_corrections(tmp_path / "c.csv", gazetteer, load_conflict())) == said


def test_a_correction_taken_back_leaves_the_others(tmp_path, gazetteer):
    said = [
        correction("غريان", "place", "ly:tarhuna"),
        correction("سيطرت", "date", "2019-06-20"),
    ]
    for one in said:
        add_correction(tmp_path / "c.csv", one)
    take_back(tmp_path / "c.csv", said[1])
    take_back(tmp_path / "c.csv", correction("غريان", "no_place", ""))
    assert list(read_corrections(tmp_path / "c.csv", gazetteer, load_conflict())) == said[:1]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("2026,,a1,0,3,x,place,ly:nowhere,,", "c.csv:2: place: value='ly:nowhere'"),
        ("2026,,a1,0,3,x,role,hero,,", "c.csv:2: role: value='hero'"),
        ("2026,,a1,5,3,x,role,event,,", "c.csv:2: .*no span"),
        ("2026,,a1,x,3,x,role,event,,", "c.csv:2: start='x'"),
        ("2026,,a1,0,3,x,colour,red,,", "c.csv:2: field='colour'"),
        ("2026,,a1,0,3,x,date,2020-02-30,,", "c.csv:2: date: value="),
    ],
)
def test_a_wrong_row_is_named_by_file_and_line(tmp_path, gazetteer, row, fault):
    path = tmp_path / "c.csv"
    path.write_text(",".join(COLUMNS) + "\n" + row + "\n", encoding="utf-8")
    with pytest.raises(CorrectionError, match=fault):
        read_corrections(path, gazetteer, load_conflict())


@pytest.fixture
def store(store_url):
    url = store_url
    with open_store(url) as opened:
        list(ingest_articles([ARTICLE], opened, reader=ArticleReader()))
    add_correction(corrections_path(url), correction("غريان", "place", "ly:tarhuna", who="me"))
    return url


def run(*args):
    return CliRunner().invoke(main, list(args), catch_exceptions=False)


def test_apply_reads_only_what_was_corrected_and_only_once(store):
    assert "1 articles read again" in run("corrections", "apply", "--store", store).output
    assert "0 articles read again" in run("corrections", "apply", "--store", store).output
    with open_store(store, read_only=True) as opened:
        mentions = opened.layer("mentions")
    assert mentions.set_index("text").loc["غريان", "place_id"] == "ly:tarhuna"
    assert mentions["corrected"].to_list() == [True, False]


def test_a_correction_taken_out_of_the_file_is_undone(store):
    run("corrections", "apply", "--store", store)
    corrections_path(store).unlink()
    run("corrections", "apply", "--store", store)
    with open_store(store, read_only=True) as opened:
        assert not opened.layer("mentions")["corrected"].any()


def test_list_says_what_where_and_by_whom(store):
    output = run("corrections", "list", "--store", store).output
    for part in ("me", "a1", "غريان", "ly:tarhuna", "1 corrections"):
        assert part in output


def test_what_is_exported_is_gold_that_the_corrected_reader_meets(store, tmp_path, gazetteer):
    gold = tmp_path / "gold.jsonl"
    run("corrections", "export", "--store", store, "-o", str(gold))
    passages = read_gold(gold)
    corrections = read_corrections(corrections_path(store), gazetteer, load_conflict())
    perfect = evaluate(passages, ArticleReader(gazetteer, load_conflict(), corrections))
    plain = evaluate(passages, ArticleReader(gazetteer))
    assert perfect.figures["acc_tol"].value == 1.0
    assert plain.figures["acc_tol"].value < 1.0


def test_geocode_applies_a_file_of_corrections(store, tmp_path):
    import json

    articles = tmp_path / "a.jsonl"
    row = {"id": "a1", "text": TEXT, "published": "2019-06-27"}
    articles.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    said = str(corrections_path(store))
    run("geocode", str(articles), "-o", str(tmp_path / "o"), "--quiet", "--corrections", said)
    written = (tmp_path / "o" / "mentions.geojson").read_text(encoding="utf-8")
    places = [f["properties"]["place_id"] for f in json.loads(written)["features"]]
    assert places == ["ly:tarhuna", "ly:sirte"]


@pytest.mark.parametrize(
    ("version", "later"),
    [("1", ["corrected", "cluster_reason", "copy_group"]), ("2", ["cluster_reason", "copy_group"])],
)
def test_a_store_of_a_version_before_is_brought_forward(store, version, later):
    old = tables.metadata.tables.keys() - {"meta", "article", "mentions", "events"}
    steps = [
        *(f"ALTER TABLE events DROP COLUMN {column}" for column in later),
        *(f"DROP TABLE {table}" for table in old),
        "DROP INDEX ix_article_url",
        "ALTER TABLE article DROP COLUMN remarks",
        f"UPDATE meta SET value = '{version}' WHERE name = 'schema'",
    ]
    with open_store(store) as opened:
        have = {
            i["name"] for i in opened._backend.read(lambda c: sa.inspect(c).get_indexes("events"))
        }
        steps[:0] = [
            f"DROP INDEX {index}"
            for index in ("ix_events_place", "ix_events_id", "ix_events_cluster")
            if index in have
        ]
        for step in steps:
            opened._backend.write(lambda c, step=step: c.exec_driver_sql(step))
    with pytest.raises(OSError, match="mihwar corrections apply"):
        open_store(store, read_only=True)
    run("corrections", "apply", "--store", store)
    with open_store(store, read_only=True) as opened:
        assert opened.layer("events")["cluster_id"].notna().all()
        assert opened.layer("events")["copy_group"].notna().all()
        assert len(opened.layer("control"))
        indexes = opened._backend.read(lambda c: sa.inspect(c).get_indexes("events"))
        assert "ix_events_place" in {index["name"] for index in indexes}


PAIR = [
    ("b1", "2019-06-10", "قصفت مدفعية قوات حفتر الهيرة، الاثنين."),
    ("b2", "2019-09-11", "قصفت مدفعية قوات حفتر الهيرة، الأربعاء."),
    ("b3", "2019-06-10", "استهدفت مدفعية قوات حفتر الهيرة بالقذائف، الاثنين."),
]


@pytest.fixture
def told(store_url, reader):
    """A store of three claims, and a way to read it again with a correction; gives clusters."""
    url = store_url
    articles = [make_article(text, article_id=i, published=day) for i, day, text in PAIR]

    def clusters(*said):
        with open_store(url) as store:
            list(ingest_articles(articles, store, reader=reader.corrected_by(Corrections(said))))
            events = store.layer("events").drop_duplicates("article_id").set_index("article_id")
        return events["event_id"].to_dict(), events["cluster_id"].to_dict()

    return clusters


def about_pair(field, ids, one, other):
    text = {i: t for i, _, t in PAIR}[one]
    words = text.split()[0]
    value = f"{ids[one]} {ids[other]} {other}"
    return correction("غريان", field, value, article_id=one, start=0, end=len(words), text=words)


def test_a_reader_makes_one_event_of_two_however_far_apart_and_takes_it_back(told):
    ids, before = told()
    assert before["b1"] != before["b2"]
    _, joined = told(about_pair("same_event", ids, "b1", "b2"))
    assert joined["b1"] == joined["b2"]
    _, after = told()
    assert after == before


def test_a_reader_parts_what_was_joined(told):
    ids, before = told()
    assert before["b1"] == before["b3"]
    _, parted = told(about_pair("other_event", ids, "b1", "b3"))
    assert parted["b1"] != parted["b3"]


def test_a_pair_without_the_other_claim_is_refused(tmp_path, gazetteer):
    path = tmp_path / "c.csv"
    add_correction(path, correction("غريان", "same_event", "onlyone"))
    with pytest.raises(CorrectionError, match="the ids of two claims"):
        read_corrections(path, gazetteer, load_conflict())
