"""The live map in a real browser: dragging, evidence, no outside request, hostile text as text."""

import json
import re

import pytest

from geocode import ingest_articles, make_article, open_store

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def address(serve, sample_store):
    return serve(sample_store)


def open_map(page, address, **params):
    query = "&".join(f"{k}={v}" for k, v in params.items())
    page.goto(f"{address}/?{query}")
    page.locator(".mihwar-canvas").wait_for(state="attached", timeout=30_000)
    page.get_by_test_id("stMetricValue").first.wait_for(timeout=30_000)
    # What is typed while the page is still being sent is lost.
    page.locator('[data-test-script-state="notRunning"]').first.wait_for(timeout=30_000)
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
    handle, track = (
        page.locator(".mihwar-last").bounding_box(),
        page.locator(".mihwar-track").bounding_box(),
    )
    y = handle["y"] + handle["height"] / 2
    page.mouse.move(handle["x"] + handle["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(track["x"] + track["width"] * 0.8, y, steps=5)
    page.mouse.move(track["x"] + track["width"] * to, y, steps=10)


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
    assert page.locator(".mihwar-window").get_attribute("data-window").endswith(last_day)
    assert last_day in caught.value.suggested_filename
    assert page.faults == []


def test_a_page_whose_end_never_came_is_run_again(page, address):
    """As after a message that Streamlit dropped."""
    open_map(page, address, lang="en")
    seen = "globalThis[Symbol.for('mihwar')].run"
    page.wait_for_function(f"{seen} > 0")
    before = page.evaluate(seen)
    page.evaluate(f"{seen} = 0")
    page.wait_for_function(f"{seen} > {before}", timeout=30_000)
    assert page.locator(".mihwar-canvas").count() == 1


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
    card = page.locator(".mihwar-card:visible").first
    card.wait_for(timeout=15_000)
    assert card.locator(".mihwar-mark-place").count() == 1
    assert card.locator(".mihwar-mark-trigger").count() >= 1
    assert page.locator(".mihwar-evidence:visible").get_attribute("dir") == "rtl"
    assert "القائل" in card.inner_text()


MARKED = ("Sirte", "Gardabiya Air Base")


def test_a_click_on_a_mark_opens_its_sentence(page, address):
    open_map(page, address, lang="en", **{"from": "2020-01-06", "to": "2020-01-06"})
    box = page.locator(".mihwar-map").bounding_box()
    # Only Sirte and its air base are told of on that day; they are found by what the tip says.
    for step in range(400):
        x, y = (
            box["x"] + box["width"] * (0.5 + 0.2 * (step % 20) / 20),
            box["y"] + box["height"] * (0.4 + 0.3 * (step // 20) / 20),
        )
        page.mouse.move(x, y)
        name = page.locator(".mihwar-tip-name")
        if name.count() and name.first.inner_text().split(" · ")[0] in MARKED:
            page.mouse.click(x, y)
            break
    page.locator(".mihwar-card:visible").first.wait_for(timeout=15_000)
    assert page.locator(".mihwar-place:visible").first.inner_text() in MARKED


def test_the_window_plays_pauses_and_moves_by_key(page, address):
    open_map(page, address, lang="en", **{"from": "2019-04-04", "to": "2019-04-20"})
    shown = page.locator(".mihwar-window")
    page.locator(".mihwar-grip").focus()
    page.keyboard.press("Shift+ArrowRight")
    assert shown.get_attribute("data-window") == "2019-04-11/2019-04-27"
    page.keyboard.press("Home")
    assert shown.get_attribute("data-window") == "2019-04-04/2019-04-20"
    page.keyboard.press(" ")
    page.wait_for_timeout(1800)
    page.keyboard.press(" ")
    moved = shown.get_attribute("data-window")
    assert moved > "2019-04-05"
    page.wait_for_timeout(1200)
    assert shown.get_attribute("data-window") == moved
    page.keyboard.press("End")
    assert shown.get_attribute("data-window").endswith("2020-10-24")


def test_all_until_then_counts_what_came_before(page, address):
    open_map(page, address, lang="en", **{"from": "2020-01-01", "to": "2020-01-10"})
    few = mentions(page)
    page.get_by_label("What is counted").select_option("cumulative")
    settled(page, "location.href.includes('mode=cumulative')")
    assert mentions(page) == map_count(page) == table_rows(page) > few


def test_filters_hold_for_map_table_and_download_alike(page, address, tmp_path):
    open_map(page, address, lang="en")
    everything = mentions(page)
    page.get_by_placeholder("A word or place").fill("Gharyan")
    page.keyboard.press("Enter")
    settled(page, "location.href.includes('q=Gharyan')")
    page.wait_for_timeout(1500)
    found = mentions(page)
    assert 0 < found < everything
    assert map_count(page) == table_rows(page) == found
    with page.expect_download() as caught:
        page.get_by_test_id("stDownloadButton").get_by_role("button").click()
    caught.value.save_as(tmp_path / "x.geojson")
    features = json.loads((tmp_path / "x.geojson").read_text(encoding="utf-8"))["features"]
    assert len(features) == found
    page.reload()
    open_map(page, address, lang="en", q="Gharyan")
    assert mentions(page) == map_count(page) == found


def test_a_box_on_the_map_leaves_out_what_lies_outside(page, address):
    open_map(page, address, lang="en")
    everything = mentions(page)
    page.get_by_label("Draw a box").click()
    box = page.locator(".mihwar-map").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.45, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, middle + box["height"] * 0.25, steps=6)
    page.mouse.up()
    settled(page, "location.href.includes('area=')")
    page.wait_for_timeout(1500)
    assert 0 < mentions(page) < everything
    assert mentions(page) == map_count(page) == table_rows(page)
    page.get_by_label("Clear the area").click()
    settled(page, "!location.href.includes('area=')")
    page.wait_for_timeout(1500)
    assert mentions(page) == everything


def test_a_drag_sends_nothing_to_the_server(page, address):
    open_map(page, address, lang="en")
    page.evaluate(
        """() => { window.sent = 0; const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (...a) { window.sent++; return send.apply(this, a); }; }"""
    )
    drag_last_handle(page, 0.6)
    page.mouse.move(400, 900, steps=30)
    page.wait_for_timeout(5000)  # longer than the page waits between looks for news
    sent = page.evaluate("window.sent")
    page.mouse.up()
    assert sent == 0


def test_a_picture_of_the_map_can_be_saved(page, address):
    open_map(page, address, lang="ar")
    with page.expect_download() as caught:
        page.get_by_label("احفظ صورة الخريطة").click()
    assert caught.value.suggested_filename.endswith(".png")
    assert caught.value.path().read_bytes().startswith(b"\x89PNG")


def test_open_report_shows_the_whole_text_with_its_places(page, address):
    open_map(page, address, lang="en")
    page.locator(".mihwar-map").focus()
    page.keyboard.press("n")
    page.locator(".mihwar-report:visible").first.click()
    body = page.locator(".mihwar-body")
    body.wait_for(timeout=20_000)
    assert body.locator("mark").count() > 1
    assert "report=" in page.url


def test_the_arabic_page_is_mirrored(page, address):
    open_map(page, address, lang="ar")
    tools = page.locator(".mihwar-tools").bounding_box()
    first = page.locator(".mihwar-menu").bounding_box()
    assert first["x"] + first["width"] > tools["x"] + tools["width"] * 0.9
    main = page.get_by_test_id("stMainBlockContainer")
    assert main.evaluate("(e) => getComputedStyle(e).direction") == "rtl"


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_nothing_is_cut_off_on_a_telephone(page, address, lang):
    page.set_viewport_size({"width": 390, "height": 844})
    open_map(page, address, lang=lang)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator(".mihwar-map").bounding_box()
    assert box["width"] > 330


def test_a_pasted_report_is_read_saved_and_shown(page, serve, tmp_path):
    store = str(tmp_path / "s.sqlite")
    with open_store(store) as opened:
        article = make_article("اشتباكات في سرت", published="2020-01-07")
        list(ingest_articles([article], opened))
    address = serve(store)
    page.goto(f"{address}/add?lang=en")
    page.get_by_label("Text of the report").fill("قصفت طائرات مسيرة مطار غات أمس.")
    page.get_by_role("spinbutton", name="year, Published on").click()
    page.keyboard.type("20200109")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Read", exact=True).click()
    page.get_by_role("button", name="Save 1").wait_for(timeout=20_000)
    with open_store(store, read_only=True) as opened:
        assert opened.count()["articles"] == 1  # nothing is saved before it was looked at
    page.get_by_role("button", name="Save 1").click()
    page.get_by_text("1 saved").wait_for(timeout=20_000)
    page.get_by_role("link", name="Map", exact=True).click()
    page.get_by_test_id("stMetricValue").first.wait_for(timeout=30_000)
    page.wait_for_timeout(1500)
    assert mentions(page) == map_count(page) == 2


def test_new_reports_are_offered_and_do_not_move_the_map(page, serve, tmp_path):
    store = str(tmp_path / "s.sqlite")
    with open_store(store) as opened:
        list(ingest_articles([make_article("اشتباكات في سرت", published="2020-01-07")], opened))
    open_map(page, serve(store), lang="en")
    with open_store(store) as opened:
        list(ingest_articles([make_article("قصف على مصراتة", published="2020-01-08")], opened))
    offer = page.get_by_role("button", name="1 new reports")
    offer.wait_for(timeout=20_000)
    assert mentions(page) == map_count(page) == 1
    offer.click()
    page.wait_for_timeout(3000)
    assert mentions(page) == map_count(page) == 2


@pytest.mark.parametrize("path", ["", "reports", "table", "add", "method"])
def test_no_request_leaves_the_machine(page, address, path):
    page.goto(f"{address}/{path}")
    page.get_by_test_id("stMainBlockContainer").wait_for(timeout=30_000)
    page.wait_for_timeout(3000)
    assert page.outside == []


def test_hostile_text_is_text_in_the_live_map(page, serve, hostile_store):
    open_map(page, serve(hostile_store), lang="en")
    page.locator(".mihwar-map").focus()
    page.keyboard.press("n")
    card = page.locator(".mihwar-card:visible").first
    card.wait_for(timeout=15_000)
    text = card.inner_text()
    for part in ("<img src=x onerror=", "${window.hacked", "{{ cycler", "</script>"):
        assert part in text
    assert page.evaluate("window.hacked") is None
    assert card.locator("img, script, a:not(.mihwar-report)").count() == 0
    assert page.faults == []
