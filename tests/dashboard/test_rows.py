"""What the map draws is what the table shows and the download holds."""

import base64

import numpy as np
import pytest

from dashboard.language import load_words
from dashboard.timemap.rows import make_map_rows, to_columns
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
def rows(tables):
    return make_map_rows(tables.mentions, tables.events, CONFLICT, front_only=True)


@pytest.fixture(scope="module")
def columns(rows, gazetteer):
    return to_columns(rows, CONFLICT, gazetteer, lang="ar", words=load_words("ar"))


def decode(text):
    return np.frombuffer(base64.b64decode(text), "<i4")


def test_undated_mentions_are_kept_apart_and_never_get_a_day(rows):
    assert rows.undated["place_name"].to_list() == ["Misrata"]
    assert "Misrata" not in set(rows.mentions["place_name"])


def test_the_browser_gets_as_many_rows_as_the_table(rows, columns):
    assert len(decode(columns["day"])) == len(rows.mentions) == 3
    assert (np.diff(decode(columns["day"])) >= 0).all()


def test_a_window_holds_the_same_rows_here_and_there(rows, columns):
    first, last = 18_300, 18_425  # 2020-02-08 to 2020-06-12
    days = decode(columns["day"])
    shown = rows.mentions.iloc[rows.window(first, last)]
    assert len(shown) == int(((days >= first) & (days <= last)).sum()) == 1


def test_mentions_of_one_site_share_a_mark(rows, columns):
    assert len(columns["sites"]) == 2
    assert columns["sites"][decode(columns["site"])[0]]["name"] == "سرت"


def test_the_ring_shows_who_speaks(columns):
    sides = [columns["sides"][i]["id"] for i in decode(columns["side"])]
    assert sides == ["LNA", "GNA", ""]


def test_the_same_rows_give_the_same_bytes(rows, columns, gazetteer):
    again = to_columns(rows, CONFLICT, gazetteer, lang="ar", words=load_words("ar"))
    assert again == columns


def test_an_empty_store_gives_an_empty_map(tables, gazetteer):
    empty = make_map_rows(
        tables.mentions.iloc[:0], tables.events.iloc[:0], CONFLICT, front_only=False
    )
    assert empty.bounds == (0, 0)
    assert to_columns(empty, CONFLICT, gazetteer, lang="en", words=load_words("en"))["sites"] == []


def test_a_window_of_rows_has_only_its_own_sites(rows):
    part = rows.between(18_300, 18_425)
    assert (len(part.mentions), len(part.sites)) == (1, 1)
    assert part.mentions["site"].to_list() == [0]
