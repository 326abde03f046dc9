"""Control and front move with the window, both versions stand side by side, two days are compared."""

import json
import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PANEL = "[...globalThis[Symbol.for('mihwar')].panels.values()].at(-1).panel"


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


def front_on(page, day):
    """The stretches of the front as the browser finds them on a day since 1970."""
    script = f"{PANEL}.layer._terrain && {PANEL}.frontOn({day})"
    return page.evaluate(script)


def test_the_front_moves_with_the_window_without_a_message(page, address):
    open_map(page, address, lang="en")
    sent = []
    page.on("websocket", lambda _: sent.append("new"))
    february, june = 18302, 18423  # 2020-02-10, 2020-06-10
    before, after = front_on(page, february), front_on(page, june)
    assert before
    assert after
    assert {line["id"] for line in before} != {line["id"] for line in after}
    assert all(0 < line["share"] <= 100 for line in [*before, *after])
    assert sent == []
    assert page.faults == []


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_picked_place_says_who_holds_it_and_opens_the_claims(page, address, lang):
    open_map(page, address, lang=lang, **{"from": "2020-05-20", "to": "2020-06-10"})
    page.locator(".mihwar-map").focus()
    page.keyboard.press("n")
    label = {"ar": "يسيطر في", "en": "Held on"}[lang]
    heading = page.locator(".mihwar-sub", has_text=label)
    heading.wait_for(timeout=20_000)
    assert "%" in heading.inner_text() or "٪" in heading.inner_text()
    page.get_by_text({"ar": "الروايات التي يستند", "en": "Claims it rests on"}[lang]).click()
    page.locator("[data-testid=stExpander] .mihwar-card").first.wait_for(timeout=20_000)
    assert page.outside == []


def test_both_versions_stand_side_by_side_with_what_differs(page, address):
    window = {"from": "2019-12-10", "to": "2019-12-20"}
    open_map(page, address, lang="en", layer="events", contested="1", **window)
    page.locator(".mihwar-map").focus()
    page.keyboard.press("n")
    table = page.locator(".mihwar-versions table").first
    table.wait_for(timeout=20_000)
    assert table.locator("thead th").all_inner_texts()
    heads = " ".join(table.locator("thead th").all_inner_texts())
    assert "Libyan National Army" in heads
    assert "Government of National Accord" in heads
    assert page.locator(".mihwar-badge-contested").first.inner_text() == "contested"
    assert table.locator("tr.mihwar-differs").count() >= 1


def test_contested_only_leaves_fewer_events(page, address):
    open_map(page, address, lang="en", layer="events")
    every = int(page.get_by_test_id("stMetricValue").first.inner_text())
    open_map(page, address, lang="en", layer="events", contested="1")
    few = int(page.get_by_test_id("stMetricValue").first.inner_text())
    assert 0 < few < every
    assert "events" in page.locator(".mihwar-count").inner_text()


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_two_days_are_compared_on_maps_that_move_together(page, address, lang):
    page.goto(f"{address}/compare?lang={lang}&from=2020-03-20&to=2020-06-20")
    maps = page.locator(".mihwar-pair .mihwar-map")
    maps.nth(1).wait_for(timeout=30_000)
    page.wait_for_timeout(1000)
    scales = page.locator(".mihwar-pair .leaflet-control-scale-line")
    before = scales.all_inner_texts()
    page.locator(".mihwar-pair .leaflet-control-zoom-in").first.click()
    page.wait_for_function(
        "before => [...document.querySelectorAll('.mihwar-pair .leaflet-control-scale-line')]"
        ".every((line, at) => line.textContent !== before[at])",
        arg=before,
        timeout=10_000,
    )
    after = scales.all_inner_texts()
    assert after[0] == after[1]
    wanted = {"ar": "ترهونة", "en": "Tarhuna"}[lang]
    line = page.locator(".mihwar-text", has_text=wanted)
    assert "2020-06-0" in line.first.inner_text()
    row = page.locator("[data-testid=stHorizontalBlock], [data-testid=stVerticalBlock]")
    row.filter(has_text=wanted).last.get_by_role("button").first.click()
    page.locator(".mihwar-card:visible").first.wait_for(timeout=20_000)
    assert page.outside == []
    assert page.faults == []


def test_a_shorter_way_back_in_time_is_refused(page, address):
    page.goto(f"{address}/compare?lang=en&from=2020-06-20&to=2020-06-20")
    page.get_by_text("The first day has to lie before").wait_for(timeout=30_000)


@pytest.mark.parametrize("layer", ["Control", "Front line"])
def test_control_and_front_are_downloaded_for_the_window(page, address, tmp_path, layer):
    open_map(page, address, lang="en", **{"from": "2020-03-01", "to": "2020-03-31"})
    choice = page.get_by_role("combobox", name="Layer")
    # The list closes when the page scrolls under it.
    choice.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    choice.fill(layer)
    page.get_by_role("option", name=layer, exact=True).click()
    page.wait_for_timeout(1500)
    with page.expect_download() as caught:
        page.get_by_test_id("stDownloadButton").get_by_role("button").click()
    caught.value.save_as(tmp_path / "x.geojson")
    features = json.loads((tmp_path / "x.geojson").read_text(encoding="utf-8"))["features"]
    assert features
    days = [(f["properties"]["date_start"], f["properties"]["date_end"]) for f in features]
    assert all(first <= "2020-03-31" and last >= "2020-03-01" for first, last in days)


def test_a_time_lapse_plays_by_itself_from_one_file_with_no_network(page, sample_store, tmp_path):
    from click.testing import CliRunner

    from dashboard.cli import main

    file = tmp_path / "lapse.html"
    arguments = ["share", "--store", sample_store, "--time-lapse", "--lang", "ar", "-o", str(file)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    page.goto(file.as_uri())
    window = page.locator(".mihwar-window")
    window.wait_for(timeout=20_000)
    first = window.get_attribute("data-window")
    page.wait_for_function(
        f"document.querySelector('.mihwar-window').dataset.window !== {json.dumps(first)}"
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d", first)
    assert page.outside == []
    assert page.faults == []


def test_whoever_wants_less_motion_gets_a_still_page(browser, sample_store, tmp_path):
    from click.testing import CliRunner

    from dashboard.cli import main

    file = tmp_path / "lapse.html"
    CliRunner().invoke(main, ["share", "--store", sample_store, "--time-lapse", "-o", str(file)])
    context = browser.new_context(reduced_motion="reduce")
    still = context.new_page()
    still.goto(file.as_uri())
    still.locator(".mihwar-window").wait_for(timeout=20_000)
    first = still.locator(".mihwar-window").get_attribute("data-window")
    still.wait_for_timeout(1500)
    assert still.locator(".mihwar-window").get_attribute("data-window") == first
    context.close()
