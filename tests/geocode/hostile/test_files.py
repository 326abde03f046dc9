"""Hostile texts in every field: files and tables hold them, and nothing runs."""

import base64
import json
import re
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from payloads import (
    COMPUTED,
    KINDS,
    PAYLOADS,
    TEXTS,
    corrected,
    fitting,
    flat,
    hostile_articles,
    hostile_places,
    is_run,
    write_acled,
)
from reading_back import (
    cells_of,
    csv_of,
    is_same,
    laden,
    lines,
    texts_in,
)

from dashboard.labels import plain_label
from dashboard.share import share_html, time_map
from gazetteer.importers import write_pack
from gazetteer.reader import read_pack
from geocode import (
    ArticleReader,
    ingest_articles,
    make_article,
    open_store,
)
from geocode.conflict import load_conflict
from geocode.corrections import add_correction, read_corrections, take_back
from geocode.exchange import read_others, to_acled, to_ucdp
from geocode.layers import to_csv, to_geojson, write_articles, write_layer, write_table
from geocode.reading import Given, Refused, read_articles
from geocode.schema import ALL_LAYERS, ID_COLUMNS, layer_columns

CONFLICT = load_conflict()
SHAPES = {"acled": to_acled, "ucdp": to_ucdp}


# The corpus


def test_there_are_66_payloads_of_seven_kinds_and_no_two_alike():
    assert len(PAYLOADS) >= 66
    assert list(KINDS) == ["xss", "template", "markdown", "bidi", "formula", "path", "sql"]
    assert len({text.strip() for text in TEXTS.values()}) == len(PAYLOADS)


def test_a_payload_that_runs_tells_its_own_name():
    telling = [n for n, text in PAYLOADS.items() if "hacked" in text or "tracker" in text]
    assert len(telling) >= 60
    for name in telling:
        said = re.findall(r"hacked=['`]([\w-]+)|tracker\.example/([\w-]+)", PAYLOADS[name])
        assert {one or other for one, other in said} <= {name, "base", "share", "host"}


def test_every_payload_names_a_place_an_outlet_and_an_article(layers):
    mentions = layers["mentions"]
    assert {f"x:{name}" for name in PAYLOADS} <= set(mentions["place_id"])
    assert {text.strip() for text in TEXTS.values()} <= set(mentions["outlet"])
    assert {fitting(text).strip() for text in TEXTS.values()} <= set(mentions["article_id"])


# Layers as files


@pytest.mark.parametrize("layer", ALL_LAYERS)
def test_geojson_holds_every_text_as_it_is(layer, layers):
    table = laden(layer, layers)
    collection = json.loads(to_geojson(layer, table, {"generated_from": "hostile texts"}))
    assert set(collection) == {"type", "mihwar", "features"}
    found = pd.DataFrame([feature["properties"] for feature in collection["features"]])
    for column in layer_columns(layer):
        if column.kind == "string":
            assert texts_in(found, column.name) == texts_in(table, column.name)
    assert [f["id"] for f in collection["features"]] == table[ID_COLUMNS[layer]].to_list()


@pytest.mark.parametrize("layer", ALL_LAYERS)
def test_no_csv_cell_is_run_by_a_spreadsheet(layer, layers):
    rows = cells_of(to_csv(layer, laden(layer, layers)))
    assert len(rows) == len(PAYLOADS)
    assert [cell for row in rows for cell in row.values() if is_run(cell)] == []


@pytest.mark.parametrize("layer", ALL_LAYERS)
def test_csv_adds_an_apostrophe_and_nothing_else(layer, layers):
    table = laden(layer, layers)
    rows = cells_of(to_csv(layer, table))
    for column in layer_columns(layer):
        if column.kind == "string":
            told = zip(rows, table[column.name].fillna(""), strict=True)
            assert [text for row, text in told if not is_same(row[column.name], text)] == []


def test_csv_leaves_negative_numbers_numbers(layers):
    table = laden("others", layers).assign(lat=-33.5, lon=-70.25, note="-12.5")
    assert {(r["lat"], r["lon"], r["note"]) for r in cells_of(to_csv("others", table))} == {
        ("-33.5", "-70.25", "-12.5")
    }


@pytest.mark.parametrize("layer", ALL_LAYERS)
@pytest.mark.parametrize("file_format", ["gpkg", "parquet"])
def test_geopackage_and_parquet_come_back_equal(layer, file_format, layers, tmp_path):
    table, path = laden(layer, layers), tmp_path / f"layer.{file_format}"
    write_layer(layer, table, path, file_format=file_format, made_from={})
    if file_format == "parquet":
        assert_geodataframe_equal(gpd.read_parquet(path), table)
        return
    back = gpd.read_file(path, layer=layer)
    for column in layer_columns(layer):
        if column.kind == "string":
            assert texts_in(back, column.name) == texts_in(table, column.name)


def test_articles_are_a_line_each_and_come_back_as_they_were(tmp_path):
    articles = hostile_articles()
    write_articles(articles, tmp_path / "articles.jsonl")
    assert len(lines((tmp_path / "articles.jsonl").read_text(encoding="utf-8"))) == len(articles)
    read = [replace(a, remarks="") for a in read_articles(tmp_path / "articles.jsonl")]
    assert read == [replace(article, remarks="") for article in articles]


def test_what_is_odd_about_an_article_is_told_once_however_often_it_is_read(tmp_path):
    articles = [make_article(f"قصف سرت {text}", remarks=text) for text in TEXTS.values()]
    write_articles(articles, tmp_path / "articles.jsonl")
    read = read_articles(tmp_path / "articles.jsonl")
    assert [article.remarks for article in read] == [article.remarks for article in articles]


# Tables of others


@pytest.mark.parametrize("shape", SHAPES)
def test_tables_in_the_shape_of_others_run_nothing_and_lose_nothing(
    shape, layers, places, tmp_path
):
    table = SHAPES[shape](laden("events", layers), CONFLICT, places)
    write_table(table, tmp_path / "table.csv")
    rows = csv_of(tmp_path / "table.csv")
    assert len(rows) == len(table)
    assert [cell for row in rows for cell in row.values() if is_run(cell)] == []
    for name in table.columns:
        told = zip(rows, table[name].fillna("").map(str), strict=True)
        assert [text for row, text in told if not is_same(row[name], text)] == []


def test_what_was_marked_for_spreadsheets_is_read_again_without_its_mark(layers, places, tmp_path):
    laden_events = laden("events", layers)
    # Of a table of nothing but control characters nobody says that it is text.
    plain = ~laden_events["sentence"].str.contains(r"[\x00-\x08\x0e-\x1f]", regex=True)
    table = to_acled(laden_events[plain], CONFLICT, places)
    write_table(table, tmp_path / "table.csv")
    told = set(read_others("acled", tmp_path / "table.csv")["note"])
    # The longest cell that is read, and an apostrophe that stood there before, are another matter.
    meant = {note.strip()[:4000] for note in table["notes"] if not note.startswith("'")}
    assert meant - {text.strip()[:4000] for text in told} == set()


def test_texts_of_others_stand_in_their_layer_as_they_are(tmp_path):
    write_acled(tmp_path / "acled.csv")
    others = read_others("acled", tmp_path / "acled.csv")
    assert len(others) == len(PAYLOADS)
    meant = {text.strip()[:5000] for text in TEXTS.values() if not text.startswith("'")}
    assert meant - set(others["note"]) == set()


def test_tables_of_others_are_kept_in_every_store(store_url, tmp_path):
    write_acled(tmp_path / "acled.csv")
    read = read_others("acled", tmp_path / "acled.csv")
    with open_store(store_url) as store:
        assert store.keep_others(read) == len(PAYLOADS)
        kept = store.layer("others").sort_values("other_id", ignore_index=True)
    assert_geodataframe_equal(kept, read.sort_values("other_id", ignore_index=True))


@pytest.mark.slow
def test_every_article_and_refusal_is_kept_in_every_store(store_url, places):
    refused = [Refused(source=t, where=t, reason=t, content=t) for t in TEXTS.values()]
    with open_store(store_url) as store:
        list(ingest_articles(hostile_articles(), store, reader=ArticleReader(places)))
        store.quarantine.add(refused, Given(outlet=TEXTS["sql-drop"]), day=date(2020, 1, 1))
        assert {a.article_id: a for a in store.articles()} == {
            a.article_id: a for a in hostile_articles()
        }
        kept = {one.refused.reason: one.refused for one in store.quarantine.list()}
    assert kept == {one.reason: one for one in refused}


# The shared page


@pytest.fixture(scope="module")
def shared(filled, places, layers):
    with open_store(filled, read_only=True) as store:
        articles = {a.article_id: a for a in store.articles()}
    beside = {name: layers[name] for name in ("control", "front", "others")}
    made = time_map(
        layers["mentions"],
        layers["events"],
        articles,
        conflict=CONFLICT,
        gazetteer=places,
        lang="en",
        **beside,
    )
    return share_html(made)


def test_no_text_stands_in_the_shared_page_but_as_base64(shared):
    marked = [text for text in TEXTS.values() if re.search(r"hacked|tracker|7\*191", text)]
    assert len(marked) > 60
    assert [text for text in marked if text in shared] == []
    assert "hacked" not in shared
    assert "tracker.example" not in shared
    assert COMPUTED not in re.sub(r"[A-Za-z0-9+/=]{200,}", "", shared)


def test_the_texts_of_the_shared_page_are_whole(shared, places):
    packed = re.search(r'<script type="text/plain" id="[^"]+">\s*([A-Za-z0-9+/=]+)', shared)[1]
    told = json.loads(base64.b64decode(packed))
    names = {place["name"] for place in told["columns"]["places"]}
    assert {plain_label(p.name_en) for p in places if p.place_id.startswith("x:")} - names == set()
    outlets = {value for item in told["evidence"] for _, value in item["facts"]}
    assert {text.strip() for text in TEXTS.values() if fitting(text) == text} <= outlets
    assert all(re.match("https?://", item["url"]) for item in told["evidence"] if item["url"])


# Corrections


def test_corrections_come_back_as_they_were_said_and_can_be_taken_back(tmp_path, places):
    path = tmp_path / "corrections.csv"
    texts = [flat(text).replace("\r\n", "\n").strip() for text in TEXTS.values()]
    said = [corrected(f"a{n}", who=t, why=t, was=t) for n, t in enumerate(texts)]
    for one in said:
        add_correction(path, one)
    assert list(read_corrections(path, places, CONFLICT)) == said
    for name in ("xss-script", "formula-equals"):
        gone = said.pop(next(at for at, one in enumerate(said) if one.who == TEXTS[name]))
        take_back(path, gone)
        assert list(read_corrections(path, places, CONFLICT)) == said


def test_no_cell_of_the_corrections_is_run_by_a_spreadsheet(tmp_path):
    path = tmp_path / "corrections.csv"
    for number, text in enumerate(TEXTS.values()):
        add_correction(path, corrected(f"a{number}", who=flat(text), why=flat(text)))
    rows = csv_of(path)
    assert [cell for row in rows for cell in row.values() if is_run(cell)] == []


def test_no_cell_of_a_table_of_places_is_run_by_a_spreadsheet(tmp_path):
    texts = [flat(text) for text in TEXTS.values()]
    named = [replace(p, name_en=t) for p, t in zip(hostile_places(), texts, strict=True)]
    write_pack(named, tmp_path / "places.csv")
    rows = csv_of(tmp_path / "places.csv")
    assert [cell for row in rows for cell in row.values() if is_run(cell)] == []


ENDS = pytest.mark.parametrize("text", ["a\rb", "a\r\nb", "a\nb"], ids=["return", "both", "new"])


@ENDS
def test_a_correction_with_an_end_of_line_in_it_is_read_again(tmp_path, places, text):
    """An article's id may be any text."""
    said = corrected(text, text, who=text, why=text)
    add_correction(tmp_path / "c.csv", said)
    assert list(read_corrections(tmp_path / "c.csv", places, CONFLICT)) == [said]
    take_back(tmp_path / "c.csv", said)
    assert list(read_corrections(tmp_path / "c.csv", places, CONFLICT)) == []


@ENDS
def test_a_place_with_an_end_of_line_in_it_is_read_again(tmp_path, text):
    place = replace(hostile_places()[0], name_en=text)
    write_pack([place], tmp_path / "p.csv")
    assert read_pack(tmp_path / "p.csv") == [place]
