"""Hostile texts in every field, on every page, in a real browser: shown as text, and nothing runs."""

import csv
import io
import json
import re
import sqlite3
import unicodedata
import zipfile
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from payloads import (
    KINDS,
    PAYLOADS,
    TEXTS,
    fitting,
    flat,
    hostile_articles,
    hostile_places,
    is_run,
    place_of_other,
    spelling,
    write_acled,
)

from dashboard.cli import main
from gazetteer import load_gazetteer
from gazetteer.importers import write_pack
from geocode import ArticleReader, ingest_articles, make_article, open_store
from geocode.conflict import load_conflict
from geocode.corrections import Correction, Corrections, add_correction
from geocode.exchange import read_others

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LANGS = ["ar", "en"]
TOWNS = ("Sirte", "Gharyan", "Tarhuna", "Misrata", "Zuwara", "Bani Walid", "Sabratha")
PARAMETERS = (
    "report", "outlet", "place", "q", "area", "from", "to", "map", "at", "mode", "by", "color",
    "layer", "speaker", "actor", "type", "role", "status", "leaning", "district", "score", "lang",
)  # fmt: skip
PAGES = {
    "": ".mihwar-canvas",
    "compare": ".mihwar-pair .mihwar-map",
    "reports": ".mihwar-body",
    "table": "[data-testid=stDataFrame]",
    "add": "textarea",
    "method": "[data-testid=stDataFrame]",
}
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x1f\x7f-\x9f]")
PANEL = "[...globalThis[Symbol.for('mihwar')].panels.values()].at(-1).panel"
WATCH = """window.violations = []; delete window.showSaveFilePicker;
addEventListener('securitypolicyviolation',
  (event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));"""
# What a payload would be, were it taken for markup: handlers, scripts, addresses; shadows included.
ALIVE = """() => {
  const found = [], hostile = /javascript:|hacked|tracker\\.example/i;
  const carried = ['src', 'href', 'xlink:href', 'action', 'formaction', 'data', 'srcdoc', 'srcset',
    'background', 'poster', 'style', 'http-equiv'];
  const isLink = (e) => e.matches('article.mihwar-card footer a') &&
    (e.protocol === 'https:' || e.protocol === 'http:') &&
    (e.origin === location.origin || e.rel === 'noopener noreferrer');
  const walk = (root) => {
    for (const e of root.querySelectorAll('*')) {
      const names = e.getAttributeNames();
      const bad = names.some((n) => n.startsWith('on')) || e.localName === 'mihwar-x' ||
        (['script', 'style'].includes(e.localName) && e.type !== 'text/plain' &&
          /window.hacked|tracker\\.example/.test(e.textContent)) ||
        (!isLink(e) && carried.some((n) => hostile.test(e.getAttribute(n) ?? '')));
      if (bad) found.push(e.outerHTML.slice(0, 200));
      if (e.shadowRoot) walk(e.shadowRoot);
    }
  };
  walk(document);
  return found;
}"""


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """A table of places, known to whatever runs while these tests do."""
    path = tmp_path_factory.mktemp("packed") / "places.csv"
    write_pack(hostile_places(), path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MIHWAR_PACKS", str(path))
        yield path


@pytest.fixture(scope="module")
def store(packed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    path = folder / "s.sqlite"
    gazetteer = load_gazetteer([packed])
    write_acled(folder / "acled.csv")
    with open_store(str(path)) as opened:
        list(ingest_articles(hostile_articles(), opened, reader=ArticleReader(gazetteer)))
        opened.keep_others(read_others("acled", folder / "acled.csv"))
        corrections = correct_all(opened.layer("mentions"), path)
        reader = ArticleReader(gazetteer, load_conflict(), Corrections(corrections))
        list(ingest_articles(hostile_articles(), opened, reader=reader))
    print_all(path)
    return str(path)


def correct_all(mentions, path):
    """Say of each place of the articles on a kind of payloads who corrected it, and why."""
    said = []
    for row in mentions[mentions["place_id"].str.startswith("x:")].to_dict("records"):
        if not row["article_id"].startswith("kind-"):
            continue
        text = flat(TEXTS[row["place_id"].removeprefix("x:")])
        span = {name: row[name] for name in ("article_id", "start", "end", "text")}
        said.append(
            Correction(when=text, who=text, why=text, was=text, field="role", value="event", **span)
        )
        add_correction(path.with_name(path.name + ".corrections.csv"), said[-1])
    return said


def print_all(path):
    """Put each payload where speakers, actors and triggers stand as they were printed."""
    own = "WHERE article_id NOT LIKE 'kind-%'"
    with sqlite3.connect(path) as database:
        for table, names in {
            "events": ("actor", "target", "claimed_by", "date_text", '"trigger"', "reason"),
            "mentions": ("relation_text", "reason"),
        }.items():
            known = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
            for name in (n for n in names if n.strip('"') in known):
                database.execute(f"UPDATE {table} SET {name} = article_id {own}")
        database.execute(f"UPDATE events SET source_chain = json_array(article_id) {own}")
    database.close()


@pytest.fixture(scope="module")
def address(serve, store):
    return serve(store)


@pytest.fixture
def watched(page):
    """A page that also tells what its policy had to refuse."""
    page.add_init_script(WATCH)
    page.policy = []
    page.on("console", lambda told: page.policy.append(told.text) if is_policy(told) else None)
    return page


def is_policy(told):
    return "content security policy" in told.text.lower()


def open_page(page, address, path="", params=None):
    page.goto(f"{address}/{path}?{urlencode(params or {})}")
    come_to_its_end(page)
    page.locator(PAGES[path]).first.wait_for(state="attached", timeout=20_000)


def come_to_its_end(page):
    """Wait until the whole page was sent, or it broke."""
    page.wait_for_function(
        "globalThis[Symbol.for('mihwar')]?.run > 0 || "
        "document.querySelector('[data-testid=stException]')",
        timeout=30_000,
    )
    be_at_rest(page)


def be_at_rest(page):
    page.wait_for_timeout(250)
    page.locator('[data-test-script-state="notRunning"]').first.wait_for(timeout=30_000)


def assert_harmless(page):
    for frame in page.frames:
        assert frame.evaluate("window.hacked ?? null") is None
        assert frame.evaluate(ALIVE) == []
    assert page.outside == []
    assert page.faults == []
    assert page.policy == []
    assert page.evaluate("window.violations") == []
    assert page.get_by_test_id("stException").count() == 0
    assert "Traceback" not in page.locator("body").inner_text()


def shown(text):
    """Give a text as the browser gives it back: blanks and what is not seen left out."""
    return "".join(c for c in text if unicodedata.category(c)[0] not in "ZC")


def cards(page):
    return shown("".join(page.locator(".mihwar-card:visible").all_text_contents()))


def texts_with(town):
    """Give the payloads of the articles that name a town."""
    return [
        TEXTS[name]
        for name, article in zip(TEXTS, hostile_articles(), strict=False)
        if f"captured {town}," in article.text
    ]


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


def collect(page, selector):
    """Keep whatever an element comes to say, in `window.told`."""
    page.locator(selector).first.evaluate(
        """(element) => {
          window.told = new Set();
          const keep = () => window.told.add(element.textContent);
          new MutationObserver(keep).observe(element, { childList: true, subtree: true });
        }"""
    )


def collected(page):
    return shown("".join(page.evaluate("[...window.told]")))


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


# What viewers hand in


@pytest.fixture(scope="module")
def own_store(packed, tmp_path_factory):
    path = tmp_path_factory.mktemp("own") / "s.sqlite"
    with open_store(str(path)) as opened:
        article = make_article("اشتباكات في سرت", published="2020-01-07", article_id="a1")
        list(ingest_articles([article], opened))
    return path


@pytest.fixture(scope="module")
def own_address(serve, own_store):
    return serve(str(own_store))


def uploads():
    """Give files whose names and contents are hostile."""
    rows = [
        {
            "id": fitting(t),
            "text": f"قصفت طائرات سرت {t}",
            "title": t,
            "outlet": t,
            "url": fitting(t),
        }
        for t in TEXTS.values()
    ]
    bad = [{"text": "قصف سرت", "published": t} for t in TEXTS.values()]
    table = "".join(json.dumps(row) + "\n" for row in [*bad, *rows]).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for text in [*KINDS["path"].values(), *KINDS["xss"].values()]:
            archive.writestr(zipfile.ZipInfo(f"{text}.txt"), "")
    contents = {".jsonl": table, ".zip": packed.getvalue(), ".txt": b"", ".csv": b"a,b\n1,2\n"}
    names = [flat(text).replace("\0", "")[:60] for text in TEXTS.values() if text.strip()]
    picked = [*names[:12], *names[42:50], *names[58:66], *names[72:76], *names[125:140]]
    files = [
        (f"{name}{ending}", contents[ending]) for name in picked for ending in (".txt", ".csv")
    ]
    files = [*files, ("<img src=x>.jsonl", table), ("../../x.zip", packed.getvalue())]
    return [{"name": n, "mimeType": "text/plain", "buffer": b} for n, b in files]


def test_pasted_and_uploaded_texts_are_read_and_saved_as_text(watched, own_address, own_store):
    open_page(watched, own_address, "add", {"lang": "en"})
    pasted = next(a for a in hostile_articles() if a.article_id == "kind-xss")
    watched.get_by_label("Text of the report").fill(pasted.text)
    watched.get_by_label("Outlet").fill(TEXTS["xss-img"])
    watched.get_by_label("Address").fill(TEXTS["xss-js-url"])
    watched.locator("input[type=file]").set_input_files(uploads())
    watched.get_by_test_id("stFileChip").first.wait_for(timeout=20_000)
    be_at_rest(watched)
    assert_harmless(watched)
    watched.get_by_role("button", name="Read", exact=True).click()
    save = watched.get_by_role("button", name=re.compile(r"Save \d+"))
    save.wait_for(timeout=60_000)
    be_at_rest(watched)
    assert_harmless(watched)
    save.click()
    watched.get_by_text(re.compile(r"\d+ saved")).wait_for(timeout=60_000)
    be_at_rest(watched)
    assert_harmless(watched)
    with open_store(str(own_store), read_only=True) as opened:
        assert pasted.text in {article.text for article in opened.articles()}
    assert {path.name for path in own_store.parent.iterdir()} >= {"s.sqlite"}


def test_who_corrects_and_why_are_text(watched, own_address):
    open_page(watched, own_address, "reports", {"lang": "en", "report": "a1"})
    watched.get_by_text("Correct this report").click()
    watched.get_by_label("Search for a place").fill("Tarhuna")
    watched.get_by_label("Search for a place").press("Enter")
    watched.wait_for_function(
        "[...document.querySelectorAll('input')].some((i) => i.value.startsWith('Tarhuna'))"
        " || document.body.innerText.includes('Tarhuna · city')",
        timeout=20_000,
    )
    be_at_rest(watched)
    hostile = TEXTS["markdown-html"][:78]
    for label in ("Who (may be left out)", "Why (may be left out)"):
        watched.get_by_label(label).first.fill(hostile)
        watched.get_by_label(label).first.press("Enter")
        be_at_rest(watched)
    watched.get_by_role("button", name="Save the correction").click()
    watched.get_by_text("read again").wait_for(timeout=30_000)
    be_at_rest(watched)
    assert shown(hostile) in cards(watched)
    assert_harmless(watched)


@pytest.mark.parametrize("path", ["reports", "add"])
def test_what_is_wrong_in_the_file_of_corrections_is_told_as_text(
    watched, own_address, own_store, path
):
    file = own_store.with_name(own_store.name + ".corrections.csv")
    before = file.read_bytes() if file.exists() else None
    names = ["markdown-image", "markdown-link", "markdown-html", "markdown-latex", "xss-img"]
    text = " ".join(TEXTS[name] for name in names)
    said = Correction(
        when="x", who="", article_id="a1", start=0, end=1, text="x", field="role", value=text
    )
    add_correction(file, said)
    try:
        open_page(watched, own_address, path, {"lang": "en", "report": "a1"})
        if path == "add":
            watched.get_by_label("Text of the report").fill("قصف سرت")
            watched.get_by_role("button", name="Read", exact=True).click()
            watched.wait_for_timeout(2500)
        else:
            watched.locator("[data-testid=stExpander] summary").first.click()
        be_at_rest(watched)
        assert_harmless(watched)
        told = shown(watched.locator("body").inner_text())
        assert shown(TEXTS["markdown-image"]) in told
        assert (
            watched.locator(".mihwar-fault img, .mihwar-fault a, [data-testid=stAlert] img").count()
            == 0
        )
    finally:
        file.unlink() if before is None else file.write_bytes(before)


# The page as one file


@pytest.mark.parametrize("lang", LANGS)
def test_the_shared_file_shows_hostile_texts_as_text(watched, store, tmp_path, lang):
    file = tmp_path / "map.html"
    arguments = ["share", "--store", store, "--lang", lang, "-o", str(file)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    watched.goto(file.as_uri())
    watched.locator(".mihwar-canvas").wait_for(state="attached", timeout=20_000)
    collect(watched, ".mihwar-evidence")
    watched.locator(".mihwar-map").focus()
    steps = len(PAYLOADS) + len(TOWNS) + 5 if lang == "en" else 40
    for step in range(steps):
        watched.keyboard.press("n")
        if step % 60 == 0:
            assert_harmless(watched)
    told = collected(watched)
    missing = [n for n, text in TEXTS.items() if shown(flat(text)) not in told]
    assert missing == [] or lang == "ar"
    assert_harmless(watched)
