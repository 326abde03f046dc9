"""The map as one HTML file: folium with our layer inside, everything inlined, no network."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import folium
import geopandas as gpd
from branca.element import MacroElement
from jinja2 import Template

from dashboard.language import direction, load_words
from dashboard.timemap.assets import leaflet_js, library_css, panel_js
from dashboard.timemap.evidence import make_evidence
from dashboard.timemap.rows import MapRows, make_map_rows, to_columns
from gazetteer import Gazetteer
from geocode.article import Article
from geocode.conflict import Conflict

# Nothing of an article reaches a template: data travels as base64, which no template, script or HTML
# parser takes for anything but letters. Our own code is marked raw, since branca renders what a
# template gave as a template again.
_RAW = "{{% raw %}}{}{{% endraw %}}"
_ELEMENT = """
{% macro header(this, kwargs) %}<style>{{ this.css }}</style><script>{{ this.leaflet }}</script>{% endmacro %}
{% macro html(this, kwargs) %}<script type="text/plain" id="{{ this.get_name() }}">{{ this.data }}</script>{% endmacro %}
{% macro script(this, kwargs) %}{{ this.code }}
mihwarShow({{ this._parent.get_name() }}, "{{ this.get_name() }}");{% endmacro %}
"""
_SHOW = """
function mihwarShow(map, id) {
  const packed = document.getElementById(id).textContent.trim();
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const shared = JSON.parse(new TextDecoder().decode(bytes));
  const host = document.createElement("main");
  host.className = "mihwar-share";
  host.dir = shared.dir;
  document.documentElement.lang = shared.lang;
  map.getContainer().before(host);
  MihwarPanel.element("h1", "mihwar-title", host, shared.words.title);
  MihwarPanel.element("p", "mihwar-tagline", host, shared.words.tagline);
  const place = MihwarPanel.element("div", "", host);
  const hint = MihwarPanel.element("p", "mihwar-hint", host, shared.words.evidence_hint);
  const below = MihwarPanel.element("div", "mihwar-evidence", host);
  let picked = -1, days = [shared.columns.first_day, shared.columns.last_day];
  const show = () => {
    const behind = shared.evidence.filter((e) => e.site === picked && e.day >= days[0] && e.day <= days[1]);
    behind.sort((a, b) => b.day - a.day);
    hint.hidden = behind.length > 0;
    MihwarPanel.showEvidence(below, behind, shared.words);
  };
  const panel = MihwarPanel.create(place, {
    map, data: shared.columns, base: MIHWAR_BASE, words: shared.words, window: days, tiles: false,
    onRelease(value) { days = value; show(); },
    onPick(site) { picked = site; show(); },
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", panel.paint);
}
"""
_PAGE_CSS = """
:root { color-scheme: light dark; --st-background-color: #ffffff; --st-text-color: #1f2933; }
@media (prefers-color-scheme: dark) { :root { --st-background-color: #0e1117; --st-text-color: #fafafa; --st-border-color: #3a414b; } }
html, body { height: auto; }
body { margin: 0; background: var(--st-background-color); color: var(--st-text-color); font-family: system-ui, "Noto Sans Arabic", sans-serif; }
.mihwar-share { max-width: 1200px; margin: 0 auto; padding: 12px 16px 40px; }
.mihwar-share .mihwar-map { position: relative !important; width: auto !important; height: clamp(320px, 62vh, 640px) !important; }
.mihwar-title { margin: 0; font-size: 1.6rem; } .mihwar-tagline, .mihwar-hint { margin: 0 0 10px; opacity: 0.8; }
"""


class TimeLayer(MacroElement):  # type: ignore[misc]  # branca has no type hints
    """
    The time layer as a child of a folium map, with base map, slider and evidence.

    Parameters
    ----------
    shared
        What the page shows: columns, evidence, words.
    """

    _template = Template(_ELEMENT)

    def __init__(self, shared: Mapping[str, Any]) -> None:
        super().__init__()
        self._name = "mihwar"
        text = json.dumps(shared, ensure_ascii=False)
        self.data = base64.b64encode(text.encode()).decode("ascii")
        self.css = _RAW.format(library_css() + _PAGE_CSS)
        self.leaflet = _RAW.format(leaflet_js())
        self.code = _RAW.format(panel_js("L") + _SHOW)


def time_map(
    mentions: gpd.GeoDataFrame,
    events: gpd.GeoDataFrame,
    articles: Mapping[str, Article],
    *,
    conflict: Conflict,
    gazetteer: Gazetteer,
    lang: str,
    front_only: bool = False,
) -> folium.Map:
    """
    Make a folium map with the time layer, for a notebook or a file; it asks no server for anything.

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
    map
        The same layer, slider and evidence as in the live map.
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
    page = folium.Map(tiles=None, zoom_control=True, control_scale=False)
    # folium would fetch these from content networks; ours are inside.
    page.default_js, page.default_css = [], []
    page.get_root().title = words["title"]
    layer = TimeLayer(shared)
    # branca names elements by chance; the same input must give the same file.
    page._id, layer._id, page.get_root()._id = "map", "layer", "page"  # noqa: SLF001
    page.add_child(layer)
    return page


def share_html(page: folium.Map) -> str:
    """
    Write a time map as one HTML file that opens from disk.

    Parameters
    ----------
    page
        As `time_map` makes it.

    Returns
    -------
    html
        The whole page; the same map always gives the same text.
    """
    return str(page.get_root().render())


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
