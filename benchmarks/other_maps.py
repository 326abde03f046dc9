"""
What others draw of the same points: first paint, and how long one step of time takes.

folium's pages fetch their scripts from the network. Here they get them from a folder of npm
packages that the caller names, so that the machine needs no network while it is measured:
``npm install --prefix FOLDER leaflet@1.9.3 jquery@3.7.1 bootstrap@5.2.2 iso8601-js-period@0.2.1
leaflet-timedimension@1.1.1 leaflet.awesome-markers@2.0.5 jquery-ui-dist@1.12.1 moment@2.18.1``.
"""

import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Frame, Page, Route

_PATIENCE_MS = 240_000
_NPM = re.compile(r"https://cdn\.jsdelivr\.net/npm/(@?[^@]+)@[^/]+/(.+)")
# Addresses that do not name the npm package, and the file that is the same.
_ELSEWHERE = {
    "jquery-3.7.1.min.js": "jquery/dist/jquery.min.js",
    "jquery.min.js": "jquery/dist/jquery.min.js",
    "jquery-ui.min.js": "jquery-ui-dist/jquery-ui.min.js",
    "moment.min.js": "moment/min/moment.min.js",
    "leaflet.awesome-markers.js": "leaflet.awesome-markers/dist/leaflet.awesome-markers.js",
}
# What the largest canvas shows, once it holds a drawn point and is another picture than before.
_DRAWN = """(before) => {
  const canvas = [...document.querySelectorAll('canvas')].find((one) => one.width && one.height);
  if (!canvas) return false;
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  if (!pixels.some((value, at) => at % 4 === 3 && value)) return false;
  const picture = canvas.toDataURL();
  return picture !== before && picture;
}"""
_PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def give_scripts(page: Page, folder: Path) -> None:
    """
    Answer what a page asks the network for from a folder of npm packages.

    Parameters
    ----------
    page
        The page.
    folder
        Which holds ``node_modules``.
    """

    def answer(route: Route) -> None:
        address = route.request.url
        if address.startswith(("http://127.0.0.1", "data:", "blob:")):
            route.continue_()
            return
        found = _NPM.fullmatch(address)
        name = "/".join(found.groups()) if found else _ELSEWHERE.get(address.rsplit("/", 1)[-1])
        # Some packages hold their script only as it was written.
        names = (name, name.replace(".min.js", ".js")) if name else ()
        files = [folder / "node_modules" / one for one in names]
        file = next((one for one in files if one.is_file()), None)
        if file is not None:
            route.fulfill(path=file)
        else:
            route.fulfill(body="")  # style sheets for looks only

    page.route("**/*", answer)


def folium_layer(browser: Browser, address: str, scripts: Path, rounds: int) -> tuple[float, float]:
    """
    Measure st_folium with one GeoJson layer.

    Parameters
    ----------
    browser
        Chromium.
    address
        Of the page.
    scripts
        As for `give_scripts`.
    rounds
        How often; medians are given.

    Returns
    -------
    paint_s, step_s
        Until the points stand; from a step of Streamlit's slider until they stand again.
    """

    def step(page: Page, _: Frame) -> None:
        page.get_by_role("slider").first.focus()
        page.keyboard.press("End")  # the last day alone

    return _measure(browser, address, scripts, rounds, step)


def timestamped(browser: Browser, address: str, scripts: Path, rounds: int) -> tuple[float, float]:
    """
    Measure folium's TimestampedGeoJson, as `folium_layer` does; a step is its own button.

    Parameters
    ----------
    browser
        Chromium.
    address
        Of the page.
    scripts
        As for `give_scripts`.
    rounds
        How often.
    """

    def step(_: Page, frame: Frame) -> None:
        frame.locator(".timecontrol-forward").click()

    return _measure(browser, address, scripts, rounds, step)


def _measure(
    browser: Browser,
    address: str,
    scripts: Path,
    rounds: int,
    step: Callable[[Page, Frame], None],
) -> tuple[float, float]:
    paints, steps = [], []
    for _ in range(rounds):
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(_PATIENCE_MS)
        give_scripts(page, scripts)
        start = time.perf_counter()
        page.goto(address)
        frame, picture = _drawn(page)
        paints.append(time.perf_counter() - start)
        start = time.perf_counter()
        step(page, frame)
        _drawn(page, picture)
        steps.append(time.perf_counter() - start)
        page.close()
    return statistics.median(paints), statistics.median(steps)


def _drawn(page: Page, before: str = "") -> tuple[Frame, str]:
    """Wait until points stand in the page's frame, in another picture than before."""
    element = page.locator("iframe").first.element_handle()
    frame = element.content_frame() if element else None
    assert frame is not None  # noqa: S101 (a benchmark)
    picture = frame.wait_for_function(_DRAWN, arg=before, timeout=_PATIENCE_MS, polling=100)
    frame.evaluate(_PAINTED)
    return frame, str(picture.json_value())
