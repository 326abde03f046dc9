"""Hostile texts in every field: files, tables and lines on a terminal hold them, and nothing runs."""

import base64
import csv
import io
import json
import re
import unicodedata
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from click.testing import CliRunner
from geopandas.testing import assert_geodataframe_equal
from payloads import (
    COMPUTED,
    KINDS,
    PAYLOADS,
    TEXTS,
    fitting,
    flat,
    hostile_articles,
    hostile_places,
    is_run,
    spelling,
    write_acled,
)

from dashboard.cli import main
from dashboard.labels import plain_label
from dashboard.share import share_html, time_map
from gazetteer import load_gazetteer
from gazetteer.importers import write_pack
from gazetteer.reader import read_pack
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
from geocode.corrections import Correction, add_correction, read_corrections, take_back
from geocode.exchange import read_others, to_acled, to_ucdp
from geocode.layers import to_csv, to_geojson, write_articles, write_layer, write_table
from geocode.reading import Given, Refused, read_articles, read_upload
from geocode.schema import ALL_LAYERS, ID_COLUMNS, layer_columns
from geocode.uncertainty import uncertain_areas

CONFLICT = load_conflict()
# Controls and marks of direction, ends of lines and halves of letters.
UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Cs"}
SHAPES = {"acled": to_acled, "ucdp": to_ucdp}
WEB = json.dumps({"text": "قصفت طائرات مدينة سرت.", "published": "2020-01-07"})


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    path = tmp_path_factory.mktemp("pack") / "places.csv"
    write_pack(hostile_places(), path)
    return path


@pytest.fixture(scope="module")
def places(pack):
    return load_gazetteer([pack])


@pytest.fixture(scope="module")
def filled(tmp_path_factory, places):
    """A store of all articles, and events of others: nothing of it may be changed."""
    folder = tmp_path_factory.mktemp("filled")
    write_acled(folder / "acled.csv")
    with open_store(str(folder / "s.sqlite")) as store:
        list(ingest_articles(hostile_articles(), store, reader=ArticleReader(places)))
        store.keep_others(read_others("acled", folder / "acled.csv"))
    return str(folder / "s.sqlite")


@pytest.fixture(scope="module")
def layers(filled, places):
    """All layers as they were read."""
    with open_store(filled, read_only=True) as store:
        read = {name: store.layer(name) for name in ALL_LAYERS if name != "uncertainty"}
    return {**read, "uncertainty": uncertain_areas(read["mentions"], places)}


def laden(layer, layers):
    """Give a row for each payload, which stands in all its columns that are free text."""
    columns = [c for c in layer_columns(layer) if c.kind == "string" and not c.choices]
    row = layers[layer].iloc[[0] * len(TEXTS)].reset_index(drop=True)
    texts = pd.Series(list(TEXTS.values()), dtype="str")
    return row.assign(**{column.name: texts for column in columns})


@pytest.fixture
def run(tmp_path, monkeypatch, pack):
    """Run a command in a folder of its own, on a terminal that takes colours."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("MIHWAR_STORE", str(tmp_path / "s.sqlite"))
    monkeypatch.setenv("MIHWAR_PACKS", str(pack))

    def call(*args, **kwargs):
        # Without colour click takes escape characters out by itself.
        result = CliRunner().invoke(main, [str(a) for a in args], color=True, **kwargs)
        assert isinstance(result.exception, SystemExit | None), result.exception
        assert "Traceback" not in result.output
        return result

    return call


def unseen(text):
    """Give the characters of an output that a terminal obeys and does not show."""
    return sorted(
        {f"U+{ord(c):04X}" for c in text if c != "\n" and unicodedata.category(c) in UNSEEN}
    )


def lines(text):
    return text.removesuffix("\n").split("\n") if text else []


def csv_of(path):
    """Read a file as it is: reading it as text would exchange ends of lines inside its cells."""
    return cells_of(path.read_bytes().decode("utf-8"))


def cells_of(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def is_same(cell, text):
    """Say whether a cell is a text, or that after the apostrophe which keeps it from running."""
    return cell in (text, "'" + text)


def texts_in(table, name):
    return table[name].astype(object).where(table[name].notna(), None).to_list()


def json_lines(path):
    return [json.loads(line) for line in lines(path.read_text(encoding="utf-8"))]


def snapshot(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


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


def corrected(article_id, text="Sirte", **said):
    said = {"who": "", "why": "", "was": "", "field": "no_place", "value": "", **said}
    return Correction(when="2020-01-01", article_id=article_id, start=0, end=5, text=text, **said)


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


# Lines on a terminal


def rows_of(kind, **fields):
    """Give lines of JSON, each with a payload in some fields."""
    rows = (
        {"text": "قصف سرت", **{k: v(t) for k, v in fields.items()}} for t in KINDS[kind].values()
    )
    return "".join(json.dumps(row) + "\n" for row in rows)


def chunks(kind, size=18):
    names = list(KINDS[kind])
    return [names[first : first + size] for first in range(0, len(names), size)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("field", ["published", "lang"])
def test_ingest_tells_each_refusal_in_a_line_of_its_own(run, tmp_path, kind, field):
    (tmp_path / "a.jsonl").write_text(rows_of(kind, **{field: str}), encoding="utf-8")
    result = run("ingest", "a.jsonl")
    shown = min(len(KINDS[kind]), 20)
    more = int(len(KINDS[kind]) > 20)
    assert result.exit_code == 2
    told = lines(result.stderr)
    assert len(told) == shown + more
    assert all(line.startswith("refused: ") for line in told)
    assert unseen(result.output) == []


@pytest.mark.parametrize("kind", KINDS)
def test_quarantine_is_listed_a_line_each(run, tmp_path, kind):
    (tmp_path / "a.jsonl").write_text(rows_of(kind, published=str), encoding="utf-8")
    run("ingest", "a.jsonl")
    result = run("quarantine", "list")
    assert len(lines(result.stdout)) == len(KINDS[kind])
    assert unseen(result.output) == []


def test_quarantine_holds_any_source_place_and_reason_and_lists_it_a_line_each(run, tmp_path):
    refused = [Refused(source=t, where=t, reason=t, content=t) for t in TEXTS.values()]
    with open_store(str(tmp_path / "s.sqlite")) as store:
        store.quarantine.add(refused, Given(), day=date(2020, 1, 1))
    result = run("quarantine", "list")
    assert len(lines(result.stdout)) == len(PAYLOADS)
    assert unseen(result.output) == []
    retried = run("quarantine", "retry")
    assert retried.exit_code == 2
    assert len(lines(retried.stderr)) == 21
    assert unseen(retried.output) == []


def test_quarantine_as_json_is_a_line_each_without_controls(run, tmp_path):
    refused = [Refused(source=t, where=t, reason=t, content=t) for t in TEXTS.values()]
    with open_store(str(tmp_path / "s.sqlite")) as store:
        store.quarantine.add(refused, Given(), day=date(2020, 1, 1))
    told = lines(run("quarantine", "list", "--json").stdout)
    assert {json.loads(line)["content"] for line in told} == set(TEXTS.values())
    assert [c for line in told for c in line if unicodedata.category(c) == "Cc"] == []


def hostile_files(folder):
    """Write a file that is no article under each name a file may have."""
    folder.mkdir()
    count = 0
    for text in TEXTS.values():
        name = text.replace("/", "\u2215").replace("\0", "")[:40].strip() + ".txt"
        try:
            (folder / name).write_bytes(b"")
        except OSError:  # a name that is too long for this disk
            continue
        count += 1
    return count


@pytest.mark.parametrize("command", [("geocode", "-o", "out"), ("ingest",)])
def test_names_of_files_write_no_line_of_their_own(run, tmp_path, command):
    assert hostile_files(tmp_path / "in") > 100
    result = run(*command, "in")
    assert result.exit_code == 2
    assert len(lines(result.stderr)) == 21
    assert unseen(result.output) == []


def test_files_and_feeds_that_are_watched_write_no_line_of_their_own(run, tmp_path):
    hostile_files(tmp_path / "in")
    named = json.dumps(TEXTS["bidi-ansi-colour"] + TEXTS["bidi-log-lf"])
    (tmp_path / "s.toml").write_text(
        f'[[folder]]\npath = "in"\noutlet = {named}\n[[feed]]\nurl = "https://127.0.0.1/{{x}}"\n'
        f"outlet = {named}\n",
        encoding="utf-8",
    )
    assert unseen(run("watch", "s.toml", "--once").output) == []


def test_names_of_parts_write_no_line_of_their_own(run, tmp_path):
    (tmp_path / "in").mkdir()
    for payload in ("bidi-ansi-colour", "bidi-log-lf", "bidi-rlo", "bidi-c1"):
        (tmp_path / "in" / f"{TEXTS[payload].strip()}.parquet").write_bytes(b"none")
    result = run("geocode", "in", "--parts", "--engine", "serial", "-o", "out")
    assert result.exit_code in (1, 2)
    assert unseen(result.output) == []


def test_a_table_of_others_is_refused_a_line_a_row(run, tmp_path):
    write_acled(tmp_path / "acled.csv", broken=True)
    result = run("import", "acled", "acled.csv")
    assert result.exit_code == 2
    assert len(lines(result.stderr)) == 21
    assert unseen(result.output) == []


@pytest.mark.parametrize("payload", ["bidi-ansi-title", "bidi-log-lf", "bidi-rlo", "bidi-c1"])
def test_the_name_of_a_table_of_others_is_told_in_its_line(run, tmp_path, payload):
    file = tmp_path / f"{TEXTS[payload]}.csv"
    write_acled(file)
    result = run("import", "acled", file)
    assert len(lines(result.output)) == 1
    assert unseen(result.output) == []


def test_corrections_are_listed_a_line_each(run, tmp_path, filled):
    path = tmp_path / "corrections.csv"
    for number, text in enumerate(TEXTS.values()):
        said = flat(text).strip()
        add_correction(path, corrected(f"a{number}", said, who=said, why=said, was=said))
    result = run("corrections", "list", "--store", filled, env={"MIHWAR_CORRECTIONS": str(path)})
    assert result.exit_code == 0
    assert len(lines(result.stdout)) == len(PAYLOADS)
    assert unseen(result.output) == []


def test_articles_without_a_date_are_told_in_a_line(run, tmp_path):
    for kind in KINDS:
        for number, names in enumerate(chunks(kind, 5)):
            texts = [f"قصف سرت {name}" for name in names]
            rows = [
                {"id": fitting(PAYLOADS[n]), "text": t} for n, t in zip(names, texts, strict=True)
            ]
            text = "".join(json.dumps(row) + "\n" for row in rows)
            (tmp_path / f"{kind}{number}.jsonl").write_text(text, encoding="utf-8")
            result = run("geocode", f"{kind}{number}.jsonl", "-o", "out")
            assert (names, unseen(result.output)) == (names, [])
            assert len(lines(result.stderr)) == 1


def test_names_that_have_no_place_are_listed_a_line_each(run, tmp_path):
    names = ("Qu\u200dzu", "Qu\u00adzo", "Qu\u2060za", "Qu\u202ezi")
    text = " ".join(f"LNA forces shelled the town of {name}ralam yesterday." for name in names)
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": text}), encoding="utf-8")
    result = run("gazetteer", "missing", "a.jsonl")
    assert "ralam" in result.stdout
    assert unseen(result.output) == []


@pytest.mark.parametrize(
    "args",
    [
        ("control",),
        ("control", "--json"),
        ("compare", "--from", "2020-01-02", "--to", "2020-02-01"),
        ("gazetteer", "search", "Town"),
        ("gazetteer", "search", spelling(0)),
    ],
)
def test_names_of_places_write_no_line_of_their_own(run, filled, args):
    store = () if args[0] == "gazetteer" else ("--store", filled)
    result = run(*args, *store)
    assert result.exit_code == 0
    assert unseen(result.output) == []


def test_every_place_of_a_table_is_told_in_a_line(run, places):
    for number, name in enumerate(PAYLOADS):
        result = run("gazetteer", "search", spelling(number), "--limit", "1")
        assert (name, unseen(result.output), len(lines(result.output))) == (name, [], 1)


def test_findings_in_a_table_of_places_are_told_in_a_line_each(run, pack):
    result = run("gazetteer", "check", pack)
    assert all(re.match(r"x:|\d+ places", line) for line in lines(result.output))
    assert unseen(result.output) == []


def test_places_of_others_are_imported_and_refused_a_line_each(run, tmp_path):
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [200 if number % 2 else 15, 27]},
            "properties": {"id": text, "name": text, "name_ar": text, "kind": text},
        }
        for number, text in enumerate(TEXTS.values())
    ]
    collection = {"type": "FeatureCollection", "features": features}
    (tmp_path / "in.geojson").write_text(json.dumps(collection), encoding="utf-8")
    result = run("gazetteer", "import", "geojson", "in.geojson", "-o", "out.csv", "--conflicts")
    assert all(re.match(r"refused: |conflict: |\d+ places", x) for x in lines(result.output))
    assert unseen(result.output) == []


def test_faults_of_the_reading_are_told_in_a_line_each(run, tmp_path):
    """Of annotated passages, which others may have written."""
    passages = [
        {"id": fitting(text), "lang": "ar", "text": f"قصف سرت {text}", "published": "2020-01-01"}
        | {"mentions": [], "events": []}
        for text in TEXTS.values()
    ]
    text = "".join(json.dumps(passage) + "\n" for passage in passages)
    (tmp_path / "gold.jsonl").write_text(text, encoding="utf-8")
    result = run("evaluate", "gold.jsonl", "--errors", "--rounds", "1")
    assert result.exit_code == 0
    assert unseen(result.output) == []
    told = [line for line in lines(result.output) if re.match(r"[a-z ]+ \| ", line)]
    known = json.loads(run("evaluate", "gold.jsonl", "--json", "--rounds", "1").stdout)["faults"]
    assert len(told) == len(known) >= len(PAYLOADS)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("places.csv", ("gazetteer", "check", "places.csv")),
        ("s.sqlite.corrections.csv", ("ingest", "a.jsonl")),
        ("gold.jsonl", ("evaluate", "gold.jsonl")),
        ("acled.csv", ("import", "acled", "acled.csv")),
    ],
)
def test_a_file_of_another_kind_is_refused_without_its_own_words_in_control(
    run, tmp_path, name, args
):
    (tmp_path / "a.jsonl").write_text(WEB, encoding="utf-8")
    for payload in ("bidi-ansi-colour", "bidi-ansi-title", "bidi-c1", "bidi-rlo", "bidi-overwrite"):
        text = f"{TEXTS[payload]},id,{TEXTS[payload]}\n1,{TEXTS[payload]},2\n"
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        result = run(*args)
        assert result.exit_code == 2
        assert (payload, unseen(result.output)) == (payload, [])


@pytest.mark.parametrize("option", ["--type", "--side", "--place"])
def test_an_unknown_filter_is_refused_in_a_line_and_changes_nothing(run, filled, option):
    before = Path(filled).read_bytes()
    for name, text in TEXTS.items():
        result = run("export", "--layer", "events", "-o", "x.csv", option, text, "--store", filled)
        assert (name, result.exit_code, unseen(result.output)) == (name, 2, [])
        assert len(lines(result.output)) == 1
    assert not Path("x.csv").exists()
    assert Path(filled).read_bytes() == before


@pytest.mark.slow
def test_exports_and_shared_pages_say_where_they_are_and_no_more(run, filled, tmp_path):
    said = [run("share", "--store", filled, "-o", "map.html", "--lang", "ar")]
    for layer in ALL_LAYERS:
        for form in ("geojson", "csv", "gpkg", "parquet"):
            name = f"{layer}.{form}"
            said.append(
                run("export", "--layer", layer, "--store", filled, "-o", name, "--format", form)
            )
    assert {(result.exit_code, len(lines(result.output))) for result in said} == {(0, 1)}
    assert unseen("".join(result.output for result in said)) == []


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
