"""Rows 48 and 49 of the list of bad inputs: coordinates that cannot be, or are swapped."""

import pytest
from bad_files import acled, pack_row, write_pack

from gazetteer import PackError, load_gazetteer, read_pack
from gazetteer.importers import import_places
from geocode import (
    ArticleReader,
    Selection,
    ingest_articles,
    make_article,
)
from geocode.exchange import read_others

POINTS = [
    pytest.param("95", "21", id="row 48: lat 95"),
    pytest.param("31", "200", id="row 48: lon 200"),
    pytest.param("nan", "21", id="row 48: NaN"),
    pytest.param("31", "inf", id="row 48: inf"),
    pytest.param("13.2", "32.9", id="row 48: swapped"),
    pytest.param("0", "0", id="row 48: nought"),
]
IMPOSSIBLE, LIKELY_WRONG = POINTS[:4], POINTS[4:]


def imported(tmp_path, lat, lon):
    path = tmp_path / "places.csv"
    rows = f"Qarya,قرية اولى,{lat},{lon}\nMadina,مدينة اولى,31,21\n"
    path.write_text(f"name,name_ar,lat,lon\n{rows}", encoding="utf-8")
    return import_places("csv", path, load_gazetteer(), country="LY")


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
