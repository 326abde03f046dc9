"""The map as one HTML file: folium with our layer inside, everything inlined, no network."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import folium
import geopandas as gpd
from branca.element import Element, Figure, MacroElement
from jinja2 import Template

from dashboard.language import direction, load_words
from dashboard.timemap.assets import library_css, library_js
from dashboard.timemap.evidence import make_evidence
from dashboard.timemap.rows import MapRows, make_map_rows, to_columns
from gazetteer import Gazetteer
from geocode.article import Article
from geocode.conflict import Conflict

# Nothing of an article reaches this template, nor any other: it travels as base64, which no
# template, script or HTML parser takes for anything but letters.
_MAIN = Template("""{% macro script(this, kwargs) %}{{ this.code }}{% endmacro %}""")
_START = """
(() => {
  const text = (id) => new TextDecoder().decode(Uint8Array.from(atob(document.getElementById(id).textContent.trim()), (c) => c.charCodeAt(0)));
  const shared = JSON.parse(text("mihwar-data"));
  const host = document.getElementById("mihwar-share");
  host.dir = shared.dir;
  document.documentElement.lang = shared.lang;
  const head = MihwarPanel.element("h1", "mihwar-title", host, shared.words.title);
  MihwarPanel.element("p", "mihwar-tagline", host, shared.words.tagline);
  const place = MihwarPanel.element("div", "", host);
  const hint = MihwarPanel.element("p", "mihwar-hint", host, shared.words.evidence_hint);
  const below = MihwarPanel.element("div", "mihwar-evidence", host);
  let picked = -1, window_ = [shared.columns.first_day, shared.columns.last_day];
  const show = () => {
    const behind = shared.evidence.filter((e) => e.site === picked && e.day >= window_[0] && e.day <= window_[1]);
    hint.hidden = behind.length > 0;
    MihwarPanel.showEvidence(below, behind, shared.words);
  };
  const panel = MihwarPanel.create(place, {
    data: shared.columns, base: MIHWAR_BASE, words: shared.words, window: window_, tiles: false,
    onRelease(value) { window_ = value; show(); },
    onPick(site) { picked = site; show(); },
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", panel.paint);
})();
"""
_PAGE_CSS = """
:root { color-scheme: light dark; --st-background-color: #ffffff; --st-text-color: #1f2933; }
@media (prefers-color-scheme: dark) { :root { --st-background-color: #0e1117; --st-text-color: #fafafa; --st-border-color: #3a414b; } }
body { margin: 0; background: var(--st-background-color); color: var(--st-text-color); font-family: system-ui, "Noto Sans Arabic", sans-serif; }
#mihwar-share { max-width: 1200px; margin: 0 auto; padding: 12px 16px 40px; }
.mihwar-title { margin: 0; font-size: 1.6rem; } .mihwar-tagline, .mihwar-hint { margin: 0 0 10px; opacity: 0.8; }
"""


class _Script(MacroElement):  # type: ignore[misc]  # branca has no type hints
    """A script of our own at the end of the page."""

    _template = _MAIN

    def __init__(self, code: str) -> None:
        super().__init__()
        self._name = "MihwarLayer"
        self.code = code


def share_html(
    mentions: gpd.GeoDataFrame,
    events: gpd.GeoDataFrame,
    articles: Mapping[str, Article],
    *,
    conflict: Conflict,
    gazetteer: Gazetteer,
    lang: str,
    front_only: bool = False,
) -> str:
    """
    Make one HTML file of a map that opens from disk, with no network.

    Parameters
    ----------
    mentions, events
        The layers.
    articles
        Their articles, by id.
    conflict, gazetteer
        For the names of sides and places.
    lang
        Language of the page, ``ar`` or ``en``.
    front_only
        Mentions of the front line only.

    Returns
    -------
    html
        The page: the same layer, slider and evidence as in the live map.
    """
    words = load_words(lang)
    rows = make_map_rows(mentions, events, conflict, front_only=front_only)
    shared = {
        "columns": to_columns(rows, conflict, gazetteer, lang=lang, words=words),
        "evidence": _evidence(rows, events, articles, conflict, gazetteer, lang),
        "words": dict(words),
        "dir": direction(lang),
        "lang": lang,
    }
    return _page(shared, f"{words['title']} · Mihwar")


def _evidence(
    rows: MapRows,
    events: gpd.GeoDataFrame,
    articles: Mapping[str, Article],
    conflict: Conflict,
    gazetteer: Gazetteer,
    lang: str,
) -> list[dict[str, Any]]:
    found = []
    for (site, day), behind in rows.mentions.groupby(["site", "day"], sort=True):
        made = make_evidence(
            behind,
            events,
            articles,
            conflict=conflict,
            gazetteer=gazetteer,
            lang=lang,
            words=load_words(lang),
        )
        found += [{**item, "site": int(site), "day": int(day)} for item in made]
    return found


def _page(shared: Mapping[str, Any], title: str) -> str:
    figure = Figure(title=title)
    # folium's map only gives the page its frame: its own assets and tiles are left out, since each
    # would be fetched from the network.
    frame = folium.Map(tiles=None)
    frame.default_js, frame.default_css = [], []
    figure.header.add_child(Element(f"<style>{library_css()}{_PAGE_CSS}</style>"), name="style")
    data = base64.b64encode(json.dumps(shared, ensure_ascii=False).encode()).decode("ascii")
    blocks = f'<main id="mihwar-share"></main><script type="text/plain" id="mihwar-data">{data}</script>'
    figure.html.add_child(Element(blocks), name="mihwar")
    figure.script.add_child(_Script(_verbatim(library_js() + _START)), name="mihwar_script")
    del frame
    return str(figure.render())


def _verbatim(code: str) -> str:
    """Keep branca, which renders a page as a template again, from reading our own braces."""
    return code
