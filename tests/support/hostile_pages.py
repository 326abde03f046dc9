"""Pages of the dashboard opened on hostile texts, and what has to be true of each."""

import re
import unicodedata
from urllib.parse import urlencode

from payloads import (
    TEXTS,
    hostile_articles,
)

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
