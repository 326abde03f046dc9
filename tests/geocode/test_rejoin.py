"""A store says what a fresh one of the same reports says, however they came, went and changed."""

from datetime import date

import pytest
import sqlalchemy as sa

from geocode import ingest_articles, make_article, open_store
from geocode.corrections import Correction, Corrections
from geocode.ingest import find_conclusions
from geocode.store import Store, tables

TAKEN = "سيطر الجيش الوطني على مدينة سرت، الاثنين."
ALSO_TAKEN = "أعلن الجيش الوطني سيطرته على سرت، الاثنين."
LONG = (
    "قصفت مدفعية قوات حفتر الهيرة فجر الاثنين، وقال شهود إن القصف استمر ساعات "
    "ثم توقف عند الظهر ولم تعرف حصيلة الضحايا بعد."
)
OTHER = "تقدمت قوات الوفاق في محور عين زارة، وأعلنت أنها أسرت عددا من المسلحين في المنطقة نفسها."


def article(name, text, published):
    return make_article(text, article_id=name, published=published)


def ingest(url, reader, *articles):
    with open_store(url) as store:
        list(ingest_articles(articles, store, reader=reader))


def layers(url):
    with open_store(url, read_only=True) as store:
        found = {name: store.layer(name) for name in ("events", "control", "front")}
    return {name: layer.to_json() for name, layer in found.items()}


@pytest.fixture
def urls(new_store):
    return new_store(), new_store()


def test_a_report_whose_day_moves_leaves_the_cluster_named_after_it(reader, urls):
    grown, fresh = urls
    first = article("a", TAKEN, "2020-01-06")
    ingest(grown, reader, first, article("b", ALSO_TAKEN, "2020-01-06"))
    moved = [first, article("b", ALSO_TAKEN, "2020-06-08")]
    ingest(grown, reader, moved[1])
    ingest(fresh, reader, *moved)
    with open_store(grown, read_only=True) as store:
        assert store.layer("events")["cluster_id"].nunique() == 2
    assert layers(grown) == layers(fresh)


def test_whose_claims_are_gone_leaves_no_trace_in_the_clusters_of_others(reader, urls):
    grown, fresh = urls
    first = article("a", TAKEN, "2020-01-06")
    ingest(grown, reader, first, article("b", ALSO_TAKEN, "2020-01-06"))
    left = [first, article("b", "لا شيء يروى عن الحرب.", "2020-01-06")]
    ingest(grown, reader, left[1])
    ingest(fresh, reader, *left)
    assert layers(grown) == layers(fresh)


def test_a_joining_that_is_taken_back_parts_only_that_pair(reader, urls):
    grown, fresh = urls
    days = {"a": "2020-01-06", "b": "2020-04-06", "c": "2020-07-06"}
    articles = [article(name, TAKEN, day) for name, day in days.items()]
    ingest(grown, reader, *articles)
    with open_store(grown, read_only=True) as store:
        ids = store.layer("events").set_index("article_id")["event_id"].to_dict()

    def said(one, other, field="same_event"):
        value = f"{ids[one]} {ids[other]} {other}"
        place = {"article_id": one, "start": 0, "end": 3, "text": TAKEN[:3]}
        return Correction(**place, field=field, value=value, when="2020-08-01", who="x")

    both = Corrections([said("b", "a"), said("a", "c")])
    ingest(grown, reader.corrected_by(both), *articles)
    with open_store(grown, read_only=True) as store:
        assert store.layer("events")["cluster_id"].nunique() == 1
    one = Corrections([said("a", "c")])
    ingest(grown, reader.corrected_by(one), *articles)
    ingest(fresh, reader.corrected_by(one), *articles)
    with open_store(grown, read_only=True) as store:
        found = store.layer("events").set_index("article_id")["cluster_id"]
    assert found["a"] == found["c"] != found["b"]
    assert layers(grown)["control"] == layers(fresh)["control"]


def test_the_later_word_on_a_pair_holds_from_whichever_claim_it_is_said():
    def said(one, other, field):
        place = {"article_id": one, "start": 0, "end": 3, "text": TAKEN[:3]}
        value = f"e-{one} e-{other} {other}"
        return Correction(**place, field=field, value=value, when="2020-08-01", who="x")

    found = Corrections([said("a", "b", "same_event"), said("b", "a", "other_event")])
    assert not found.together
    assert len(found.apart) == 1


def test_copies_of_a_text_that_changed_are_grouped_anew(reader, urls):
    grown, fresh = urls
    copy = article("b", LONG + " وكالة", "2020-01-06")
    ingest(grown, reader, article("a", LONG, "2020-01-06"), copy)
    with open_store(grown, read_only=True) as store:
        assert set(store.layer("events")["copy_group"]) == {"a"}
    changed = article("a", OTHER, "2020-01-06")
    ingest(grown, reader, changed)
    ingest(fresh, reader, changed, copy)
    with open_store(grown, read_only=True) as store:
        groups = store.layer("events").set_index("article_id")["copy_group"].to_dict()
    assert groups == {"a": "a", "b": "b"}
    assert layers(grown) == layers(fresh)


def test_a_report_without_claims_makes_old_evidence_fade_until_its_day(reader, urls):
    grown, fresh = urls
    articles = [
        article("a", TAKEN, "2020-01-06"),
        article("b", "عاد الهدوء إلى العاصمة.", "2020-06-01"),
    ]
    for one in articles:
        ingest(grown, reader, one)
    ingest(fresh, reader, *articles)
    with open_store(grown, read_only=True) as store:
        control = store.layer("control")
    sirte = control[control["place_id"] == "ly:sirte"]
    assert sirte["date_end"].max() == "2020-06-01"
    assert sirte.sort_values("date_start")["stale"].iloc[-1]
    assert layers(grown) == layers(fresh)


def test_mentions_of_a_front_count_whenever_their_report_came(reader, urls):
    grown, fresh = urls
    articles = [
        article("a", TAKEN, "2020-01-06"),
        article("b", "سيطرت قوات الوفاق على بويرات الحسون، الاثنين.", "2020-01-06"),
        article("c", "هدوء حذر في محور سرت.", "2020-01-07"),
        article("d", "يسود الهدوء محور سرت منذ أيام.", "2020-01-07"),
    ]
    ingest(grown, reader, *articles[:2])
    ingest(grown, reader, *articles[2:])
    ingest(fresh, reader, *articles)
    with open_store(grown, read_only=True) as store:
        assert store.layer("front")["mentions"].max() >= 2
    assert layers(grown) == layers(fresh)


def test_what_another_run_saves_meanwhile_is_concluded_too(reader, urls, monkeypatch):
    grown, fresh = urls
    articles = [
        article("a", TAKEN, "2020-01-06"),
        article("b", "استعادت قوات الوفاق غريان، الثلاثاء.", "2020-01-07"),
    ]
    ingest(fresh, reader, *articles)
    weighed, came = Store.weighed, []

    def meanwhile(self, but=()):
        found = weighed(self, but)
        if not came:
            came.append(True)
            ingest(grown, reader, articles[1])
        return found

    monkeypatch.setattr(Store, "weighed", meanwhile)
    ingest(grown, reader, articles[0])
    assert came
    assert layers(grown) == layers(fresh)


def test_conclusions_from_what_has_changed_since_are_not_written(reader, urls):
    with open_store(urls[0]) as store:
        list(ingest_articles([article("a", TAKEN, "2020-01-06")], store, reader=reader))
        none = {"control": [], "front": []}
        old = store.changes() - 1
        weights = store.weighed().iloc[:0]
        assert not store.write_conclusions(
            ["ly:sirte"], weights, none, changes=old, last_day=date(2020, 1, 6)
        )
        assert len(store.layer("control"))


def test_claims_that_are_gone_meanwhile_are_passed_over(reader, urls):
    with open_store(urls[0]) as store:
        list(ingest_articles([article("a", TAKEN, "2020-01-06")], store, reader=reader))
        found = store.layer("events")[["event_id", "cluster_id"]].assign(reason="")
        assert not store.set_clusters(found, changes=store.changes() - 1)
        assert store.set_clusters(found.assign(event_id="gone"), changes=store.changes())
        assert store.layer("events")["cluster_id"].tolist() == found["cluster_id"].tolist()


def test_a_pack_without_two_sides_is_read_and_concludes_nothing(reader, urls, monkeypatch):
    with open_store(urls[0]) as store:
        list(ingest_articles([article("a", TAKEN, "2020-01-06")], store, reader=reader))
        monkeypatch.setattr("geocode.ingest._sides", lambda _: None)
        list(ingest_articles([article("b", ALSO_TAKEN, "2020-01-07")], store, reader=reader))
        find_conclusions(store, reader.conflict, reader.gazetteer)
        assert len(store.layer("events")) == 2
        assert store.layer("control").empty
        assert store.stale_places() == []


@pytest.mark.parametrize(
    "query",
    [
        "UPDATE events SET cluster_reason = '' WHERE event_id = 'x'",
        "UPDATE events SET cluster_reason = '' WHERE cluster_id = 'x'",
        "SELECT status FROM events WHERE place_id = 'x'",
        "SELECT sketch FROM sketch WHERE copy_group = 'x'",
        "DELETE FROM band WHERE article_id = 'x'",
    ],
)
def test_claims_and_copies_are_found_without_reading_all(tmp_path, query):
    import sqlite3

    path = str(tmp_path / "s.sqlite")
    open_store(path).close()
    with sqlite3.connect(path) as raw:
        (row,) = raw.execute("EXPLAIN QUERY PLAN " + query).fetchall()
    assert "USING INDEX" in row[-1]


def test_equal_texts_keep_the_bands_of_one(reader, urls):
    ingest(urls[0], reader, *(article(f"a{n}", LONG, "2020-01-06") for n in range(5)))
    with open_store(urls[0], read_only=True) as store:
        for wanted in (tables.band.c.article_id, tables.sketch.c.copy_group):
            assert len(store._rows(sa.select(wanted).distinct())) == 1
