"""Rows 40 to 70 of the list of bad inputs: dates, places, copies, letters, queries, exports."""

import csv
import json
import time
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from dashboard.cli import main
from gazetteer import PackError, load_gazetteer, read_pack
from gazetteer.importers import import_places
from gazetteer.reader import PLACE_COLUMNS
from geocode import (
    ArticleReader,
    Selection,
    geocode_articles,
    ingest_articles,
    make_article,
    open_store,
)
from geocode.conflict import load_conflict
from geocode.errors import ReadingError
from geocode.exchange import read_others, to_acled
from geocode.layers import to_csv, write_table
from geocode.options import today
from geocode.reading import Given, Refused, read_articles
from geocode.store import Saved

SIRTE = "قصفت طائرات مجهولة مدينة سرت."
TARHUNA = "سيطرت قوات الحكومة على مدينة ترهونة."
LONG = (
    "قصفت طائرات مجهولة مدينة سرت مساء أمس، وقالت مصادر محلية إن القصف أصاب مخزنا قرب المطار، "
    "ولم يعرف عدد الضحايا بعد."
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIHWAR_STORE", str(tmp_path / "own.sqlite"))

    def call(*args):
        result = CliRunner().invoke(main, [str(a) for a in args])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert "Traceback" not in result.output
        return result

    return call


@pytest.fixture
def store(store_url):
    with open_store(store_url) as opened:
        yield opened


@pytest.fixture
def ingest(store, reader, tmp_path):
    """Read rows from files of JSON Lines, a list a file, into the store."""

    def work(*files):
        paths = []
        for number, rows in enumerate(files):
            paths.append(tmp_path / f"{number}.jsonl")
            paths[-1].write_text("".join(map(line, rows)), encoding="utf-8")
        refused = []
        articles = read_articles(*paths, refused=refused)
        saved = sum(ingest_articles(articles, store, reader=reader, refused=refused), Saved())
        return saved, [str(item) for item in refused]

    return work


def line(row):
    return json.dumps(row, ensure_ascii=False) + "\n"


@pytest.fixture
def published(tmp_path):
    """Read an article of a day beside another: its day and time, or why it was refused."""

    def work(value, **given):
        path = tmp_path / "a.jsonl"
        rows = ({"text": SIRTE, "published": value}, {"text": TARHUNA})
        path.write_text("".join(map(line, rows)), encoding="utf-8")
        refused = []
        articles = list(read_articles(path, given=Given(**given), refused=refused))
        assert articles.pop().text == TARHUNA
        assert len(articles) + len(refused) == 1
        if refused:
            assert refused[0].where == "line 1"
            return refused[0].reason
        return str(articles[0].published), articles[0].published_at

    return work


@pytest.mark.parametrize(
    "value",
    ["2024-13-45", "2024-02-30", "0000-00-00", "24:00:00", "2024-01-12T24:00:00", "31/02/2024"],
)
def test_row_40_what_is_no_day_is_refused(published, value):
    assert "is no date" in published(value)


def test_row_40_a_day_that_is_no_text_is_read_or_refused_and_never_dropped(published):
    assert published({"$date": "2020-01-07T10:00:00Z"}) != ("None", "")


def test_row_40_what_is_no_day_goes_to_quarantine_and_the_next_is_stored(run, tmp_path):
    rows = line({"text": SIRTE, "published": "2024-02-30"}) + line({"text": TARHUNA})
    (tmp_path / "a.jsonl").write_text(rows, encoding="utf-8")
    assert run("ingest", "a.jsonl").exit_code == 1
    with open_store(str(tmp_path / "own.sqlite")) as store:
        (kept,) = store.quarantine.list()
        assert [a.text for a in store.articles()] == [TARHUNA]
    assert "is no date" in kept.refused.reason
    assert json.loads(kept.refused.content)["text"] == SIRTE


@pytest.mark.parametrize(
    ("value", "given", "expected"),
    [
        ("1446-07-15", {"hijri": True}, "2025-01-15"),
        ("15/07/1446", {"hijri": True}, "2025-01-15"),
        ("1446-07-15 هـ", {}, "2025-01-15"),
        ("1446-07-15", {}, "Hijri"),
        ("1403-02-12", {}, "Hijri"),
        ("۱۴۰۳/۰۲/۱۲", {}, "Hijri"),
        ("۱۴۰۳/۰۲/۱۲", {"hijri": True}, "expected 1990 to 2100"),
    ],
)
def test_row_41_hijri_years_are_converted_where_declared_else_refused(
    published, value, given, expected
):
    found = published(value, **given)
    assert expected in found


@pytest.mark.parametrize(
    ("value", "day"),
    [
        pytest.param("15 رجب 1446", "2025-01-15", id="row 42: Hijri month"),
        pytest.param("12 كانون الثاني 2024", "2024-01-12", id="row 42: Levantine month"),
        pytest.param("٥ جانفي ٢٠٢٠", "2020-01-05", id="row 42: Maghrebi month"),
        pytest.param("7 janvier 2020", "2020-01-07", id="row 42: French month"),
        pytest.param("٢٠٢٠-٠١-٠٧", "2020-01-07", id="row 43: Arabic figures"),
        pytest.param("۲۰۲۰-۰۱-۰۷", "2020-01-07", id="row 43: Persian figures"),
        pytest.param("٢٥/١٢/٢٠١٩", "2019-12-25", id="row 43: Arabic figures, day first"),
        pytest.param("1578390300", "2020-01-07", id="row 47: seconds"),
        pytest.param(1578390300, "2020-01-07", id="row 47: seconds as a number"),
        pytest.param(1578390300000, "2020-01-07", id="row 47: milliseconds"),
    ],
)
def test_a_day_is_read_however_it_is_written(published, value, day):
    assert published(value)[0] == day


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("12 كانون 2024", id="row 42: half a month"),
        pytest.param("31 يونيو 2020", id="row 42: no such day"),
        pytest.param("رجب 1446", id="row 42: no day"),
        pytest.param(157839030, id="row 47: seconds of 1975"),
        pytest.param(15783903000, id="row 47: neither"),
        pytest.param(1578390300000000, id="row 47: microseconds"),
    ],
)
def test_a_day_nobody_can_be_sure_of_is_refused(published, value):
    assert isinstance(published(value), str)


@pytest.mark.parametrize(
    ("order", "expected"), [("dmy", "2024-02-01"), ("mdy", "2024-01-02"), ("", "may be two days")]
)
def test_row_44_two_figures_are_read_in_the_declared_order_else_refused(published, order, expected):
    assert expected in published("01/02/2024", date_order=order)


@pytest.mark.parametrize(
    ("value", "given"),
    [
        ("1899-12-31", {}),
        ("9999-12-31", {}),
        ("2020-01-10", {"latest": date(2020, 1, 9)}),
        ("2014-12-31", {"earliest": date(2015, 1, 1)}),
    ],
)
def test_row_45_a_day_out_of_range_is_refused(published, value, given):
    assert "expected" in published(value, **given)


@pytest.mark.parametrize(("days", "code"), [(1, 0), (2, 2)])
def test_row_45_the_commands_take_no_day_after_tomorrow(run, tmp_path, days, code):
    row = {"text": SIRTE, "published": str(today() + timedelta(days=days))}
    (tmp_path / "a.jsonl").write_text(line(row), encoding="utf-8")
    assert run("ingest", "a.jsonl").exit_code == code


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(
            "2020-01-07T01:00:00+14:00", ("2020-01-06", "2020-01-06T11:00:00+00:00"), id="+14:00"
        ),
        pytest.param(
            "2020-01-07T10:00:00", ("2020-01-07", "2020-01-07T08:00:00+00:00"), id="no zone"
        ),
        pytest.param(  # clocks went from 1 to 2
            "2013-03-29T01:30:00", ("2013-03-29", "2013-03-29T00:30:00+00:00"), id="summer time"
        ),
        pytest.param(
            "Tue, 07 Jan 2020 23:30:00 GMT", ("2020-01-08", "2020-01-07T23:30:00+00:00"), id="mail"
        ),
    ],
)
def test_row_46_times_are_kept_in_utc_and_without_a_zone_are_of_libya(published, value, expected):
    assert published(value) == expected


POINTS = [
    pytest.param("95", "21", id="row 48: lat 95"),
    pytest.param("31", "200", id="row 48: lon 200"),
    pytest.param("nan", "21", id="row 48: NaN"),
    pytest.param("31", "inf", id="row 48: inf"),
    pytest.param("13.2", "32.9", id="row 48: swapped"),
    pytest.param("0", "0", id="row 48: nought"),
]
IMPOSSIBLE, LIKELY_WRONG = POINTS[:4], POINTS[4:]


def pack_row(name, lat, lon):
    known = {"id": f"x:{name.lower()}", "kind": "town", "name_en": name, "name_ar": f"قرية {name}"}
    numbers = {"lat": lat, "lon": lon, "precision_km": "2", "fame": "1", "country": "LY"}
    return {**known, **numbers, "sources": "test"}


def write_pack(path, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, PLACE_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def imported(tmp_path, lat, lon):
    path = tmp_path / "places.csv"
    rows = f"Qarya,قرية اولى,{lat},{lon}\nMadina,مدينة اولى,31,21\n"
    path.write_text(f"name,name_ar,lat,lon\n{rows}", encoding="utf-8")
    return import_places("csv", path, load_gazetteer(), country="LY")


def acled(tmp_path, lat, lon):
    path = tmp_path / "acled.csv"
    head = "event_id_cnty,event_date,sub_event_type,country,latitude,longitude"
    rows = [f"LBY1,2020-01-06,Armed clash,Libya,{lat},{lon}"]
    rows += ["LBY2,2020-01-06,Armed clash,Libya,32.9,13.2"]
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    refused = []
    return read_others("acled", path, refused=refused), refused


@pytest.mark.parametrize(("lat", "lon"), IMPOSSIBLE)
def test_an_impossible_position_is_refused_and_the_next_kept(tmp_path, lat, lon):
    found = imported(tmp_path, lat, lon)
    assert [p.name_en for p in found.places] == ["Madina"]
    assert "record 1" in found.refused[0]
    others, refused = acled(tmp_path, lat, lon)
    assert others["other_id"].to_list() == ["acled:LBY2"]
    assert "no position in degrees" in refused[0].reason
    with pytest.raises(PackError, match=r"p\.csv:2: .*are they swapped"):
        read_pack(write_pack(tmp_path / "p.csv", pack_row("Qarya", lat, lon)))


@pytest.mark.parametrize(("lat", "lon"), LIKELY_WRONG)
def test_a_position_that_is_likely_wrong_is_found_by_the_check(run, tmp_path, lat, lon):
    write_pack(tmp_path / "p.csv", pack_row("Qarya", lat, lon))
    result = run("gazetteer", "check", "p.csv")
    assert result.exit_code == 1
    assert "x:qarya: lat=" in result.output


def test_row_48_swapped_coordinates_are_refused_where_the_country_is_known(tmp_path):
    found = imported(tmp_path, "13.2", "32.9")
    assert [p.name_en for p in found.places] == ["Madina"]
    assert "record 1" in found.refused[0]


def test_row_48_swapped_coordinates_of_an_event_are_refused_where_the_country_is_known(tmp_path):
    others, refused = acled(tmp_path, "13.2", "32.9")
    assert others["other_id"].to_list() == ["acled:LBY2"]
    assert "line 2" in str(refused[0])


def test_row_48_nought_nought_is_flagged_in_places(tmp_path):
    found = imported(tmp_path, "0", "0")
    assert found.refused or found.conflicts or any(place.note for place in found.places)


def test_row_48_nought_nought_is_flagged_in_events(tmp_path):
    others, refused = acled(tmp_path, "0", "0")
    assert refused or others["note"].notna().any()


@pytest.fixture
def around_180(store, tmp_path):
    """A store of reports from both sides of the 180th meridian, and on it."""
    places = {"Nearwest": 179, "Onwest": 180, "Oneast": -180, "Neareast": -179, "Faraway": 20}
    rows = [pack_row(name, 5, lon) for name, lon in places.items()]
    reader = ArticleReader(load_gazetteer((write_pack(tmp_path / "p.csv", *rows),)))
    text = " ".join(f"Clashes broke out in {name}." for name in places)
    article = make_article(text, published="2020-01-07", lang="en")
    list(ingest_articles([article], store, reader=reader))
    head = "event_id_cnty,event_date,sub_event_type,latitude,longitude\n"
    table = "".join(f"{n},2020-01-06,Armed clash,5,{lon}\n" for n, lon in places.items())
    (tmp_path / "o.csv").write_text(head + table, encoding="utf-8")
    store.keep_others(read_others("acled", tmp_path / "o.csv"))
    return store


@pytest.mark.parametrize(
    ("box", "found"),
    [
        pytest.param(
            (170, -10, -170, 10),
            {"Nearwest", "Onwest", "Oneast", "Neareast"},
            id="row 49: across",
        ),
        pytest.param((170, -10, 180, 10), {"Nearwest", "Onwest", "Oneast"}, id="row 49: west"),
        pytest.param((-180, -10, -170, 10), {"Onwest", "Oneast", "Neareast"}, id="row 49: east"),
    ],
)
def test_a_box_at_the_180th_meridian_finds_what_lies_in_it(around_180, box, found):
    selection = Selection(box=box)
    assert set(around_180.layer("mentions", selection)["place_name"]) == found
    others = around_180.layer("others", selection)["other_id"]
    assert set(others) == {f"acled:{name}" for name in found}


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
    started = time.monotonic()
    try:
        assert reader.read(make_article(f"{SIRTE} {text}")).mentions
    except ReadingError as error:
        assert "not read within" in str(error)  # noqa: PT017 (either outcome is right)
    assert time.monotonic() - started < 10


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
