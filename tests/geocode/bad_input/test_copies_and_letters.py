"""Rows 50 to 61 of the list of bad inputs: copies and edits, writings of a name, texts that take long."""

import time
from datetime import date

import pytest
from bad_files import (
    LONG,
    SIRTE,
    TARHUNA,
    acled,
    line,
)

from geocode import (
    geocode_articles,
    ingest_articles,
    make_article,
)
from geocode.errors import ReadingError
from geocode.reading import Given, Refused
from geocode.store import Saved


def test_row_50_one_article_in_many_places_is_stored_once_and_the_next_run_changes_nothing(
    ingest, store
):
    files = [[{"text": SIRTE}, {"text": SIRTE}], [{"text": SIRTE}]]
    assert ingest(*files)[0].new == 1
    before = (store.count(), store.changes(), store.made_from())
    saved, refused = ingest(*files)
    assert (saved.new, saved.changed, refused) == (0, 0, [])
    assert before[0]["articles"] == before[0]["mentions"] == 1
    assert (store.count(), store.changes(), store.made_from()) == before


def test_row_50_duplicates_are_counted(run, tmp_path):
    (tmp_path / "a.jsonl").write_text(line({"text": SIRTE}) * 3, encoding="utf-8")
    result = run("ingest", "a.jsonl")
    assert result.exit_code == 0
    assert "1 new" in result.output
    assert "2 known" in result.output or "2 duplicate" in result.output


@pytest.mark.parametrize("together", [True, False], ids=["in one file", "in two runs"])
def test_row_51_an_edited_text_takes_the_place_of_the_old_one(ingest, store, together):
    rows = [
        {"text": "قصفت طائرات مجهولة مدينة سرت.", "url": "https://example.org/a"},
        {"text": "قصفت طائرات مجهولة مدينة مصراتة.", "url": "https://EXAMPLE.org/a#top"},
    ]
    refused = ingest(rows)[1] if together else ingest(rows[:1])[1] + ingest(rows[1:])[1]
    assert refused == []
    assert store.count()["articles"] == 1
    assert store.layer("mentions")["text"].to_list() == ["مصراتة"]
    assert len(store.layer("events")) == 1


def test_row_52_a_copy_at_another_address_is_linked_and_both_sources_are_kept(ingest, store):
    urls = ["https://one.example.org/a", "https://two.example.org/b"]
    ingest([{"text": LONG, "url": url, "outlet": url[8:11]} for url in urls])
    assert {(a.url, a.outlet) for a in store.articles()} == {(urls[0], "one"), (urls[1], "two")}
    events = store.layer("events")
    assert (events["article_id"].nunique(), events["copy_group"].nunique()) == (2, 1)


def test_row_53_of_one_key_twice_in_a_batch_the_last_counts(store, reader, tmp_path):
    texts = [SIRTE, TARHUNA]
    articles = [make_article(text, article_id="1", published="2020-01-07") for text in texts]
    assert sum(ingest_articles(articles, store, reader=reader), Saved()).new == 1
    assert store.layer("mentions")["text"].to_list() == ["ترهونة"]
    same = Refused(source="a", where="line 1", reason="x", content="y")
    store.quarantine.add([same, same], Given(), day=date(2020, 1, 7))
    assert store.quarantine.count() == 1
    others, _ = acled(tmp_path, 32, 13)
    assert [store.keep_others(others) for _ in range(2)] == [2, 0]


def test_row_53_of_one_key_twice_in_a_list_the_second_is_told(ingest, store):
    saved, refused = ingest([{"id": "1", "text": SIRTE}, {"id": "1", "text": TARHUNA}])
    assert (saved.new, store.layer("mentions")["text"].to_list()) == (1, ["سرت"])
    assert "line 2: the id '1' was used before" in refused[0]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("طـرابـلـس", id="row 59: tatweel"),
        pytest.param("طَرَابُلُسَ", id="row 59: marks"),
        pytest.param("ﻃﺮﺍﺑﻠﺲ", id="row 59: presentation forms"),
        pytest.param("ﻃـَﺮﺍﺑـﻠُﺲ", id="row 59: all of them"),
        pytest.param("Trípoli", id="row 59: Latin marks"),
        pytest.param("Ｔｒｉｐｏｌｉ", id="row 59: wide letters"),
    ],
)
@pytest.mark.parametrize("frame", ["قصفت طائرات {}.", "في 12/3 قصف GNA ﷲ ٣ مواقع (5 km) في {} أمس"])
def test_any_writing_of_a_name_is_found_and_offsets_point_into_the_raw_text(name, frame):
    text = frame.format(name)
    found = geocode_articles([make_article(text)]).mentions
    (mention,) = found[found["place_name"] == "Tripoli"].itertuples()
    assert (mention.text, text[mention.start : mention.end]) == (name, name)


def test_row_60_heaps_of_marks_and_emoji_are_read_or_capped_and_the_map_is_drawn(run, tmp_path):
    texts = [SIRTE + " ا" + "\u0301" * 10_000, SIRTE + "🎯" * 250_000, "🎯" * 1_000_001]
    rows = [{"text": text, "published": "2020-01-07", "outlet": "e\u0301" * 50} for text in texts]
    (tmp_path / "a.jsonl").write_text("".join(map(line, rows)), encoding="utf-8")
    result = run("ingest", "a.jsonl")
    assert (result.exit_code, result.output.split()[0]) == (1, "2")
    assert "line 3: the text has 1000001 characters" in result.output
    assert run("share", "-o", "map.html").exit_code == 0
    assert (tmp_path / "map.html").stat().st_size > 100_000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("كلمة " * 9 + "ا" * 50 + "!", id="row 61: words and a long one"),
        pytest.param("كلمة " * 20_000 + "ا" * 5000 + "!", id="row 61: many words"),
        pytest.param("1" * 100_000, id="row 61: figures"),
        pytest.param("1/" * 50_000, id="row 61: half dates"),
        pytest.param('"' * 100_000, id="row 61: quotes"),
        pytest.param("«" * 100_000, id="row 61: open quotes"),
        pytest.param('"سرت ' * 20_000, id="row 61: quoted names"),
        pytest.param("بين سرت و" * 15_000, id="row 61: between and between"),
    ],
)
def test_no_text_holds_up_the_rest(reader, text):
    # Of this process alone: what else the machine does holds it up too.
    started = time.process_time()
    try:
        assert reader.read(make_article(f"{SIRTE} {text}")).mentions
    except ReadingError as error:
        assert "not read within" in str(error)  # noqa: PT017 (either outcome is right)
    assert time.process_time() - started < 10
