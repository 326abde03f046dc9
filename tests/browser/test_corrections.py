"""A mention is corrected in the report view, and its mark moves."""

import pytest

from geocode import ingest_articles, make_article, open_store

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_corrected_mention_moves_at_once_and_for_good(page, serve, tmp_path):
    store = str(tmp_path / "s.sqlite")
    article = make_article(
        "سيطرت قوات الوفاق على غريان أمس.", published="2019-06-27", article_id="a1"
    )
    with open_store(store) as opened:
        list(ingest_articles([article], opened))
    page.goto(f"{serve(store)}/reports?lang=en&report=a1")
    page.get_by_text("Correct this report").click()
    search = page.get_by_label("Search for a place")
    search.fill("Tarhuna")
    search.press("Enter")
    chosen = "[...document.querySelectorAll('input')].some((i) => i.value.startsWith('Tarhuna ·'))"
    page.wait_for_function(
        f"{chosen} || document.body.innerText.includes('Tarhuna · city')", timeout=20_000
    )
    page.get_by_role("button", name="Save the correction").click()
    page.get_by_text("read again").wait_for(timeout=20_000)
    assert page.locator(".mihwar-place:visible").first.inner_text() == "Tarhuna"
    assert page.locator(".mihwar-tag-corrected").count() >= 1
    with open_store(store, read_only=True) as opened:
        assert opened.layer("mentions")["place_id"].to_list() == ["ly:tarhuna"]
    assert "ly:tarhuna" in (tmp_path / "s.sqlite.corrections.csv").read_text(encoding="utf-8")
    assert page.outside == []
