"""Rows 40 to 47 of the list of bad inputs: days of publication."""

import json
from datetime import date, timedelta

import pytest
from bad_files import (
    SIRTE,
    TARHUNA,
    line,
)

from geocode import (
    open_store,
)
from geocode.options import today


@pytest.mark.parametrize(
    "value",
    ["2024-13-45", "2024-02-30", "0000-00-00", "24:00:00", "2024-01-12T24:00:00", "31/02/2024"],
)
def test_row_40_what_is_no_day_is_refused(published, value):
    assert "is no date" in published(value)


def test_row_40_a_day_that_is_no_text_is_read_or_refused_and_never_dropped(published):
    assert published({"$date": "2020-01-07T10:00:00Z"}) != ("None", "")


def test_row_40_what_is_no_day_goes_to_quarantine_and_the_next_is_stored(run, tmp_path):
    rows = line({"text": SIRTE, "published": "2024-02-30"}) + line({"text": TARHUNA})
    (tmp_path / "a.jsonl").write_text(rows, encoding="utf-8")
    assert run("ingest", "a.jsonl").exit_code == 1
    with open_store(str(tmp_path / "own.sqlite")) as store:
        (kept,) = store.quarantine.list()
        assert [a.text for a in store.articles()] == [TARHUNA]
    assert "is no date" in kept.refused.reason
    assert json.loads(kept.refused.content)["text"] == SIRTE


@pytest.mark.parametrize(
    ("value", "given", "expected"),
    [
        ("1446-07-15", {"hijri": True}, "2025-01-15"),
        ("15/07/1446", {"hijri": True}, "2025-01-15"),
        ("1446-07-15 هـ", {}, "2025-01-15"),
        ("1446-07-15", {}, "Hijri"),
        ("1403-02-12", {}, "Hijri"),
        ("۱۴۰۳/۰۲/۱۲", {}, "Hijri"),
        ("۱۴۰۳/۰۲/۱۲", {"hijri": True}, "expected 1990 to 2100"),
    ],
)
def test_row_41_hijri_years_are_converted_where_declared_else_refused(
    published, value, given, expected
):
    found = published(value, **given)
    assert expected in found


@pytest.mark.parametrize(
    ("value", "day"),
    [
        pytest.param("15 رجب 1446", "2025-01-15", id="row 42: Hijri month"),
        pytest.param("12 كانون الثاني 2024", "2024-01-12", id="row 42: Levantine month"),
        pytest.param("٥ جانفي ٢٠٢٠", "2020-01-05", id="row 42: Maghrebi month"),
        pytest.param("7 janvier 2020", "2020-01-07", id="row 42: French month"),
        pytest.param("٢٠٢٠-٠١-٠٧", "2020-01-07", id="row 43: Arabic figures"),
        pytest.param("۲۰۲۰-۰۱-۰۷", "2020-01-07", id="row 43: Persian figures"),
        pytest.param("٢٥/١٢/٢٠١٩", "2019-12-25", id="row 43: Arabic figures, day first"),
        pytest.param("1578390300", "2020-01-07", id="row 47: seconds"),
        pytest.param(1578390300, "2020-01-07", id="row 47: seconds as a number"),
        pytest.param(1578390300000, "2020-01-07", id="row 47: milliseconds"),
    ],
)
def test_a_day_is_read_however_it_is_written(published, value, day):
    assert published(value)[0] == day


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("12 كانون 2024", id="row 42: half a month"),
        pytest.param("31 يونيو 2020", id="row 42: no such day"),
        pytest.param("رجب 1446", id="row 42: no day"),
        pytest.param(157839030, id="row 47: seconds of 1975"),
        pytest.param(15783903000, id="row 47: neither"),
        pytest.param(1578390300000000, id="row 47: microseconds"),
    ],
)
def test_a_day_nobody_can_be_sure_of_is_refused(published, value):
    assert isinstance(published(value), str)


@pytest.mark.parametrize(
    ("order", "expected"), [("dmy", "2024-02-01"), ("mdy", "2024-01-02"), ("", "may be two days")]
)
def test_row_44_two_figures_are_read_in_the_declared_order_else_refused(published, order, expected):
    assert expected in published("01/02/2024", date_order=order)


@pytest.mark.parametrize(
    ("value", "given"),
    [
        ("1899-12-31", {}),
        ("9999-12-31", {}),
        ("2020-01-10", {"latest": date(2020, 1, 9)}),
        ("2014-12-31", {"earliest": date(2015, 1, 1)}),
    ],
)
def test_row_45_a_day_out_of_range_is_refused(published, value, given):
    assert "expected" in published(value, **given)


@pytest.mark.parametrize(("days", "code"), [(1, 0), (2, 2)])
def test_row_45_the_commands_take_no_day_after_tomorrow(run, tmp_path, days, code):
    row = {"text": SIRTE, "published": str(today() + timedelta(days=days))}
    (tmp_path / "a.jsonl").write_text(line(row), encoding="utf-8")
    assert run("ingest", "a.jsonl").exit_code == code


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(
            "2020-01-07T01:00:00+14:00", ("2020-01-06", "2020-01-06T11:00:00+00:00"), id="+14:00"
        ),
        pytest.param(
            "2020-01-07T10:00:00", ("2020-01-07", "2020-01-07T08:00:00+00:00"), id="no zone"
        ),
        pytest.param(  # clocks went from 1 to 2
            "2013-03-29T01:30:00", ("2013-03-29", "2013-03-29T00:30:00+00:00"), id="summer time"
        ),
        pytest.param(
            "Tue, 07 Jan 2020 23:30:00 GMT", ("2020-01-08", "2020-01-07T23:30:00+00:00"), id="mail"
        ),
    ],
)
def test_row_46_times_are_kept_in_utc_and_without_a_zone_are_of_libya(published, value, expected):
    assert published(value) == expected
