"""Hostile texts that viewers hand in, and the page as one file, in a real browser."""

import io
import json
import re
import zipfile

import pytest
from click.testing import CliRunner
from hostile_pages import (
    LANGS,
    TOWNS,
    assert_harmless,
    be_at_rest,
    cards,
    collect,
    collected,
    open_page,
    shown,
)
from payloads import (
    KINDS,
    PAYLOADS,
    TEXTS,
    fitting,
    flat,
    hostile_articles,
)

from dashboard.cli import main
from geocode import ingest_articles, make_article, open_store
from geocode.corrections import Correction, add_correction

pytestmark = [pytest.mark.browser, pytest.mark.slow]


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
