"""Rows 69 and 70 of the list of bad inputs: SQL in filters, formulas in tables."""

import csv

import pytest
from bad_files import (
    SIRTE,
    TARHUNA,
    acled,
    line,
    pack_row,
    write_pack,
)

from gazetteer import load_gazetteer
from geocode import (
    ArticleReader,
    Selection,
    geocode_articles,
    ingest_articles,
    make_article,
    open_store,
)
from geocode.conflict import load_conflict
from geocode.exchange import to_acled
from geocode.layers import to_csv, write_table

NASTY = [
    "'; DROP TABLE events--",
    "%",
    "_",
    "ly:s_rte",
    "ly:%",
    "O'Brien",
    '"x"',
    "\\",
    "' OR 1=1--",
]


def test_row_69_filters_are_values_and_never_sql(ingest, store, tmp_path):
    ingest([{"text": TARHUNA, "id": "1", "published": "2020-01-07"}])
    store.keep_others(acled(tmp_path, 32, 13)[0])
    before = store.count()
    layers = ("mentions", "events", "control", "front", "others")
    asked = [(layer, field) for layer in layers for field in ("place_id", "side")]
    asked += [("events", "event_type"), ("others", "event_type")]
    for value in NASTY:
        for layer, field in asked:
            assert len(store.layer(layer, Selection(**{field: value}))) == 0
        assert list(store.articles([value])) == []
        store.quarantine.remove([value])
    assert store.count() == before


def test_row_69_such_words_are_kept_as_they_are(store, tmp_path):
    rows = [pack_row(f"Quotetown{n}", 31, 17) for n in range(len(NASTY))]
    rows = [{**row, "id": f"x:{value}"} for row, value in zip(rows, NASTY, strict=True)]
    reader = ArticleReader(load_gazetteer((write_pack(tmp_path / "p.csv", *rows),)))
    articles = [
        make_article(f"Clashes broke out in Quotetown{n}.", article_id=value, outlet=value)
        for n, value in enumerate(NASTY)
    ]
    list(ingest_articles(articles, store, reader=reader))
    for value, article in zip(NASTY, articles, strict=True):
        assert list(store.articles([value])) == [article]
        (found,) = store.layer("mentions", Selection(place_id=f"x:{value}")).itertuples()
        assert (found.article_id, found.outlet) == (value, value)


@pytest.mark.parametrize("value", NASTY)
def test_row_69_the_command_refuses_a_place_there_is_not(run, tmp_path, value):
    (tmp_path / "a.jsonl").write_text(line({"text": SIRTE}), encoding="utf-8")
    run("ingest", "a.jsonl")
    assert run("export", "--layer", "events", "--place", value, "-o", "x.csv").exit_code == 2
    with open_store(str(tmp_path / "own.sqlite")) as store:
        assert store.count()["articles"] == 1


FORMULAS = ['=HYPERLINK("http://x","y")', "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1"]
FORMULAS += ["\u202e=1", "\r=1"]


@pytest.fixture(scope="module")
def one_event(gazetteer):
    article = make_article(SIRTE, published="2020-01-07", url="https://example.org/a")
    return geocode_articles([article], gazetteer=gazetteer).events.head(1)


def cells(path, column):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        *(pytest.param(f, f"'{f}", id=f"row 70: {f!r}") for f in FORMULAS),
        *(pytest.param(n, n, id=f"row 70: number {n}") for n in ("-3.5", "-12", "+1e5")),
    ],
)
def test_no_cell_of_an_export_is_run(one_event, gazetteer, tmp_path, cell, written):
    events = one_event.assign(outlet=cell, cluster_id="c")
    (tmp_path / "ours.csv").write_text(to_csv("events", events), encoding="utf-8", newline="")
    assert cells(tmp_path / "ours.csv", "outlet") == [written]
    write_table(to_acled(events, load_conflict(), gazetteer), tmp_path / "acled.csv")
    assert cells(tmp_path / "acled.csv", "source")[0] in (written, written.strip())


def test_row_70_negative_coordinates_stay_numbers(one_event, tmp_path):
    west = one_event.assign(geometry=one_event.geometry.translate(-40, 0))
    (tmp_path / "a.csv").write_text(to_csv("events", west), encoding="utf-8", newline="")
    assert float(cells(tmp_path / "a.csv", "site_lon")[0]) < 0


def test_row_70_the_command_writes_harmless_cells(run, tmp_path):
    rows = [{"text": SIRTE, "id": str(n), "outlet": f} for n, f in enumerate(["=1+1", "-3.5"])]
    (tmp_path / "a.jsonl").write_text("".join(map(line, rows)), encoding="utf-8")
    run("ingest", "a.jsonl")
    result = run("export", "--layer", "mentions", "--format", "csv", "-o", "x.csv")
    assert result.exit_code == 0
    assert sorted(cells(tmp_path / "x.csv", "outlet")) == ["'=1+1", "-3.5"]
