"""Dates are resolved against the day of publication, and never guessed without one."""

from datetime import date

import pytest

from geocode import make_article
from geocode.dates import find_dates
from geocode.document import make_document
from geocode.language_rules import load_language

SUNDAY = "2019-12-15"


def dates(text, published=SUNDAY, lang="ar"):
    article = make_article(text, published=published, lang=lang)
    found = find_dates(make_document(article), load_language(lang))
    return [(t.start.isoformat(), t.end.isoformat()) for t in found]


def day(text):
    return [(text, text)]


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("اليوم", day("2019-12-15")),
        ("اليوم الأحد", day("2019-12-15")),
        ("أمس السبت", day("2019-12-14")),
        ("أول أمس", day("2019-12-13")),
        ("الخميس", day("2019-12-12")),
        ("والسبت", day("2019-12-14")),
        ("الأحد", day("2019-12-15")),  # the same weekday is today
        ("مساء الأحد", day("2019-12-15")),
        ("يوم الاثنين الماضي", day("2019-12-09")),
        ("الخميس المقبل", day("2019-12-19")),
        ("الأسبوع الماضي", [("2019-12-08", "2019-12-14")]),
        ("27 نوفمبر/تشرين الثاني الماضي", day("2019-11-27")),
        ("4 أوت 2019", day("2019-08-04")),
        ("23/12/2015", day("2015-12-23")),
        ("٢٣/١٢/٢٠١٥", day("2015-12-23")),
        ("15 ربيع الآخر 1441", day("2019-12-12")),
        ("قبل ثلاثة أيام", day("2019-12-12")),
        ("قبل يومين", day("2019-12-13")),
        ("خلال الساعات الماضية", [("2019-12-14", "2019-12-15")]),
        ("خلال 48 ساعة", [("2019-12-13", "2019-12-15")]),
        ("الليلة الماضية", [("2019-12-14", "2019-12-15")]),
        ("في نوفمبر 2019", [("2019-11-01", "2019-11-30")]),
        ("صباح غد الاثنين", day("2019-12-16")),
        ("أبريل " + "9" * 5000, []),
        ("2015-12-23", day("2015-12-23")),
        ("سبها عام 2014", [("2014-01-01", "2014-12-31")]),
        ("سوق الخميس", []),
        ("مهلة 72 ساعة المقبلة", []),
        ("القرار 2259", []),
        ("31 فبراير 2019", []),
    ],
)
def test_arabic_dates(text, resolved):
    assert dates(text) == resolved


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("on Tuesday", day("2019-12-10")),
        ("two days earlier", day("2019-12-13")),
        ("last week", [("2019-12-08", "2019-12-14")]),
        ("April 4", day("2019-04-04")),
        ("26 June 2019", day("2019-06-26")),
        ("a plan to attack on 19 January", day("2020-01-19")),
        ("overnight", [("2019-12-14", "2019-12-15")]),
    ],
)
def test_english_dates(text, resolved):
    assert dates(text, lang="en") == resolved


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("mardi", day("2019-12-10")),
        ("hier", day("2019-12-14")),
        ("le 4 avril 2019", day("2019-04-04")),
    ],
)
def test_french_dates(text, resolved):
    assert dates(text, lang="fr") == resolved


@pytest.mark.parametrize("text", ["أمس السبت", "قبل يومين", "27 نوفمبر"])
def test_without_a_publication_date_relative_dates_stay_unknown(text):
    assert dates(text, published="") == []


def test_without_a_publication_date_a_full_date_is_still_read():
    assert dates("في 23/12/2015", published="") == day("2015-12-23")


def test_an_undated_report_gives_undated_events(read):
    event = read("سيطر الجيش الوطني أمس على ترهونة").events.iloc[0]
    assert event["date_precision"] == "unknown"
    assert event.isna()["date_start"]


def test_the_reports_own_day_dates_an_act_that_nothing_else_dates(read):
    event = read("سيطر الجيش الوطني على ترهونة", published="2019-04-10").events.iloc[0]
    assert (event["date_start"], event["date_precision"]) == ("2019-04-10", "report")
    assert date.fromisoformat(event["date_end"]) == date(2019, 4, 10)
