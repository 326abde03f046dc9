"""Filters are the same for map, table and exports, and forgive spelling; the browser is not believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.filters import (
    Filters,
    SentenceSearch,
    kept_events,
    kept_rows,
    read_area,
    read_filters,
    write_filters,
)
from dashboard.timemap.rows import make_map_rows
from dashboard.timemap.told import MapView, read_map_view
from geocode import geocode_articles, make_article
from geocode.conflict import load_conflict

REPORTS = [
    ("سيطر الجيش الوطني على سرت", "2020-01-07", "نموذج مؤيد للجيش الوطني"),
    ("قال قنونو إن قوات الوفاق استعادت سرت", "2020-06-08", ""),
    ("قصفت طائرات مجهولة قاعدة الوطية", "2020-07-05", "صحيفة لا يعرفها أحد"),
    ("وصل وفد إلى ترهونة للتفاوض", "2020-07-06", ""),
]


@pytest.fixture(scope="module")
def rows(gazetteer):
    articles = [make_article(text, published=day, outlet=outlet) for text, day, outlet in REPORTS]
    result = geocode_articles(articles, gazetteer=gazetteer)
    made = make_map_rows(result.mentions, result.events, load_conflict(), gazetteer)
    search = SentenceSearch(made.mentions, {a.article_id: a for a in result.articles}, gazetteer)
    return made, search


@pytest.fixture(scope="module")
def found(rows):
    def names(**chosen):
        made, search = rows
        filters = Filters(**{"layer": "all", **chosen})
        keep = kept_rows(filters, made.mentions, made.told, search)
        return made.mentions["place_name"][keep].to_list()

    return names


EVERYTHING = ["Sirte", "Sirte", "Al-Watiya Air Base", "Tarhuna"]


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [
        ({}, EVERYTHING),
        ({"layer": "front"}, EVERYTHING[:3]),
        ({"speaker": ("GNA",)}, ["Sirte"]),
        ({"speaker": ("LNA", "GNA")}, ["Sirte", "Sirte"]),
        ({"actor": ("GNA",)}, ["Sirte"]),
        ({"type": ("airstrike",)}, ["Al-Watiya Air Base"]),
        ({"type": ("airstrike",), "actor": ("GNA",)}, []),
        ({"status": ("claimed",)}, ["Sirte"]),
        ({"place": ("ly:tarhuna",)}, ["Tarhuna"]),
        ({"leaning": ("LNA",)}, ["Sirte"]),
        ({"outlet": ("صحيفة لا يعرفها أحد",)}, ["Al-Watiya Air Base"]),
        ({"area": ((16.0, 31.0), (17.0, 31.0), (17.0, 31.5), (16.0, 31.5))}, ["Sirte", "Sirte"]),
        ({"text": "سيطره"}, []),
        ({"text": "الطائرات"}, ["Al-Watiya Air Base"]),
        ({"text": "طائر"}, ["Al-Watiya Air Base"]),
        ({"text": "ئرات"}, []),
        ({"text": "وبسرت"}, ["Sirte", "Sirte"]),
        ({"text": "لترهونة"}, ["Tarhuna"]),
        ({"text": "Tarhouna"}, ["Tarhuna"]),
        ({"text": "ترهونه"}, ["Tarhuna"]),
        ({"text": "Tarhuna"}, ["Tarhuna"]),
        ({"text": "Syrte"}, ["Sirte", "Sirte"]),
        ({"text": "<script>"}, []),
    ],
)
def test_a_filter_keeps_what_it_says(found, chosen, wanted):
    assert found(**chosen) == wanted


def test_a_filter_of_events_asks_one_event_for_all(rows):
    made, _ = rows
    filters = Filters(type=("capture",), actor=("LNA",))
    assert made.told[kept_events(filters, made.told)]["actor_side"].to_list() == ["LNA"]


def test_a_crossed_polygon_is_no_error(found):
    assert found(area=((16.0, 31.0), (17.0, 31.5), (17.0, 31.0), (16.0, 31.5))) is not None


@pytest.mark.parametrize(
    "text", ["", "1,2 3,4", "a,b c,d e,f", "1,2,3 4,5,6 7,8,9", "nan,1 2,2 3,3"]
)
def test_what_is_no_polygon_is_everywhere(text):
    assert read_area(text) == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)
PARTS = ("window", "mode", "by", "color", "layers", "area", "at")


@given(JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(PARTS, JSON)))
def test_whatever_the_browser_sends_gives_a_view(value):
    view = read_map_view(value, MapView(first=1, last=9))
    assert view.first <= view.last
    assert view.mode in ("window", "cumulative", "trail")
    assert len(view.area) != 1


def test_what_the_browser_sends_rightly_is_taken():
    sent = {
        "window": [18000, 18030],
        "mode": "trail",
        "by": "report",
        "color": "type",
        "layers": ["roads", "marks"],
        "area": [[12, 31], [13, 31], [13, 32]],
        "at": [32.1, 13.2, 8.5],
    }
    assert read_map_view(sent, MapView(first=1, last=9)) == MapView(
        first=18000,
        last=18030,
        mode="trail",
        by="report",
        color="type",
        layers=("marks", "roads"),
        area=((12.0, 31.0), (13.0, 31.0), (13.0, 32.0)),
        at=(32.1, 13.2, 8.5),
    )


SIEGE = [
    ("سيطر الجيش الوطني على الهيرة، الاثنين", "2019-06-10", "نموذج مؤيد للجيش الوطني"),
    ("صدت قوات الوفاق هجوما على الهيرة، الاثنين", "2019-06-10", "نموذج مؤيد لحكومة الوفاق"),
    ("قصفت مدفعية قوات حفتر غريان، الاثنين", "2019-06-10", "نموذج مؤيد لحكومة الوفاق"),
]


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [
        ({"layer": "events"}, ["Al-Hira", "Gharyan"]),
        ({"layer": "all", "contested": True}, ["Al-Hira", "Al-Hira"]),
        ({"layer": "events", "contested": True}, ["Al-Hira"]),
        ({"layer": "events", "outlet": (SIEGE[1][2],)}, ["Al-Hira", "Gharyan"]),
    ],
)
def test_events_count_once_and_contested_ones_are_found(gazetteer, chosen, wanted):
    articles = [make_article(text, published=day, outlet=outlet) for text, day, outlet in SIEGE]
    result = geocode_articles(articles, gazetteer=gazetteer)
    made = make_map_rows(result.mentions, result.events, load_conflict(), gazetteer)
    keep = kept_rows(Filters(**chosen), made.mentions, made.told)
    assert sorted(made.mentions["place_name"][keep]) == wanted


def test_layer_and_contested_are_in_the_address():
    filters = Filters(layer="events", contested=True)
    assert read_filters(write_filters(filters)) == filters
    assert read_filters({"layer": "<img>", "contested": "yes"}) == Filters()
