"""The shared file in a real browser, opened from disk with no network."""

import pytest

from dashboard.share import share_html, time_map
from gazetteer import load_gazetteer
from geocode import open_store
from geocode.conflict import load_conflict

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def write_page(store_path, path, lang):
    with open_store(store_path, read_only=True) as store:
        made = time_map(
            store.layer("mentions"),
            store.layer("events"),
            {a.article_id: a for a in store.articles()},
            conflict=load_conflict(),
            gazetteer=load_gazetteer(),
            lang=lang,
        )
    path.write_text(share_html(made), encoding="utf-8")
    return path.as_uri()


def test_the_file_opens_from_disk_and_its_window_can_be_dragged(page, sample_store, tmp_path):
    page.goto(write_page(sample_store, tmp_path / "map.html", "ar"))
    page.locator(".mihwar-canvas").wait_for(state="attached", timeout=15_000)
    before = page.locator(".mihwar-count").inner_text()
    page.locator(".mihwar-last").focus()
    page.keyboard.press("Home")
    assert page.locator(".mihwar-count").inner_text() != before
    assert page.outside == []
    assert page.faults == []


def test_hostile_text_is_text_in_the_shared_file(page, hostile_store, tmp_path):
    page.goto(write_page(hostile_store, tmp_path / "map.html", "en"))
    page.locator(".mihwar-map").focus()
    page.keyboard.press("n")
    card = page.locator(".mihwar-card:visible").first
    card.wait_for(timeout=15_000)
    for part in ("<img src=x onerror=", "${window.hacked", "{{ cycler", "</script>"):
        assert part in card.inner_text()
    assert page.evaluate("window.hacked") is None
    assert page.faults == []
