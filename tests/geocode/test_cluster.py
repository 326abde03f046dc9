"""Claims of one event are joined, claims of two are not; the 63 reports say how often."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geocode import geocode_articles, make_article
from geocode.cluster import cluster_events
from geocode.conflict import load_conflict
from geocode.copies import find_copies

SHARED = Path(__file__).parents[3] / "shared"
REPORTS = Path(__file__).parents[1] / "data" / "clusters.jsonl"
LNA, GNA = "نموذج مؤيد للجيش الوطني", "نموذج مؤيد لحكومة الوفاق"


@pytest.fixture(scope="module")
def events_of(gazetteer):
    def make(*reports):
        articles = [
            make_article(text, article_id=f"a{n}", published=day, outlet=outlet)
            for n, (day, outlet, text) in enumerate(reports)
        ]
        return geocode_articles(articles, gazetteer=gazetteer).events

    return make


def clusters(events, **more):
    found = cluster_events(events, load_conflict(), **more)
    return dict(zip(found["event_id"], found["cluster_id"], strict=True))


def together(events, kind_one, kind_other):
    """Say whether the first claims of two reports are of one event."""
    found = clusters(events)
    ones = events[(events["article_id"] == "a0") & (events["type"] == kind_one)]["event_id"]
    others = events[(events["article_id"] == "a1") & (events["type"] == kind_other)]["event_id"]
    return found[ones.iloc[0]] == found[others.iloc[0]]


BOTH_VERSIONS = [
    (
        "capture",
        "repelled_attack",
        ("2019-06-10", LNA, "سيطر الجيش الوطني على الهيرة، الاثنين."),
        ("2019-06-10", GNA, "صدت قوات الوفاق هجوما لقوات حفتر على الهيرة، الاثنين."),
    ),
    (
        "capture",
        "capture",
        ("2019-06-10", LNA, "سيطر الجيش الوطني على الهيرة."),
        ("2019-06-11", GNA, "نفت قوات الوفاق سيطرة قوات حفتر على الهيرة."),
    ),
    (
        "capture",
        "withdrawal",
        ("2019-06-10", GNA, "سيطرت قوات الوفاق على الهيرة."),
        ("2019-06-11", LNA, "انسحبت وحدات الجيش الوطني من الهيرة."),
    ),
]
TWO_EVENTS = [
    (
        "shelling",
        "shelling",
        ("2019-06-10", GNA, "قصفت مدفعية قوات حفتر الهيرة، الاثنين."),
        ("2019-06-11", GNA, "قصفت مدفعية قوات حفتر الهيرة، الثلاثاء."),
    ),
    (
        "capture",
        "capture",
        ("2020-04-13", GNA, "سيطرت قوات الوفاق على صبراتة، الاثنين."),
        ("2020-04-13", GNA, "سيطرت قوات الوفاق على صرمان، الاثنين."),
    ),
    (
        "capture",
        "capture",
        ("2019-06-10", LNA, "تعهد الجيش الوطني بالسيطرة على الهيرة."),
        ("2019-06-10", GNA, "نفت قوات الوفاق سيطرة قوات حفتر على الهيرة."),
    ),
    (
        "capture",
        "capture",
        ("2019-06-10", LNA, "سيطر الجيش الوطني على الهيرة، الاثنين."),
        ("2019-06-10", GNA, "سيطرت قوات الوفاق على الهيرة، الاثنين."),
    ),
]


@pytest.mark.parametrize(("one", "other", "first", "second"), BOTH_VERSIONS)
def test_what_both_sides_tell_of_one_act_is_one_event(events_of, one, other, first, second):
    assert together(events_of(first, second), one, other)


@pytest.mark.parametrize(("one", "other", "first", "second"), TWO_EVENTS)
def test_another_day_town_side_or_a_plan_is_another_event(events_of, one, other, first, second):
    assert not together(events_of(first, second), one, other)


def b_cubed_f1(found, gold):
    pairs = list(zip(found, gold, strict=True))
    both, ours, true = ({} for _ in range(3))
    for f, g in pairs:
        both[f, g] = both.get((f, g), 0) + 1
        ours[f] = ours.get(f, 0) + 1
        true[g] = true.get(g, 0) + 1
    precision = sum(both[p] / ours[p[0]] for p in pairs) / len(pairs)
    recall = sum(both[p] / true[p[1]] for p in pairs) / len(pairs)
    return 2 * precision * recall / (precision + recall)


def test_clusters_are_better_than_one_a_day_place_type_and_actor(gazetteer):
    rows = [json.loads(line) for line in REPORTS.read_text(encoding="utf-8").splitlines()]
    names = ("text", "published", "outlet", "lang")
    articles = [make_article(**{n: r[n] for n in names}, article_id=r["id"]) for r in rows]
    events = geocode_articles(articles, gazetteer=gazetteer).events
    gold = events["article_id"].map({r["id"]: r["event"] for r in rows})
    found = cluster_events(events, load_conflict())
    columns = (events[n] for n in ("actor_side", "type", "place_id", "date_start"))
    plain = ["|".join(map(str, parts)) for parts in zip(*columns, strict=True)]
    ours, theirs = b_cubed_f1(found["cluster_id"], gold), b_cubed_f1(plain, gold)
    assert ours >= 0.88
    assert ours >= theirs + 0.10


def test_the_order_of_the_rows_changes_nothing(events_of):
    events = events_of(*(report for case in BOTH_VERSIONS for report in case[2:]))
    backwards = events.iloc[::-1].reset_index(drop=True)
    assert clusters(events) == clusters(backwards)


def test_a_reader_joins_and_parts(events_of):
    events = events_of(*TWO_EVENTS[0][2:])
    one, other = events["event_id"]
    assert clusters(events)[one] != clusters(events)[other]
    joined = clusters(events, together=[(one, other)])
    assert joined[one] == joined[other]
    events = events_of(*BOTH_VERSIONS[1][2:])
    one, other = events["event_id"]
    parted = clusters(events, apart=[(one, other)])
    assert parted[one] != parted[other]


def test_no_event_is_no_cluster(events_of):
    assert clusters(events_of(("2020-01-01", "", "لا شيء هنا."))) == {}


def test_a_wire_copy_is_found_and_another_report_is_not():
    text = (
        "أعلنت قوات الوفاق السيطرة على مدينة غريان بالكامل بعد معارك استمرت يوما كاملا مع قوات حفتر"
    )
    copy = "عاجل: " + text.replace("مدينة غريان", "مدينة  غَريان") + " وفق وكالة الأنباء"
    other = (
        "قالت القيادة العامة إن وحداتها انسحبت من غريان وتستعد لاستعادة المدينة في الأيام المقبلة"
    )
    groups = find_copies({"a": text, "b": copy, "c": other, "d": "غريان", "e": "غريان"})
    assert groups == {"a": "a", "b": "a", "c": "c", "d": "d", "e": "d"}


@settings(deadline=None)  # the first call imports the library
@given(st.dictionaries(st.text(min_size=1, max_size=4), st.text(max_size=60), max_size=6))
def test_copies_of_anything_are_grouped_under_the_first(texts):
    groups = find_copies(texts)
    assert set(groups) == set(texts)
    assert all(first <= name and groups[first] == first for name, first in groups.items())


def test_the_drone_of_two_articles_is_one_event_with_two_claims(gazetteer):
    files = {n: next(iter((SHARED / "seeds").glob(f"{n}_*.txt")), None) for n in ("000", "002")}
    if None in files.values():
        pytest.skip("the seed articles (../shared/seeds) are not here")
    days = {"000": "2019-12-14", "002": "2019-12-15"}
    articles = [
        make_article(file.read_text(encoding="utf-8"), article_id=n, published=days[n])
        for n, file in files.items()
    ]
    events = geocode_articles(articles, gazetteer=gazetteer).events
    found = events.assign(cluster=events["event_id"].map(clusters(events)))
    downed = found[found["type"] == "aircraft_downed"]
    shared = downed.groupby("cluster")["article_id"].nunique()
    assert shared.max() == 2


def test_each_claim_but_the_first_says_why_it_was_joined(events_of):
    events = events_of(*BOTH_VERSIONS[0][2:])
    found = cluster_events(events, load_conflict())
    for _, cluster in found.groupby("cluster_id"):
        assert sum(reason == "" for reason in cluster["reason"]) == 1
    assert all(a <= b for a, b in pairwise(sorted(found["cluster_id"])))
