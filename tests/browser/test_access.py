"""No page has a serious fault of accessibility, in either language, light or dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def address(serve, sample_store):
    return serve(sample_store)


def faults(page):
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {node['target']} {node['html'][:160]}"
        for fault in found
        if fault["impact"] in SERIOUS
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("path", ["", "compare", "reports", "table", "add", "method"])
@pytest.mark.parametrize(("lang", "scheme"), [("ar", "light"), ("en", "dark")])
def test_no_serious_fault(page, address, path, lang, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/{path}?lang={lang}")
    page.get_by_test_id("stMainBlockContainer").wait_for(timeout=30_000)
    page.wait_for_timeout(3500)
    if path == "":
        page.locator(".mihwar-map").focus()
        page.keyboard.press("n")
        page.locator(".mihwar-card:visible").first.wait_for(timeout=15_000)
    assert faults(page) == []
