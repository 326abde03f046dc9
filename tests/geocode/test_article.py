"""Articles keep their text, and never get a date nobody gave them."""

from datetime import date

import pytest

from geocode import ArticleError, make_article
from geocode.article import detect_language, parse_published


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2019-12-14", date(2019, 12, 14)),
        ("٢٠١٩-١٢-١٤", date(2019, 12, 14)),
        ("2019-12-14T23:30:00+00:00", date(2019, 12, 15)),  # already the 15th in Tripoli
        ("2019-12-14T23:30:00", date(2019, 12, 14)),
    ],
)
def test_parse_published_reads(value, day):
    assert parse_published(value) == day


@pytest.mark.parametrize(
    "value",
    [
        "2019-13-45",
        "2019-02-30",
        "yesterday",
        "1441-04-19",
        "0001-01-01",
        "9999-12-31",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_parse_published_refuses(value):
    with pytest.raises(ArticleError, match=value[:10]):
        parse_published(value)


def test_an_article_without_a_date_stays_undated():
    assert make_article("سرت").published is None


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_an_article_needs_a_text(text):
    with pytest.raises(ArticleError, match="empty"):
        make_article(text)


def test_an_article_may_not_be_endless():
    with pytest.raises(ArticleError, match="1000001"):
        make_article("س" * 1_000_001)


def test_what_no_file_can_hold_is_exchanged_one_for_one():
    assert make_article("سرت\ud800\0x").text == "سرت\ufffd\ufffdx"


def test_the_same_text_gets_the_same_id():
    assert make_article("سرت").article_id == make_article("سرت").article_id


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("سيطرت القوات على سرت", "ar"),
        ("The army said it was in the town of Sirte", "en"),
        ("Les forces ont pris la ville de Syrte dans la nuit", "fr"),
    ],
)
def test_detect_language(text, lang):
    assert detect_language(text) == lang
