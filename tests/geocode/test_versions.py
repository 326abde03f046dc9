"""What each side says of an event stands apart, and what excludes what is found."""

import pytest

from geocode import geocode_articles, make_article
from geocode.conflict import load_conflict
from geocode.versions import contested_clusters, differing, find_versions

LNA, GNA = "نموذج مؤيد للجيش الوطني", "نموذج مؤيد لحكومة الوفاق"
TAKEN = ("2019-06-10", LNA, "سيطر الجيش الوطني على الهيرة، الاثنين، وقتل 12 من الميليشيات.")
REPELLED = (
    "2019-06-10",
    GNA,
    "صدت قوات الوفاق هجوما لقوات حفتر على الهيرة، الاثنين، وقتل 30 من المهاجمين.",
)
DENIED = ("2019-06-11", GNA, "نفت قوات الوفاق سيطرة قوات حفتر على الهيرة.")
ADMITTED = ("2019-06-11", GNA, "انسحبت قوات الوفاق من الهيرة، الاثنين.")
TAKEN_BY_OTHER = ("2019-06-10", GNA, "سيطرت قوات الوفاق على الهيرة، الاثنين.")


@pytest.fixture(scope="module")
def events_of(gazetteer):
    def make(*reports):
        articles = [
            make_article(text, article_id=f"a{n}", published=day, outlet=outlet)
            for n, (day, outlet, text) in enumerate(reports)
        ]
        return geocode_articles(articles, gazetteer=gazetteer).events

    return make


@pytest.mark.parametrize(
    ("reports", "contested"),
    [
        ((TAKEN, REPELLED), True),
        ((TAKEN, DENIED), True),
        ((TAKEN, TAKEN_BY_OTHER), True),
        ((TAKEN, ADMITTED), False),
        ((TAKEN,), False),
        ((REPELLED,), False),
    ],
)
def test_what_excludes_each_other_is_contested(events_of, reports, contested):
    events = events_of(*reports)
    assert bool(contested_clusters(events, load_conflict())) is contested


def test_each_side_has_its_version_with_its_words_and_its_toll(events_of):
    ours, theirs = find_versions(events_of(TAKEN, REPELLED), load_conflict())
    assert (ours.side, theirs.side) == ("LNA", "GNA")
    assert ("capture", "reported", "سيطر") in ours.acts
    assert "الميليشيات" in ours.labels
    assert (ours.losses, theirs.losses) == ((("killed", 12, 12),), (("killed", 30, 30),))
    assert differing([ours, theirs]) == {"acts", "losses"}


def test_copies_of_one_text_are_one_source(events_of):
    copy = (TAKEN[0], LNA, f"عاجل: {TAKEN[2]}")
    (version,) = find_versions(events_of(TAKEN, copy), load_conflict())
    assert (version.claims, version.sources) == (2, 1)


def test_no_claims_have_no_version_and_nothing_is_contested(events_of):
    nothing = events_of(("2020-01-01", "", "لا شيء هنا."))
    assert find_versions(nothing, load_conflict()) == []
    assert contested_clusters(nothing, load_conflict()) == frozenset()


def test_who_denies_the_loss_of_one_quarter_denies_not_that_of_the_next(events_of):
    events = events_of(TAKEN, DENIED)
    events["cluster_id"] = "one"
    assert contested_clusters(events, load_conflict())
    events.loc[events["status"] == "denied", "place_id"] = "ly:aziziya"
    assert not contested_clusters(events, load_conflict())
