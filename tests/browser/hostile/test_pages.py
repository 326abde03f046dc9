"""Hostile texts in every field, on every page, in a real browser: shown as text, and nothing runs."""

import csv
import io
import re
from urllib.parse import urlencode

import pytest
from hostile_pages import (
    ALIVE,
    LANGS,
    PAGES,
    PANEL,
    PARAMETERS,
    TOWNS,
    TURNING,
    WATCH,
    assert_harmless,
    be_at_rest,
    cards,
    collect,
    collected,
    come_to_its_end,
    open_page,
    shown,
    texts_with,
)
from payloads import (
    KINDS,
    PAYLOADS,
    TEXTS,
    flat,
    hostile_articles,
    hostile_places,
    is_run,
    place_of_other,
    spelling,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


# The map


@pytest.mark.parametrize("lang", LANGS)
def test_names_on_the_map_are_text_in_its_tips_and_cards(watched, address, lang):
    open_page(watched, address, "", {"lang": lang, "layer": "all", "at": "25.8,18.3,6.5"})
    tips = hover_all(watched)
    # Cells of others are cut, and an apostrophe before a formula is taken for a mark of ours.
    heads = {name: shown(flat(text)).removeprefix("'")[:4000] for name, text in TEXTS.items()}
    assert [name for name, head in heads.items() if tips.count(head) < 2] == []
    watched.locator(".mihwar-map").focus()
    for _ in range(25):
        watched.keyboard.press("n")
    watched.locator(".mihwar-card:visible").first.wait_for(timeout=20_000)
    be_at_rest(watched)
    assert_harmless(watched)


def hover_all(page):
    """Hold a pointer over every mark and every event of others; give what the tips said."""
    collect(page, ".mihwar-tip")
    spots = [(place.lon, place.lat) for place in hostile_places()]
    spots += map(place_of_other, range(len(TEXTS)))
    # A real pointer is asked where it is once a frame; these are told one by one.
    page.locator(".mihwar-map").evaluate(
        f"""async (frame, spots) => {{
          const box = frame.getBoundingClientRect();
          for (const [x, y] of spots) {{
            const at = {PANEL}.map.latLngToContainerPoint([y, x]);
            const where = {{ clientX: box.x + at.x, clientY: box.y + at.y }};
            frame.dispatchEvent(new MouseEvent('mousemove', {{ bubbles: true, ...where }}));
            await null;
          }}
        }}""",
        spots,
    )
    return collected(page)


def test_sentences_outlets_and_speakers_are_text_on_the_cards(watched, address):
    """Of some towns: the shared file, made of the same, shows those of all."""
    open_page(watched, address, "", {"lang": "en", "layer": "all"})
    names = watched.evaluate(f"{PANEL}.layer._counts.data.places.map((p) => p.name)")
    for town in TOWNS[1:4]:
        at = names.index(town)
        watched.evaluate(f"{PANEL}.layer.fire('pick', {{ place: {at}, site: -1 }})")
        place = watched.locator(".mihwar-place:visible", has_text=names[at])
        place.first.wait_for(timeout=20_000)
        told = cards(watched)
        assert [t for t in texts_with(town) if shown(t) not in told] == []
        assert_harmless(watched)


def test_hostile_names_are_text_in_the_filters(watched, address):
    open_page(watched, address, "", {"lang": "en", "layer": "all"})
    watched.locator("[data-testid=stExpander] summary").first.click()
    for label in ("Outlet", "Place", "District"):
        named = watched.get_by_text(label, exact=True)
        field = watched.get_by_test_id("stMultiSelect").filter(has=named).first
        box = field.locator("input").first
        box.click()
        for _ in range(4):
            box.press("ArrowDown")
        box.press("Enter")
        box.press("End")
        box.press("Escape")
        be_at_rest(watched)
        assert field.locator("[data-baseweb=tag], [data-tag]").count() >= 1
        assert_harmless(watched)


def test_a_link_to_many_hostile_names_shows_them_as_text(watched, address):
    values = [text.strip() for text in TEXTS.values() if len(text) < 400]
    names = "~".join(value.replace("%", "%25").replace("~", "%7E") for value in values)[:3900]
    places = "~".join(f"x:{name}" for name in TEXTS)[:3900]
    link = {"lang": "en", "layer": "all", "outlet": names, "district": names, "place": places}
    open_page(watched, address, "", link)
    watched.locator("[data-testid=stExpander] summary").first.click()
    watched.get_by_test_id("stMultiSelect").last.wait_for(timeout=20_000)
    told = shown("".join(watched.get_by_test_id("stMultiSelect").all_text_contents()))
    assert told.count("window.hacked='xss-img'") == 3
    assert_harmless(watched)


# Addresses


@pytest.mark.parametrize(("part", "path"), [*enumerate(["", "compare", "reports", "table"])])
def test_hostile_parameters_of_an_address_break_no_page(watched, address, part, path):
    """Each payload once, each parameter with several."""
    chunk = [text[:1000] for text in TEXTS.values()][part::4]
    names = PARAMETERS[part:] + PARAMETERS[:part]
    wanted = {n: "~".join(chunk[i :: len(names)]) for i, n in enumerate(names)}
    watched.goto(f"{address}/{path}?{urlencode(wanted)}")
    come_to_its_end(watched)
    assert_harmless(watched)


# The other pages


@pytest.mark.parametrize("lang", LANGS)
def test_each_page_shows_hostile_texts_as_text(watched, address, lang):
    open_page(watched, address, "compare", {"lang": lang, "layer": "all"})
    watched.locator("[class*=st-key-change_] button").first.click()
    watched.locator(".mihwar-card:visible").first.wait_for(timeout=20_000)
    be_at_rest(watched)
    assert_harmless(watched)
    for path in ("table", "add", "method"):
        watched.locator(f"[data-testid=stTopNavLink][href$='/{path}']").click()
        watched.locator(f"{PAGES[path]}:visible").first.wait_for(timeout=20_000)
        be_at_rest(watched)
        assert_harmless(watched)


@pytest.mark.parametrize(("lang", "kinds"), [("en", [*KINDS]), ("ar", ["bidi"])])
def test_reports_show_their_payloads_as_text(watched, address, lang, kinds):
    articles = {a.article_id: a for a in hostile_articles()}
    open_page(watched, address, "reports", {"lang": lang, "report": f"kind-{kinds[0]}"})
    for kind in kinds:
        if kind != kinds[0]:
            choose_report(watched, kind)
        read = shown(watched.locator(".mihwar-body").text_content())
        assert read == shown(articles[f"kind-{kind}"].text)
        told = cards(watched)
        assert [n for n in KINDS[kind] if shown(flat(TEXTS[n])) not in told] == []
        links = watched.locator(".mihwar-card:visible footer a")
        assert {link.get_attribute("rel") for link in links.all()} == {"noopener noreferrer"}
        assert_harmless(watched)


def choose_report(page, kind):
    """Choose another report on the page that is open."""
    first = spelling([*TEXTS].index(next(iter(KINDS[kind]))))
    page.get_by_test_id("stSelectbox").first.locator("input").click()
    page.get_by_role("option").filter(has_text=f"{kind} ").first.click()
    page.locator(".mihwar-body", has_text=first).wait_for(timeout=20_000)
    page.locator(".mihwar-card:visible", has_text=first).first.wait_for(timeout=20_000)
    be_at_rest(page)


@pytest.mark.parametrize(
    "name",
    ["xss-prototype", "sql-one", "bidi-controls", "path-up", "markdown-table"],
)
def test_a_report_may_have_any_id(watched, address, name):
    open_page(watched, address, "reports", {"lang": "en", "report": TEXTS[name].strip()})
    assert_harmless(watched)
    assert shown(TEXTS[name]) in shown(watched.locator(".mihwar-body").text_content())
    assert watched.locator(".mihwar-card:visible footer a").count() == 0


@pytest.fixture(scope="module")
def titles(browser, address):
    """What the list of reports says, scrolled through from end to end."""
    context = browser.new_context()
    page = context.new_page()
    open_page(page, address, "reports", {"lang": "en", "report": "kind-sql"})
    page.get_by_test_id("stSelectbox").first.locator("input").click()
    listed = page.get_by_role("listbox").last
    listed.hover()
    told, known = set(), [-2, -1]
    while len(told) > known[-2]:
        known.append(len(told))
        told |= set(listed.get_by_role("option").all_text_contents())
        page.mouse.wheel(0, 160)
        page.wait_for_timeout(30)
    assert page.evaluate("window.hacked ?? null") is None
    assert page.evaluate(ALIVE) == []
    context.close()
    return told


def test_a_list_of_reports_shows_hostile_titles_as_text(titles):
    told = shown("".join(titles))
    assert [n for n, text in TEXTS.items() if shown(text)[:15] not in told] == []


def test_a_list_of_reports_turns_no_direction(titles):
    """Where an outlet could turn the title beside it; isolates that are closed are our own."""
    own = [re.sub("[\u2066-\u2068]([^\u2066-\u2069]*)\u2069", r"\1", text) for text in titles]
    assert [text for text in own if TURNING.search(text)] == []


def test_names_on_the_map_turn_no_direction(watched, address):
    """What turns or hides letters is taken out of labels; it stays in the texts themselves."""
    open_page(watched, address, "", {"lang": "en", "layer": "all"})
    names = watched.evaluate(f"{PANEL}.layer._counts.data.places.map((p) => p.name)")
    assert [name for name in names if TURNING.search(name)] == []


def test_it_is_not_the_policy_of_the_server_that_keeps_texts_from_running(browser, address):
    """The same without the header: nothing runs, nothing is asked for."""
    context = browser.new_context(bypass_csp=True)
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.outside, page.faults, page.policy = [], [], []
    page.add_init_script(WATCH)
    open_page(page, address, "", {"lang": "en", "layer": "all"})
    page.locator(".mihwar-map").focus()
    page.keyboard.press("n")
    page.locator(".mihwar-card:visible").first.wait_for(timeout=20_000)
    assert_harmless(page)
    open_page(page, address, "reports", {"lang": "en", "report": "kind-xss"})
    assert_harmless(page)
    context.close()
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


def test_no_cell_of_the_table_that_is_downloaded_is_run_by_a_spreadsheet(watched, address):
    """By the button that Streamlit sets above each table."""
    open_page(watched, address, "table", {"lang": "en", "layer": "all"})
    watched.get_by_test_id("stDataFrame").first.hover()
    button = watched.get_by_role("button", name="Download as CSV")
    if not button.count():
        return
    with watched.expect_download() as caught:
        button.first.click()
    text = caught.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) > len(PAYLOADS)
    assert [cell for row in rows for cell in row if is_run(cell)] == []
