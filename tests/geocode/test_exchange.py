"""Our events go out in the shape of ACLED and UCDP GED, theirs come in; nothing is invented."""

import csv
import json
import shutil
import subprocess

import geopandas as gpd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from dashboard.cli import main
from geocode import geocode_articles, ingest_articles, make_article, open_store
from geocode.conflict import load_conflict
from geocode.errors import InputError
from geocode.exchange import ACLED_COLUMNS, UCDP_COLUMNS, read_others, to_acled, to_ucdp
from geocode.exchange.acled import from_acled
from geocode.exchange.gathered import gather_events
from geocode.exchange.gdelt import GDELT_COLUMNS
from geocode.exchange.ucdp import from_ucdp, priogrid_gid
from geocode.layers import write_table

LNA, GNA = "نموذج مؤيد للجيش الوطني", "نموذج مؤيد لحكومة الوفاق"
REPORTS = [
    ("2020-01-06", LNA, "سيطر الجيش الوطني على مدينة سرت، الاثنين، وقتل 12 من الميليشيات."),
    ("2020-01-06", GNA, "انسحبت قوات الوفاق من سرت، الاثنين."),
    ("2020-01-07", GNA, "قصف طيران حفتر تاجوراء ليلا وقتل ثلاثة مدنيين."),
    ("2020-01-08", LNA, "تعهد الجيش الوطني بالسيطرة على مصراتة."),
    ("2020-01-09", GNA, "استعادت قوات الوفاق غريان بعد اشتباكات."),
]


@pytest.fixture(scope="module")
def read(gazetteer):
    articles = [
        make_article(text, article_id=f"a{n}", published=when, outlet=outlet, url="https://x.org/a")
        for n, (when, outlet, text) in enumerate(REPORTS)
    ]
    return geocode_articles(articles, gazetteer=gazetteer)


@pytest.fixture(scope="module")
def acled(read, gazetteer):
    return to_acled(read.events, load_conflict(), gazetteer)


@pytest.fixture(scope="module")
def ucdp(read, gazetteer):
    return to_ucdp(read.events, load_conflict(), gazetteer)


def row_at(table, column, place):
    return table[table[column] == place].iloc[0]


def test_acled_has_its_31_columns_one_row_an_event_and_no_plan(acled):
    assert tuple(acled.columns) == ACLED_COLUMNS
    assert len(ACLED_COLUMNS) == 31
    assert "Misrata" not in set(acled["location"])
    assert list(acled["location"]).count("Sirte") == 1


def test_acled_tells_the_capture_as_its_codebook_does(acled):
    row = row_at(acled, "location", "Sirte")
    assert (row["event_type"], row["sub_event_type"], row["disorder_type"]) == (
        "Battles",
        "Non-state actor overtakes territory",
        "Political violence",
    )
    assert (row["event_date"], row["time_precision"], row["geo_precision"]) == ("2020-01-06", 1, 1)
    assert (row["actor1"], row["actor2"]) == (
        "Libyan National Army",
        "Government of National Accord",
    )
    assert (row["iso"], row["country"], row["fatalities"]) == ("434", "Libya", 12)
    assert row["source"] == f"{LNA}; {GNA}"
    assert row_at(acled, "location", "Gharyan")["sub_event_type"] == "Government regains territory"


def test_what_is_not_known_stays_empty(acled, ucdp):
    assert set(acled["timestamp"].fillna("")) | set(acled["inter1"].fillna("")) == {""}
    gharyan = row_at(acled, "location", "Gharyan")
    assert gharyan["fatalities"] == ""
    assert set(ucdp["deaths_a"].fillna("")) | set(ucdp["dyad_new_id"].fillna("")) == {""}
    assert row_at(ucdp, "where_coordinates", "Gharyan").fillna("")["best"] == ""


def test_civilians_are_the_target_only_where_they_are_told(acled):
    assert row_at(acled, "location", "Tajoura")["civilian_targeting"] == "Civilian targeting"
    assert row_at(acled, "location", "Sirte")["civilian_targeting"] == ""


def test_ucdp_has_its_49_columns_and_the_state_first(ucdp):
    assert tuple(ucdp.columns) == UCDP_COLUMNS
    assert len(UCDP_COLUMNS) == 49
    row = row_at(ucdp, "where_coordinates", "Sirte")
    assert (row["side_a"], row["side_b"]) == (
        "Government of National Accord",
        "Libyan National Army",
    )
    assert (row["type_of_violence"], row["date_prec"], row["event_clarity"]) == (1, 1, 1)
    assert (row["number_of_sources"], row["best"], row["low"], row["high"]) == (2, 12, 12, 12)
    assert row["priogrid_gid"] == priogrid_gid(row["latitude"], row["longitude"])


@pytest.mark.parametrize(("shape", "place"), [("acled", "location"), ("ucdp", "where_coordinates")])
def test_what_is_written_is_read_again(shape, place, acled, ucdp, read, tmp_path):
    table = {"acled": acled, "ucdp": ucdp}[shape]
    path = tmp_path / "x.csv"
    write_table(table, path)
    again = read_others(shape, path)
    assert len(again) == len(table)
    told = {event.event_id: event for event in gather_events(read.events)}
    for row in again.to_dict("records"):
        event = told[row["other_id"].removeprefix(f"{shape}:")]
        assert (row["date_start"], row["date_end"]) == (event.first_day, event.last_day)
        assert (row["lat"], row["lon"]) == (event.best["lat"], event.best["lon"])
        assert row["place_name"] == event.best["place_name"]
        assert row["killed"] == (event.killed[0] if event.killed else None) or row["killed"] is None
        if shape == "acled":
            assert row["type"] == event.best["type"]


def test_the_table_of_another_is_refused_by_name_of_the_missing_column(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="lacks the columns event_id_cnty"):
        read_others("acled", path)


def test_a_bad_row_is_refused_with_its_line_and_the_rest_goes_on(acled, tmp_path):
    path = tmp_path / "x.csv"
    bad = acled.copy()
    bad.loc[bad.index[0], "event_date"] = "soon"
    bad.loc[bad.index[1], "latitude"] = "north"
    write_table(bad, path)
    refused = []
    rows = read_others("acled", path, refused=refused)
    assert len(rows) == len(acled) - 2
    assert "event_date='soon' is no day" in refused[0].reason
    assert refused[0].where == "line 2"
    assert "is no position" in refused[1].reason


def gdelt_line(**cells):
    return "\t".join(str(cells.get(name, "")) for name in GDELT_COLUMNS)


def test_gdelt_is_read_without_a_header(tmp_path):
    path = tmp_path / "20200106.export.CSV"
    told = {"ActionGeo_Type": 4, "ActionGeo_FullName": "Sirte, Surt, Libya", "SQLDATE": 20200106}
    point = {"ActionGeo_Lat": 31.2, "ActionGeo_Long": 16.6}
    lines = [
        gdelt_line(GLOBALEVENTID=1, EventCode="195", Actor1Name="LIBYA", **told, **point),
        gdelt_line(GLOBALEVENTID=2, EventCode="1921", SOURCEURL="https://a.org", **told, **point),
        gdelt_line(GLOBALEVENTID=3, EventCode="036", **told),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    rows = read_others("gdelt", path)
    assert len(GDELT_COLUMNS) == 61
    assert rows["type"].to_list() == ["airstrike", "capture", "other"]
    assert rows["date_start"].to_list() == ["2020-01-06"] * 3
    assert rows["date_precision"].to_list() == ["report"] * 3
    assert rows["url"].to_list()[1] == "https://a.org"
    assert rows.geometry.iloc[2] is None


def test_viina_is_read_by_its_labels(tmp_path):
    path = tmp_path / "viina.csv"
    columns = "event_id,date,source,url,text,address,longitude,latitude,GEO_PRECISION"
    path.write_text(
        f"{columns},t_airstrike_b,t_control_b,a_rus_b\n"
        "7,20220301,liveuamap,https://a.org,Strike on Kharkiv,Kharkiv,36.25,49.99,STREET,1,0,1\n"
        "8,20220302,ria,https://b.org,Town taken,Izium,37.27,49.21,ADM2,0,1,\n",
        encoding="utf-8",
    )
    rows = read_others("viina", path)
    assert rows["type"].to_list() == ["airstrike", "capture"]
    assert rows["actor"].to_list()[0] == "Russian or Russian-aligned forces"
    assert rows["geo_precision"].to_list() == [1, 3]
    assert rows["source"].to_list() == ["liveuamap", "ria"]


CELLS = st.dictionaries(st.sampled_from([*ACLED_COLUMNS, *UCDP_COLUMNS]), st.text(max_size=12))


@given(CELLS)
def test_any_row_is_read_or_refused(row):
    for read in (from_acled, from_ucdp):
        try:
            found = read(row)
        except InputError:
            continue
        assert found["date_start"] <= found["date_end"]


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_point_lies_in_a_cell_of_priogrid(lat, lon):
    assert 1 <= priogrid_gid(lat, lon) <= 361 * 720


@pytest.fixture(scope="module")
def store(tmp_path_factory, read):
    path = str(tmp_path_factory.mktemp("exchange") / "s.sqlite")
    with open_store(path) as opened:
        list(ingest_articles(read.articles, opened))
    return path


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


def test_a_table_goes_out_comes_in_and_goes_out_as_a_layer(store, tmp_path):
    table, layer = tmp_path / "acled.csv", tmp_path / "others.geojson"
    out = run("export", "--store", store, "--layer", "events", "--format", "acled", "-o", table)
    assert out.exit_code == 0, out.output
    for expected in ("new, 0 replaced", "0 new, "):
        done = run("import", "acled", table, "--store", store)
        assert done.exit_code == 0, done.output
        assert expected in done.output
    out = run("export", "--store", store, "--layer", "others", "--type", "capture", "-o", layer)
    assert out.exit_code == 0, out.output
    features = json.loads(layer.read_text(encoding="utf-8"))["features"]
    assert {feature["properties"]["type"] for feature in features} == {"capture"}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--layer", "mentions", "--format", "ucdp"), "is for --layer events"),
        (("--layer", "others", "--place", "ly:sirte"), "name their own"),
        (("--layer", "others", "--lang", "ar"), "belong to none"),
    ],
)
def test_what_a_layer_cannot_be_asked_for_is_refused(store, tmp_path, arguments, reason):
    done = run("export", "--store", store, *arguments, "-o", tmp_path / "x")
    assert done.exit_code == 2
    assert reason in done.output


def test_some_refused_rows_end_with_1_and_all_with_2(store, tmp_path):
    head = "event_id_cnty,event_date,sub_event_type,latitude,longitude\n"
    some, none = tmp_path / "some.csv", tmp_path / "none.csv"
    some.write_text(head + "1,2020-01-06,Armed clash,31,16\n2,never,,,\n", encoding="utf-8")
    none.write_text(head + "2,never,,,\n", encoding="utf-8")
    done = run("import", "acled", some, "--store", store)
    assert (done.exit_code, "line 3" in done.output) == (1, True)
    assert run("import", "acled", none, "--store", store).exit_code == 2


def test_a_cell_that_a_spreadsheet_would_run_is_marked_and_read_back(acled, tmp_path):
    path = tmp_path / "x.csv"
    hostile = acled.copy()
    hostile.loc[hostile.index[0], "notes"] = "=cmd|' /C calc'!A0"
    write_table(hostile, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["notes"].startswith("'=")
    assert "=cmd|' /C calc'!A0" in read_others("acled", path)["note"].to_list()


@pytest.mark.parametrize("layer", ["mentions", "events", "control", "front", "uncertainty"])
def test_gdal_opens_each_layer_as_qgis_does(store, tmp_path, layer):
    out = tmp_path / "x.geojson"
    assert run("export", "--store", store, "--layer", layer, "-o", out).exit_code == 0
    opened = gpd.read_file(out)
    assert opened.crs.to_epsg() == 4326
    program = shutil.which("ogrinfo")
    if program is None:
        pytest.skip("ogrinfo (gdal-bin) is not installed")
    done = subprocess.run([program, "-so", "-al", out], check=False, capture_output=True, text=True)
    assert done.returncode == 0
    assert f"Feature Count: {len(opened)}" in done.stdout


@pytest.mark.parametrize(
    ("first", "last", "acled", "ucdp"),
    [
        ("2020-01-06", "2020-01-06", 1, 1),
        ("2020-01-06", "2020-01-07", 2, 2),
        ("2020-01-06", "2020-01-12", 2, 3),
        ("2020-01-01", "2020-01-31", 3, 4),
        ("2019-01-01", "2019-12-31", "", 5),
        ("2018-01-01", "2019-12-31", "", ""),
    ],
)
def test_a_long_time_is_not_said_to_be_a_few_days(read, gazetteer, first, last, acled, ucdp):
    events = read.events.iloc[:1].assign(date_start=first, date_end=last, date_precision="range")
    conflict = load_conflict()
    assert to_acled(events, conflict, gazetteer)["time_precision"].tolist() == [acled]
    assert to_ucdp(events, conflict, gazetteer)["date_prec"].tolist() == [ucdp]


HEAD = "event_id_cnty,event_date,sub_event_type,latitude,longitude,fatalities,tags,notes"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("L2,2020-01-06,Shelling,31,16,99999999999999999999,,", "fatalities"),
        ("L2,2020-01-06,Shelling,31,16,-5,,", "fatalities"),
        ("L2,2020-01-06,Shelling,31,16,0,,hit houses, 12", "more cells than the header"),
        ("L2,2020-01-06,Shelling,31,16,0,mihwar last day=2020-02-30,", "last day"),
        ("L2,2020-01-06,Shelling,31,16,0,mihwar last day=zzz,", "last day"),
    ],
)
def test_a_doubtful_row_is_refused_and_the_others_are_kept(tmp_path, row, reason):
    path = tmp_path / "a.csv"
    good = "L1,2020-01-06,Shelling,31,16,3,,quiet"
    path.write_text(f"{HEAD}\n{good}\n{row}\n", encoding="utf-8")
    refused = []
    others = read_others("acled", path, refused=refused)
    assert others["other_id"].tolist() == ["acled:L1"]
    assert [reason in one.reason for one in refused] == [True]


@pytest.mark.parametrize("head", [f"{HEAD},latitude", "x" * 2_100_000 + "," + HEAD])
def test_a_header_that_cannot_be_trusted_is_refused(tmp_path, head):
    path = tmp_path / "a.csv"
    path.write_text(f"{head}\nL1,2020-01-06,Shelling,31,16,3,,quiet,88\n", encoding="utf-8")
    with pytest.raises(InputError):
        read_others("acled", path)
