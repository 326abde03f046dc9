"""The front lies on ways between places held by different sides, moves with them, and says why."""

import json
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
import shapely
from click.testing import CliRunner

from dashboard.cli import main
from geocode import geocode_articles, ingest_articles, make_article, open_store
from geocode.change import find_changes
from geocode.conflict import load_conflict
from geocode.control import find_control
from geocode.control_layer import control_rows
from geocode.front import FARTHEST_KM, front_rows
from geocode.road_distance import neighbour_net

LNA, GNA = "نموذج مؤيد للجيش الوطني", "نموذج مؤيد لحكومة الوفاق"
NEUTRAL = "نموذج محايد"
REPORTS = [
    ("2020-01-06", LNA, "سيطر الجيش الوطني على مدينة سرت، الاثنين."),
    ("2020-01-06", GNA, "انسحبت قوات الوفاق من سرت، الاثنين."),
    ("2020-01-08", NEUTRAL, "صدت قوات الوفاق هجوما لقوات حفتر على أبو قرين، الأربعاء."),
    ("2020-06-06", GNA, "سيطرت قوات الوفاق على الوشكة، السبت."),
    ("2020-06-06", LNA, "انسحبت وحدات الجيش الوطني من الوشكة، السبت."),
]


def day(text):
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


@pytest.fixture(scope="module")
def read(gazetteer):
    articles = [
        make_article(text, article_id=f"a{n}", published=when, outlet=outlet)
        for n, (when, outlet, text) in enumerate(REPORTS)
    ]
    return geocode_articles(articles, gazetteer=gazetteer)


@pytest.fixture(scope="module")
def control(read, gazetteer):
    span = {"first_day": day("2020-01-01"), "last_day": day("2020-12-31")}
    return find_control(read.events, load_conflict(), gazetteer, **span)


@pytest.fixture(scope="module")
def front(control, gazetteer):
    return list(front_rows(control, gazetteer, {}))


def lines_on(front, when):
    rows = [r for r in front if r["form"] == "line" and r["date_start"] <= when <= r["date_end"]]
    return {frozenset((r["place_a_id"], r["place_b_id"])): r for r in rows}


def test_the_front_lies_between_the_nearest_places_of_two_sides(front):
    lines = lines_on(front, "2020-01-20")
    row = lines[frozenset(("ly:washka", "ly:abu-qurayn"))]
    assert (row["side_a"], row["place_a_id"]) == ("LNA", "ly:washka")
    assert 0 < row["probability"] <= 1
    assert row["length_km"] <= FARTHEST_KM
    assert row["evidence"]


def test_a_front_moves_when_a_place_on_it_is_taken(front):
    before, after = lines_on(front, "2020-05-20"), lines_on(front, "2020-06-10")
    assert frozenset(("ly:sirte", "ly:washka")) not in before
    assert after[frozenset(("ly:sirte", "ly:washka"))]["via"] == ["ly:buwayrat"]


def test_a_line_follows_the_road_through_places_nothing_is_known_of(front, gazetteer):
    for row in front:
        ends = [gazetteer.by_id(row[f"place_{end}_id"]) for end in ("a", "b")]
        assert row["line"][0] == [ends[0].lon, ends[0].lat]
        assert row["line"][-1] == [ends[1].lon, ends[1].lat]
        assert len(row["line"]) == len(row["via"]) + 2


def test_mentions_of_the_last_fortnight_tell_how_active_a_stretch_is(control, front, gazetteer):
    june = lines_on(front, "2020-06-10")[frozenset(("ly:sirte", "ly:washka"))]
    assert june["mentions"] == 0
    counts = {day(june["date_end"]) - 3: 2, day(june["date_end"]) - 20: 9}
    again = list(front_rows(control, gazetteer, {"ly:sirte": counts}))
    assert next(r for r in again if r["front_id"] == june["front_id"])["mentions"] == 2


def test_nothing_is_drawn_where_nobody_fights(gazetteer):
    told = geocode_articles(
        [make_article("عقد اجتماع في سبها.", published="2020-01-01")], gazetteer=gazetteer
    )
    control = find_control(told.events, load_conflict(), gazetteer)
    assert list(front_rows(control, gazetteer)) == []
    assert list(control_rows(control, gazetteer)) == []


def test_no_way_leads_over_a_blocked_place_nor_across_the_desert(gazetteer):
    ids = ["ly:sirte", "ly:buwayrat", "ly:washka", "ly:abu-qurayn", "ly:kufra"]
    net = neighbour_net(ids, gazetteer)
    free, _ = net.ways(np.array([0]), blocked=np.array([0, 3]), limit_km=500)
    shut, _ = net.ways(np.array([0]), blocked=np.array([0, 1, 3]), limit_km=500)
    assert np.isfinite(free[0, 3])
    assert not np.isfinite(shut[0, 3])
    assert not np.isfinite(free[0, 4])


def test_the_stretches_of_a_place_follow_each_other_without_a_gap(control, gazetteer):
    rows = list(control_rows(control, gazetteer))
    sirte = [row for row in rows if row["place_id"] == "ly:sirte"]
    days = [(day(row["date_start"]), day(row["date_end"])) for row in sirte]
    assert all(first <= last for first, last in days)
    assert all(b[0] == a[1] + 1 for a, b in pairwise(days))
    assert len({row["control_id"] for row in rows}) == len(rows)


def test_old_evidence_is_called_stale_and_names_its_last_day(control, gazetteer):
    rows = [r for r in control_rows(control, gazetteer) if r["place_id"] == "ly:sirte"]
    held = next(row for row in rows if row["date_start"] <= "2020-01-20" <= row["date_end"])
    old = rows[-1]
    assert (held["side"], held["stale"], held["last_evidence"]) == ("LNA", False, "2020-01-06")
    assert old["stale"]
    assert old["probability"] < held["probability"]


def test_a_place_nothing_is_told_of_is_inferred_from_the_next_on_the_road(control, gazetteer):
    inferred = [r for r in control_rows(control, gazetteer) if r["basis"] == "neighbours"]
    assert inferred
    assert all(row["inferred_from"] and row["evidence"] for row in inferred)


def test_a_change_of_hands_names_its_claims_outlets_and_sides(control, read):
    (change,) = [
        c
        for c in find_changes(
            control, read.events, load_conflict(), day("2020-01-02"), day("2020-01-20")
        )
        if c.place_id == "ly:sirte"
    ]
    assert (change.before, change.after) == ("GNA", "LNA")
    assert abs(change.day - day("2020-01-06")) <= 1
    assert set(change.sides) == {"LNA", "GNA"}
    assert len(change.claims) == 2


@pytest.fixture(scope="module")
def store(tmp_path_factory, read):
    path = str(tmp_path_factory.mktemp("front") / "s.sqlite")
    with open_store(path) as opened:
        list(ingest_articles(read.articles, opened))
    return path


@pytest.mark.parametrize(("layer", "kind"), [("control", "Point"), ("front", "LineString")])
def test_control_and_front_are_exported_with_the_store(store, tmp_path, layer, kind):
    out = tmp_path / "x.geojson"
    arguments = ["export", "--store", store, "--layer", layer, "--to", "2020-01-31", "-o", str(out)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert features
    assert {feature["geometry"]["type"] for feature in features} == {kind}
    assert all(feature["properties"]["date_start"] <= "2020-01-31" for feature in features)


def test_a_layer_of_conclusions_has_no_event_type(store, tmp_path):
    arguments = ["export", "--store", store, "--layer", "front", "--type", "capture", "-o", "x"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert "front have none" in done.output


def test_what_is_ingested_in_parts_is_concluded_as_at_once(store, store_url, read):
    path = store_url
    for article in read.articles:
        with open_store(path) as opened:
            list(ingest_articles([article], opened))
    with open_store(path, read_only=True) as one, open_store(store, read_only=True) as other:
        for layer in ("control", "front"):
            left, right = one.layer(layer), other.layer(layer)
            assert left.drop(columns="geometry").equals(right.drop(columns="geometry"))
            assert shapely.equals_exact(left.geometry.array, right.geometry.array).all()


def test_places_of_which_nothing_changed_are_not_weighed_again(store, monkeypatch):
    weighed = []
    with open_store(store) as opened:
        claims_at = opened.claims_at
        monkeypatch.setattr(
            opened, "claims_at", lambda places: weighed.append(places) or claims_at(places)
        )
        again = make_article("قصفت قوات حفتر غريان.", published="2020-08-01", article_id="new")
        list(ingest_articles([again], opened))
    assert weighed == [["ly:gharyan"]]


def test_what_a_stretch_rests_on_was_told_by_its_end(control, front, gazetteer, read):
    days = read.events.set_index("event_id")["date_start"]
    for row in control_rows(control, gazetteer):
        if row["basis"] == "told" and row["last_evidence"] is not None:
            assert row["last_evidence"] <= row["date_start"]
            assert all(days[one] <= row["date_end"] for one in row["evidence"])
    lines = [row for row in front if row["form"] == "line"]
    assert lines
    for row in lines:
        told = [days[one] <= row["date_end"] for one in row["evidence"]]
        assert all(told) or not any(told)  # where nothing was told yet, the first that came after
