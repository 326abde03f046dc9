"""
Measure the live map in a real Chromium: first paint, frames while dragging, what a release costs.

Run as ``python benchmarks/live_map.py`` (Chromium and Playwright needed; Linux); prints a Markdown
table. 100,000 mentions come from a store of made-up rows on 600 places, through the whole
dashboard; a million are handed to the same map by a page of its own, since only the map is asked
for there. Beside it, as many points drawn by pydeck, which Streamlit brings along, and, with
``--scripts FOLDER`` (see `other_maps`; streamlit-folium needed), by st_folium and folium's
TimestampedGeoJson.
"""

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from other_maps import folium_layer, timestamped
from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

from gazetteer import load_gazetteer
from geocode import make_article, open_store
from geocode.record import ReadArticle

PLACES = 600
DAYS = 570
_BATCH = 500
ROUNDS = 3
HERE = Path(__file__).parent
_ARGS = ["--no-sandbox", "--disable-gpu"]
_TRIGGER = "قصف"
_PAINTED = """() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(done));
})"""
_COUNT_SENT = """() => {
  window.sent = 0;
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (...all) { window.sent++; return send.apply(this, all); };
}"""
_COUNT_FRAMES = """() => {
  window.sent = 0; window.frames_seen = 0; window.counting = true; window.began = performance.now();
  const tick = () => { window.frames_seen++; if (window.counting) requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""
_FRAME_RATE = """() => {
  window.counting = false;
  return window.frames_seen / (performance.now() - window.began) * 1000;
}"""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scripts", type=Path, help="folder of npm packages, for folium's pages")
    scripts: Path | None = parser.parse_args().scripts
    print("| what | mentions | seconds to first paint | over an empty page |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, _browser() as browser:
        with serving([str(HERE / "pages" / "empty.py")]) as (address, _):
            empty = _first_paint(browser, address, "[data-testid=stMarkdown]")
        print(f"| an empty Streamlit page | 0 | {empty:.2f} | |")
        store = str(Path(folder) / "s.sqlite")
        fill_store(store, 100_000)
        dashboard = str(HERE.parent / "dashboard" / "app.py")
        with serving([dashboard], MIHWAR_STORE=store) as (address, _):
            _first_paint(browser, address, ".mihwar-canvas", rounds=1)  # fills what is shared
            paint = _first_paint(browser, f"{address}/?lang=en&layer=all", ".mihwar-canvas")
            print(f"| the map page | 100,000 | {paint:.2f} | {paint - empty:.2f} |")
            small = _drags(browser, f"{address}/?lang=en&layer=all")
        python_ms = _python_ms(store)
        with serving([str(HERE / "pages" / "million.py")]) as (address, _):
            _first_paint(browser, address, ".mihwar-canvas", rounds=1)
            paint = _first_paint(browser, address, ".mihwar-canvas")
            print(f"| the map alone | 1,000,000 | {paint:.2f} | {paint - empty:.2f} |")
            large = _drags(browser, address, whole=False)
        with serving([str(HERE / "pages" / "deck.py")]) as (address, _):
            deck = _first_paint(browser, address, "canvas")
            print(f"| pydeck, one layer | 100,000 | {deck:.2f} | {deck - empty:.2f} |")
        if scripts is not None:
            for name, measure in (("folium_layer", folium_layer), ("timestamped", timestamped)):
                with serving([str(HERE / "pages" / f"{name}.py")]) as (address, _):
                    paint, step = measure(browser, address, scripts, ROUNDS)
                over = f"{paint - empty:.2f} | another window: {step:.2f} s"
                print(f"| {name} | 100,000 | {paint:.2f} | {over} |")
    print("\n| while dragging | frames a second | sent to the server | release to table, address |")
    print("|---|---|---|---|")
    for label, found in (("100,000", small), ("1,000,000", large)):
        release = f"{found['release_ms']:.0f} ms" if found["release_ms"] else ""
        print(f"| {label} | {found['fps']:.0f} | {found['sent']} | {release} |")
    print(f"\nPython of a release, 100,000 mentions: {python_ms:.0f} ms.")
    print(f"\nPayload of a million: {large['payload_mb']:.1f} MB.")


def fill_store(url: str, mentions: int) -> None:
    """
    Fill a store with made-up rows: nothing was read, so that it is quick.

    Parameters
    ----------
    url
        The store.
    mentions
        How many.
    """
    draw = random.Random(1)  # noqa: S311 (drawn for a benchmark)
    places = [p for p in load_gazetteer() if p.country == "LY" and not p.is_wide][:PLACES]
    outlets = ["نموذج مؤيد للجيش الوطني", "نموذج مؤيد لحكومة الوفاق", "نموذج محايد"]
    kinds = ["shelling", "airstrike", "clash", "capture", "advance"]
    each = 20
    with open_store(url) as store:
        batch: list[ReadArticle] = []
        for number in range(mentions // each):
            day = (date(2019, 4, 4) + timedelta(days=draw.randrange(DAYS))).isoformat()
            chosen = [draw.choice(places) for _ in range(each)]
            text = " ".join(f"{_TRIGGER} {place.name_ar}." for place in chosen)
            article = make_article(
                text,
                article_id=f"b{number:06d}",
                published=day,
                outlet=draw.choice(outlets),
                lang="ar",
            )
            rows = list(_rows(article.article_id, text, chosen, day, article.outlet, draw, kinds))
            batch.append(
                ReadArticle(
                    article=article,
                    mentions=tuple(m for m, _ in rows),
                    events=tuple(e for _, e in rows),
                )
            )
            if len(batch) == _BATCH or number == mentions // each - 1:
                rules = {read.article.article_id: "benchmark" for read in batch}
                store.save(batch, rules, {"version": "benchmark"})
                batch = []


def _rows(
    article_id: str,
    text: str,
    places: list[Any],
    day: str,
    outlet: str,
    draw: random.Random,
    kinds: list[str],
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    at = 0
    for number, place in enumerate(places):
        start = at + len(_TRIGGER) + 1
        end = start + len(place.name_ar)
        shared = {
            "article_id": article_id,
            "place_id": place.place_id,
            "place_name": place.name_en,
            "place_name_ar": place.name_ar,
            "kind": place.kind,
            "relation": None,
            "lat": place.lat,
            "lon": place.lon,
            "x": place.lon,
            "y": place.lat,
            "precision_km": place.precision_km,
            "sentence_start": at,
            "sentence_end": end + 1,
            "front_line": True,
            "corrected": False,
            "published": day,
            "outlet": outlet,
            "mention_id": f"{article_id}-{number}",
        }
        mention = {
            **shared,
            "start": start,
            "end": end,
            "text": place.name_ar,
            "country": "LY",
            "role": "event",
            "relation_text": None,
            "distance_km": None,
            "score": round(draw.uniform(0.5, 1), 2),
            "candidates": [{"id": place.place_id, "score": 1.0}],
            "reason": "made up",
        }
        event = {
            **shared,
            "event_id": f"{article_id}-e{number}",
            "type": draw.choice(kinds),
            "trigger": _TRIGGER,
            "trigger_start": at,
            "trigger_end": at + len(_TRIGGER),
            "sentence": text[at : end + 1],
            "evidence": [[at, end + 1]],
            "mention_ids": [f"{article_id}-{number}"],
            "geo_precision": 1,
            "date_start": day,
            "date_end": day,
            "date_precision": "report",
            "date_text": None,
            "actor": None,
            "actor_side": draw.choice(["LNA", "GNA", None]),
            "target": None,
            "target_side": None,
            "claimed_by": None,
            "claimed_by_side": draw.choice(["LNA", "GNA", None]),
            "source_chain": [],
            "losses": [],
            "status": "reported",
            "confidence": 0.9,
            "cluster_id": None,
            "url": None,
        }
        yield mention, event
        at = end + 2


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_ARGS)
        yield opened
        opened.close()


@contextmanager
def serving(
    script: list[str], **environment: str
) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """
    Run a Streamlit script on this machine.

    Parameters
    ----------
    script
        Its path.
    **environment
        Environment variables for it.

    Yields
    ------
    address, process
        Where it answers, and its process.
    """
    port = random.randrange(20_000, 30_000)  # noqa: S311 (a port, not a secret)
    command = [sys.executable, "-m", "streamlit", "run", *script, "--server.headless=true"]
    options = ["--server.address=127.0.0.1", f"--server.port={port}"]
    quiet = ["--browser.gatherUsageStats=false", "--server.fileWatcherType=none"]
    process = subprocess.Popen(
        [*command, *options, *quiet],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):  # noqa: S310 (our own)
                    break
            except OSError:
                time.sleep(0.1)
        yield address, process
    finally:
        process.terminate()
        process.wait(timeout=20)


def _first_paint(browser: Browser, address: str, mark: str, *, rounds: int = ROUNDS) -> float:
    """Give the median time from the request until what is waited for stands on the page."""
    times = []
    for _ in range(rounds):
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        start = time.perf_counter()
        page.goto(address)
        page.locator(mark).first.wait_for(state="attached", timeout=240_000)
        page.evaluate(_PAINTED)
        times.append(time.perf_counter() - start)
        page.close()
    return statistics.median(times)


def _drags(browser: Browser, address: str, *, whole: bool = True) -> dict[str, Any]:
    """Drag the last handle to and fro and count frames; then let go and wait for the table."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    received = {"bytes": 0}

    def listen(socket: WebSocket) -> None:
        socket.on(
            "framereceived", lambda data: received.update(bytes=received["bytes"] + len(data))
        )

    page.on("websocket", listen)
    page.goto(address)
    page.locator(".mihwar-canvas").wait_for(state="attached", timeout=240_000)
    page.wait_for_timeout(4000)
    page.evaluate(_COUNT_SENT)
    rates, releases, sent = [], [], 0
    for number in range(ROUNDS):
        rate, asked = _one_drag(page, end=0.5 + 0.1 * number)
        rates.append(rate)
        sent += asked
        if whole:
            releases.append(_release_ms(page))
        else:
            page.mouse.up()
        page.wait_for_timeout(1500)
    page.close()
    return {
        "fps": statistics.median(rates),
        "sent": sent,
        "release_ms": statistics.median(releases) if releases else 0.0,
        "payload_mb": received["bytes"] / 1e6,
    }


def _one_drag(page: Page, *, end: float) -> tuple[float, int]:
    track, handle = (page.locator(s).bounding_box() for s in (".mihwar-track", ".mihwar-last"))
    assert track is not None and handle is not None  # noqa: S101, PT018 (a benchmark)
    y = handle["y"] + handle["height"] / 2
    page.mouse.move(handle["x"] + handle["width"] / 2, y)
    page.mouse.down()
    page.evaluate(_COUNT_FRAMES)
    for step in range(120):
        share = 0.3 + 0.6 * abs(((step / 40) % 2) - 1)
        page.mouse.move(track["x"] + track["width"] * share, y)
    page.mouse.move(track["x"] + track["width"] * end, y)
    rate = page.evaluate(_FRAME_RATE)
    return float(rate), int(page.evaluate("window.sent"))


_RELEASED = """() => { window.released = new Promise((done) => {
  const old = location.href;
  const metric = () => document.querySelector('[data-testid=stMetricValue]')?.innerText;
  const was = metric();
  window.addEventListener('pointerup', () => {
    const from = performance.now();
    const look = () => {
      const waited = performance.now() - from;
      if (location.href !== old && metric() !== was) done(waited);
      else if (waited > 20000) done(-1);
      else requestAnimationFrame(look);
    };
    look();
  }, { once: true, capture: true });
}); }"""


def _release_ms(page: Page) -> float:
    """Give the time from letting go until count and address are those of the new window."""
    page.evaluate(_RELEASED)
    page.mouse.up()
    return float(page.evaluate("window.released"))


def _python_ms(url: str) -> float:
    """Give the time that Python takes for what follows a release, without Streamlit's own."""
    from dashboard.filters import Filters
    from dashboard.language import load_words
    from dashboard.state import load_tables
    from dashboard.timemap.columns import pack_mask
    from dashboard.timemap.told import MapView
    from dashboard.views.selection import rows_of, shown_in
    from dashboard.views.table import readable

    tables, words, times = load_tables(url), load_words("en"), []
    low, high = rows_of(tables).bounds
    for number in range(5):
        start = time.perf_counter()
        view = MapView(first=low + number, last=high - 100)
        shown = shown_in(tables, Filters(front=False), view)
        pack_mask(shown.keep)
        shown.place_count, shown.leanings.value_counts()
        readable(shown.head(1000), words, "en")
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
