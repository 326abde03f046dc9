"""
Measure twenty viewers at once on 100,000 mentions: each moves the window every 15 s for 3 minutes.

Run as ``python benchmarks/viewers.py``; server, viewers and Chromium share this machine. An answer
is there when the address and the count are those of the new window.
"""

import asyncio
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from live_map import fill_store, serving
from playwright.async_api import Browser, Page, async_playwright

VIEWERS = 20
PAUSE_S = 15.0
LASTS_S = 180.0
MENTIONS = 100_000
_PATIENCE_S = 30.0


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        store = str(Path(folder) / "s.sqlite")
        fill_store(store, MENTIONS)
        app = str(Path(__file__).parent.parent / "dashboard" / "app.py")
        with serving([app], MIHWAR_STORE=store) as (address, process):
            answers = asyncio.run(_all(f"{address}/?lang=en&layer=all"))
            memory_mb = _memory_mb(process.pid)
    times = sorted(t for t in answers if t is not None)
    lost = sum(t is None for t in answers)
    p95 = times[int(len(times) * 0.95)]
    print(f"{VIEWERS} viewers, {len(answers)} interactions, {lost} not answered")
    print(f"median {statistics.median(times):.2f} s, p95 {p95:.2f} s, longest {times[-1]:.2f} s")
    print(f"server memory {memory_mb:.0f} MB")


async def _all(address: str) -> list[float | None]:
    async with async_playwright() as playwright:
        path = shutil.which("chromium")
        args = ["--no-sandbox", "--disable-gpu"]
        browser = await playwright.chromium.launch(executable_path=path, args=args)
        await _open(browser, address)  # reads the store, once for all
        tasks = [_viewer(browser, address, number) for number in range(VIEWERS)]
        found = await asyncio.gather(*tasks)
        await browser.close()
    return [answer for answers in found for answer in answers]


async def _viewer(browser: Browser, address: str, number: int) -> list[float | None]:
    """Come in one after another, then move the window again and again."""
    draw = random.Random(number)  # noqa: S311 (drawn for a benchmark)
    await asyncio.sleep(number * PAUSE_S / VIEWERS)
    page = await _open(browser, address)
    answers: list[float | None] = []
    ends = time.monotonic() + LASTS_S
    while time.monotonic() < ends:
        await asyncio.sleep(PAUSE_S * draw.uniform(0.8, 1.2))
        answers.append(await _move(page))
    await page.close()
    return answers


async def _open(browser: Browser, address: str) -> Page:
    page = await browser.new_page(viewport={"width": 1280, "height": 1000})
    await page.goto(address, timeout=120_000)
    await page.locator(".mihwar-canvas").wait_for(state="attached", timeout=120_000)
    await page.get_by_test_id("stMetricValue").first.wait_for(timeout=120_000)
    return page


async def _move(page: Page) -> float | None:
    before = page.url
    count = page.get_by_test_id("stMetricValue").first
    was = await count.inner_text()
    await page.locator(".mihwar-last").focus()
    start = time.monotonic()
    await page.keyboard.press("Shift+ArrowLeft")
    while time.monotonic() - start < _PATIENCE_S:
        if page.url != before and await count.inner_text() != was:
            return time.monotonic() - start
        await asyncio.sleep(0.05)
    window = await page.locator(".mihwar-window").get_attribute("data-window")
    now = await count.inner_text()
    print(f"not answered: window {window}, address {page.url}, before {before}, {was} -> {now}")
    return None


def _memory_mb(pid: int) -> float:
    """Give the resident memory of a process (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main()
