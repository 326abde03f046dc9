"""What the map draws is what the table shows and the download holds."""

import base64

import numpy as np
import pytest

from dashboard.language import load_words
from dashboard.timemap.columns import pack_mask, to_columns
from dashboard.timemap.rows import make_map_rows
from geocode import geocode_articles, make_article
from geocode.conflict import load_conflict

CONFLICT = load_conflict()
REPORTS = [
    ("سيطر الجيش الوطني على سرت", "2020-01-07", "نموذج مؤيد للجيش الوطني"),
    ("قال قنونو إن قوات الوفاق استعادت سرت", "2020-06-08", ""),
    ("قصفت طائرات مجهولة قاعدة الوطية", "2020-07-05", ""),
    ("قصفت طائرات مجهولة مصراتة", "", ""),
]


@pytest.fixture(scope="module")
def tables(gazetteer):
    articles = [make_article(text, published=day, outlet=outlet) for text, day, outlet in REPORTS]
    return geocode_articles(articles, gazetteer=gazetteer)


@pytest.fixture(scope="module")
def rows(tables, gazetteer):
    return make_map_rows(tables.mentions, tables.events, CONFLICT, gazetteer, front_only=True)


@pytest.fixture(scope="module")
def columns(rows, gazetteer):
    return to_columns(rows, CONFLICT, gazetteer, lang="ar", words=load_words("ar"))


def decode(packed):
    return np.frombuffer(base64.b64decode(packed["data"]), f"<{packed['kind']}").astype(int)


def test_undated_mentions_are_kept_apart_and_never_get_a_day(rows):
    assert rows.undated["place_name"].to_list() == ["Misrata"]
    assert "Misrata" not in set(rows.mentions["place_name"])


def test_the_browser_gets_as_many_rows_as_the_table(rows, columns):
    assert len(decode(columns["day"])) == len(rows.mentions) == 3
    assert (np.diff(decode(columns["day"])) >= 0).all()


def test_a_window_holds_the_same_rows_here_and_there(rows, columns):
    first, last = 18_300, 18_425  # 2020-02-08 to 2020-06-12
    days = decode(columns["day"]) + columns["first_day"]
    shown = rows.mentions[rows.in_window(first, last)]
    assert len(shown) == int(((days >= first) & (days <= last)).sum()) == 1


def test_mentions_of_one_site_share_a_mark(rows, columns):
    assert len(columns["sites"]) == len(columns["places"]) == 2
    site = columns["sites"][decode(columns["site"])[0]]
    assert columns["places"][site["place"]]["name"] == "سرت"


def test_the_type_of_a_mention_is_that_of_its_first_event(columns):
    assert [columns["types"][i]["id"] for i in decode(columns["type"])] == [
        "capture",
        "capture",
        "airstrike",
    ]


def test_by_report_date_a_late_report_counts_on_the_day_it_was_printed(gazetteer):
    article = make_article("قصفت طائرات مجهولة مصراتة يوم 1 مايو", published="2020-05-09")
    result = geocode_articles([article], gazetteer=gazetteer)
    rows = make_map_rows(result.mentions, result.events, CONFLICT, gazetteer)
    day, reported = rows.mentions[["day", "reported"]].iloc[0]
    assert reported - day == 8
    assert rows.in_window(day, day, "event").tolist() == [True]
    assert rows.in_window(day, day, "report").tolist() == [False]


def test_a_mask_has_a_bit_a_row():
    bits = np.frombuffer(
        base64.b64decode(pack_mask(np.array([1, 0, 1] + [0] * 7 + [1], bool))), "u1"
    )
    assert bits.tolist() == [0b101, 0b100]


def test_the_ring_shows_who_speaks(columns):
    sides = [columns["sides"][i]["id"] for i in decode(columns["side"])]
    assert sides == ["LNA", "GNA", ""]


def test_the_same_rows_give_the_same_bytes(rows, columns, gazetteer):
    again = to_columns(rows, CONFLICT, gazetteer, lang="ar", words=load_words("ar"))
    assert again == columns


def test_an_empty_store_gives_an_empty_map(tables, gazetteer):
    empty = make_map_rows(tables.mentions.iloc[:0], tables.events.iloc[:0], CONFLICT, gazetteer)
    assert empty.bounds == (0, 0)
    assert to_columns(empty, CONFLICT, gazetteer, lang="en", words=load_words("en"))["sites"] == []


def test_a_window_of_rows_has_only_its_own_sites(rows):
    part = rows.between(18_300, 18_425)
    assert (len(part.mentions), len(part.sites)) == (1, 1)
    assert part.mentions["site"].to_list() == [0]
