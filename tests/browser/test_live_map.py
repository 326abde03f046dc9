"""The live map in a real browser: dragging, evidence, no outside request, hostile text as text."""

import json
import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def address(serve, sample_store):
    return serve(sample_store)


def open_map(page, address, **params):
    query = "&".join(f"{k}={v}" for k, v in params.items())
    page.goto(f"{address}/?{query}")
    page.locator(".mihwar-canvas").wait_for(state="attached", timeout=30_000)
    page.get_by_test_id("stMetricValue").first.wait_for(timeout=30_000)
    page.locator("[data-testid=stDataFrame] canvas").first.wait_for(timeout=30_000)


def settled(page, condition):
    """Wait until what follows the release of a handle is there."""
    page.wait_for_function(condition, timeout=15_000)
    page.wait_for_timeout(600)


def mentions(page):
    return int(page.get_by_test_id("stMetricValue").first.inner_text())


def map_count(page):
    return int(re.search(r"\d+", page.locator(".mihwar-count").inner_text()).group())


def table_rows(page):
    grid = page.locator("[data-testid=stDataFrame] [role=grid]").first
    return int(grid.get_attribute("aria-rowcount")) - 1


def drag_last_handle(page, to):
    """Drag the right handle to a share of the track."""
    box = page.locator(".mihwar-last").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] - 11, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, y, steps=5)
    page.mouse.move(box["x"] + box["width"] * to, y, steps=10)


def test_table_count_address_and_download_agree_after_a_drag(page, address, tmp_path):
    open_map(page, address, lang="en")
    before, start = mentions(page), page.url
    drag_last_handle(page, 0.5)
    while_dragged = map_count(page)
    assert mentions(page) == before  # Python hears of it on release, not while dragging
    page.mouse.up()
    settled(page, f"location.href !== {json.dumps(start)}")
    assert 0 < while_dragged < before
    assert mentions(page) == map_count(page) == table_rows(page) == while_dragged
    with page.expect_download() as caught:
        page.get_by_test_id("stDownloadButton").get_by_role("button").click()
    caught.value.save_as(tmp_path / "x.geojson")
    features = json.loads((tmp_path / "x.geojson").read_text(encoding="utf-8"))["features"]
    assert len(features) == while_dragged
    last_day = re.search(r"to=(\d{4}-\d\d-\d\d)", page.url).group(1)
    assert page.locator(".mihwar-window").inner_text().endswith(last_day)
    assert last_day in caught.value.suggested_filename
    assert page.faults == []


def test_a_link_gives_the_same_view_again(page, address):
    window = {"lang": "ar", "layer": "all", "from": "2020-01-01", "to": "2020-06-10"}
    open_map(page, address, **window)
    first = mentions(page)
    page.reload()
    open_map(page, address, **window)
    assert mentions(page) == first == map_count(page)
    assert "from=2020-01-01" in page.url


def test_another_layer_keeps_map_count_and_table_together(page, address):
    open_map(page, address, lang="en")
    front = mentions(page)
    page.get_by_text("All mentions").click()
    settled(page, "location.href.includes('layer=all')")
    page.wait_for_timeout(1500)
    assert mentions(page) == map_count(page) == table_rows(page) > front


def test_the_handles_move_by_keyboard(page, address):
    open_map(page, address, lang="en")
    start = page.url
    page.locator(".mihwar-first").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    settled(page, f"location.href !== {json.dumps(start)}")
    assert "from=2019-04-07" in page.url


def test_the_map_stays_where_it_is_when_a_handle_is_released(page, address):
    """No flicker, no reload: the same canvas, the same zoom."""
    open_map(page, address, lang="en")
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(600)
    marked = "(() => { const r = [...document.querySelectorAll('*')].map((e) => e.shadowRoot).filter(Boolean); return r.map((x) => x.querySelector('.mihwar-canvas')).find(Boolean); })()"
    page.evaluate(f"{marked}.dataset.kept = 'yes'")
    start, scale = page.url, page.locator(".leaflet-control-scale-line").inner_text()
    drag_last_handle(page, 0.4)
    page.mouse.up()
    settled(page, f"location.href !== {json.dumps(start)}")
    assert page.evaluate(f"{marked}.dataset.kept") == "yes"
    assert page.locator(".leaflet-control-scale-line").inner_text() == scale


def test_a_mark_opens_its_sentence_with_the_place_marked(page, address):
    open_map(page, address, lang="ar")
    page.locator(".mihwar-map").focus()
    page.keyboard.press("n")
    card = page.locator(".mihwar-card").first
    card.wait_for(timeout=15_000)
    assert card.locator("mark").inner_text() in card.locator(".mihwar-sentence").inner_text()
    assert page.locator(".mihwar-evidence").get_attribute("dir") == "rtl"
    assert "القائل" in card.inner_text()


def test_a_click_on_a_mark_opens_its_sentence(page, address):
    open_map(page, address, lang="en", **{"from": "2020-01-06", "to": "2020-01-06"})
    box = page.locator(".mihwar-map").bounding_box()
    # Only Sirte and its air base are shown on that day; they are found by what the pointer becomes.
    for step in range(400):
        x, y = (
            box["x"] + box["width"] * (0.5 + 0.2 * (step % 20) / 20),
            box["y"] + box["height"] * (0.4 + 0.3 * (step // 20) / 20),
        )
        page.mouse.move(x, y)
        if page.locator(".mihwar-map").evaluate("(e) => e.style.cursor") == "pointer":
            page.mouse.click(x, y)
            break
    page.locator(".mihwar-card").first.wait_for(timeout=15_000)
    assert page.locator(".mihwar-place").first.inner_text() in ("Sirte", "Gardabiya Air Base")


@pytest.mark.parametrize("path", ["", "reports", "about"])
def test_no_request_leaves_the_machine(page, address, path):
    page.goto(f"{address}/{path}")
    page.get_by_test_id("stMainBlockContainer").wait_for(timeout=30_000)
    page.wait_for_timeout(3000)
    assert page.outside == []


def test_hostile_text_is_text_in_the_live_map(page, serve, hostile_store):
    open_map(page, serve(hostile_store), lang="en")
    page.locator(".mihwar-map").focus()
    page.keyboard.press("n")
    card = page.locator(".mihwar-card").first
    card.wait_for(timeout=15_000)
    text = card.inner_text()
    for part in ("<img src=x onerror=", "${window.hacked", "{{ cycler", "</script>"):
        assert part in text
    assert page.evaluate("window.hacked") is None
    assert card.locator("img, script, a").count() == 0
    assert page.faults == []
