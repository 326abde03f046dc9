"""Who holds a place follows from what is told of it, fades, and spreads along roads only."""

import json
from datetime import date

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.cli import main
from geocode import geocode_articles, ingest_articles, make_article, open_store
from geocode.conflict import load_conflict
from geocode.control import find_control
from geocode.road_distance import road_km
from geocode.weight import known_by

LNA, GNA = "نموذج مؤيد للجيش الوطني", "نموذج مؤيد لحكومة الوفاق"
TAKEN = ("2020-04-13", "", "استعادت قوات الوفاق مدينة صرمان من قوات حفتر.")
ADMITTED = ("2020-04-13", LNA, "أقر الجيش الوطني بانسحاب وحداته من صرمان.")
BOASTED = ("2020-04-13", GNA, "استعادت قوات الوفاق مدينة صرمان من قوات حفتر.")


def day(text):
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


@pytest.fixture(scope="module")
def control_of(gazetteer):
    def make(*reports, **more):
        articles = [
            make_article(text, article_id=f"a{n}", published=when, outlet=outlet)
            for n, (when, outlet, text) in enumerate(reports)
        ]
        events = geocode_articles(articles, gazetteer=gazetteer).events
        span = {"first_day": day("2020-01-01"), "last_day": day("2022-12-31")}
        return find_control(events, load_conflict(), gazetteer, **span, **more)

    return make


def test_a_capture_tells_who_holds_the_place_after_and_who_held_it_before(control_of):
    control = control_of(TAKEN)
    assert control.holder("ly:surman", day("2020-04-20")) == "GNA"
    assert control.probability("ly:surman", day("2020-04-05")) > 0.5


def test_what_is_published_later_is_not_known_yet(gazetteer):
    late = ("2020-06-01", "نموذج محايد", "سيطرت قوات حكومة الوفاق على صرمان في 13 أبريل 2020.")
    text = late[2]
    article = make_article(text, article_id="late", published=late[0], outlet=late[1])
    events = geocode_articles([article], gazetteer=gazetteer).events
    assert list(events["date_start"]) == ["2020-04-13"]
    assert known_by(events, "2020-05-31").empty
    assert len(known_by(events, "2020-06-01")) == len(events)


def test_evidence_fades_to_unknown(control_of):
    control = control_of(TAKEN)
    shares = [control.probability("ly:surman", day(d)) for d in ("2020-04-14", "2021-04-14")]
    assert abs(shares[0] - 0.5) > abs(shares[1] - 0.5)
    assert control.holder("ly:ghat", day("2020-04-14")) == "unknown"


def test_what_a_rival_admits_weighs_more_than_what_a_side_boasts(control_of):
    at = day("2020-04-14")
    boast, admission = (control_of(r).probability("ly:surman", at) for r in (BOASTED, ADMITTED))
    neutral = control_of(TAKEN).probability("ly:surman", at)
    assert admission < 0.5 > neutral
    assert boast > neutral


def test_the_next_town_along_the_road_is_likelier_and_one_across_the_desert_is_not(control_of):
    control = control_of(TAKEN, also=["ly:kufra"])
    at = day("2020-04-14")
    assert control.probability("ly:sabratha", at) < 0.5
    assert control.probability("ly:kufra", at) == pytest.approx(0.5)


def test_a_repeated_claim_of_one_side_counts_once(control_of):
    once, twice = (
        control_of(*[BOASTED] * n).probability("ly:surman", day("2020-04-14")) for n in (1, 3)
    )
    assert once == pytest.approx(twice)


def test_both_sides_claims_of_one_place_leave_it_contested(control_of):
    control = control_of(
        ("2020-04-13", LNA, "سيطرت قوات الجيش الوطني على صرمان."),
        ("2020-04-13", GNA, "سيطرت قوات الوفاق على صرمان."),
    )
    assert control.holder("ly:surman", day("2020-04-14")) == "contested"


def test_roads_join_neighbours_and_nothing_crosses_the_desert(gazetteer):
    ids = ["ly:sabratha", "ly:surman", "ly:zawiya", "ly:kufra"]
    apart = road_km(ids, gazetteer, limit_km=100)
    assert apart[0, 1] == pytest.approx(9.3)
    assert apart[0, 2] == pytest.approx(9.3 + 15.1)
    assert np.isinf(apart[0, 3])


@settings(deadline=None, max_examples=15)  # each example reads reports
@given(st.lists(st.sampled_from([TAKEN, ADMITTED, BOASTED]), max_size=4))
def test_a_probability_is_one(control_of, reports):
    control = control_of(*reports)
    assert np.isfinite(control.odds).all()
    assert all(0 <= control.probability(p, day("2020-04-14")) <= 1 for p in control.place_ids[:9])


@pytest.fixture
def store(store_url):
    url = store_url
    texts = [
        ("2020-04-01", LNA, "صدت وحدات الجيش الوطني هجوما للميليشيات على صرمان."),
        BOASTED,
        ADMITTED,
    ]
    with open_store(url) as opened:
        articles = [make_article(t, published=d, outlet=o) for d, o, t in texts]
        list(ingest_articles(articles, opened))
    return url


def run(*arguments):
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def test_control_says_who_holds_a_place_and_on_what_it_rests(store):
    done = run("control", "--store", store, "--on", "2020-04-20", "--json")
    assert done.exit_code == 0
    (row,) = [p for p in json.loads(done.output)["places"] if p["place_id"] == "ly:surman"]
    assert (row["side"], row["evidence_days"]) == ("GNA", 7)
    assert len(row["evidence"]) == row["claims"] == 3


def test_compare_names_the_place_the_day_and_who_says_so(store):
    done = run("compare", "--store", store, "--from", "2020-04-05", "--to", "2020-04-20")
    assert done.exit_code == 0
    assert "Surman: LNA → GNA, 2020-04-13, 2 claims, 2 outlets, both sides" in done.output


def test_compare_refuses_days_in_the_wrong_order(store):
    done = run("compare", "--store", store, "--from", "2020-05-05", "--to", "2020-04-20")
    assert done.exit_code == 2
    assert "expected a day before" in done.output


def test_ingest_joins_the_claims_of_one_event(store):
    with open_store(store, read_only=True) as opened:
        events = opened.layer("events")
    assert events["cluster_id"].notna().all()
    april = events[events["date_start"] >= "2020-04-10"]
    assert april["cluster_id"].nunique() == 1


def test_what_a_run_that_was_cut_off_has_saved_is_joined_by_the_next(store_url):
    articles = [
        make_article(text, published=when, outlet=o) for when, o, text in (BOASTED, ADMITTED)
    ]
    with open_store(store_url) as opened:
        next(ingest_articles(articles, opened, batch=1))  # saved, then cut off
        assert opened.layer("events")["cluster_id"].isna().all()
        list(ingest_articles(articles, opened))
        assert opened.layer("events")["cluster_id"].nunique() == 1
