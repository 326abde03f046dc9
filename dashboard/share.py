"""The map as one HTML file: folium with our layer inside, everything inlined, no network."""

import base64
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import folium
import geopandas as gpd
from branca.element import MacroElement
from jinja2 import Template

from dashboard.language import direction, load_words
from dashboard.timemap.assets import leaflet_js, library_css, panel_js, read_asset
from dashboard.timemap.columns import to_columns
from dashboard.timemap.evidence import make_evidence
from dashboard.timemap.ground import to_ground
from dashboard.timemap.rows import MapRows, make_map_rows
from gazetteer import Gazetteer
from geocode.article import Article
from geocode.conflict import Conflict
from geocode.frame import make_layer

# Nothing of an article reaches a template: data travels as base64, which no template, script or
# HTML parser takes for anything but letters. Our own code is marked raw, since branca renders what
# a template gave as a template again.
# How many days a time-lapse shows at once.
_LAPSE_DAYS = 14
_RAW = "{{% raw %}}{}{{% endraw %}}"
_ELEMENT = """
{% macro header(this, kwargs) %}
<style>{{ this.css }}</style><script>{{ this.leaflet }}</script>
{% endmacro %}
{% macro html(this, kwargs) %}
<script type="text/plain" id="{{ this.get_name() }}">{{ this.data }}</script>
{% endmacro %}
{% macro script(this, kwargs) %}{{ this.code }}
mihwarShow({{ this._parent.get_name() }}, "{{ this.get_name() }}");{% endmacro %}
"""


class TimeLayer(MacroElement):
    """
    The time layer as a child of a folium map, with base map, slider and evidence.

    Parameters
    ----------
    shared
        What the page shows: columns, evidence, words.
    """

    _template = Template(_ELEMENT)

    def __init__(self, shared: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "mihwar"
        text = json.dumps(shared, ensure_ascii=False)
        self.data = base64.b64encode(text.encode()).decode("ascii")
        self.css = _RAW.format(library_css() + read_asset("share.css"))
        self.leaflet = _RAW.format(leaflet_js())
        self.code = _RAW.format(panel_js("L") + read_asset("share.js"))


def time_map(  # noqa: PLR0913 (each is said by name)
    mentions: gpd.GeoDataFrame,
    events: gpd.GeoDataFrame,
    articles: Mapping[str, Article],
    *,
    conflict: Conflict,
    gazetteer: Gazetteer,
    lang: str,
    front_only: bool = False,
    window: tuple[date | None, date | None] = (None, None),
    view: Mapping[str, Any] | None = None,
    control: gpd.GeoDataFrame | None = None,
    front: gpd.GeoDataFrame | None = None,
    others: gpd.GeoDataFrame | None = None,
    time_lapse: bool = False,
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
    window
        First and last day, both included; None for no bound. What lies outside is left out.
    view
        How it is shown at first: ``window``, ``mode``, ``by``, ``color``, ``layers``, ``at``, as
        the browser tells them; None for all of it.
    control, front, others
        The layers of those names; None to draw no squares, lines and arrows.
    time_lapse
        Whether it plays as soon as it is opened.

    Returns
    -------
    map
        The same layer, slider and evidence as in the live map.
    """
    words = load_words(lang)
    rows = make_map_rows(mentions, events, conflict, gazetteer, front_only=front_only)
    rows = rows.between(*map(_day, window))
    left_out = words["not_on_map"].replace("{unresolved}", str(len(rows.unresolved)))
    shared = {
        "columns": {
            **to_columns(rows, conflict, gazetteer, lang=lang, words=words),
            "ground": _ground(rows, (control, front, others), conflict, lang),
        },
        "evidence": _evidence(rows, events, articles, conflict, gazetteer, lang),
        "words": dict(words),
        "left_out": left_out.replace("{undated}", str(len(rows.undated))),
        "view": _start(rows, view or {}),
        "play": _LAPSE_DAYS if time_lapse else 0,
        "dir": direction(lang),
        "lang": lang,
    }
    page = folium.Map(tiles=None, zoom_control=True, control_scale=False)
    # folium would fetch these from content networks; ours are inside.
    page.default_js, page.default_css = [], []
    root = page.get_root()
    root.title = words["title"]  # type: ignore[attr-defined]
    layer = TimeLayer(shared)
    # branca names elements by chance; the same input must give the same file.
    page._id, layer._id, root._id = "map", "layer", "page"  # noqa: SLF001
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


def _ground(
    rows: MapRows,
    layers: tuple[gpd.GeoDataFrame | None, ...],
    conflict: Conflict,
    lang: str,
) -> dict[str, Any] | None:
    """Give who holds what, the front and events of other tables in the days of the rows."""
    first, last = ((date(1970, 1, 1) + timedelta(days=day)).isoformat() for day in rows.bounds)
    shown = [
        make_layer(name, []) if layer is None else layer
        for name, layer in zip(("control", "front", "others"), layers, strict=True)
    ]
    if all(layer.empty for layer in shown):
        return None
    control, front, others = (
        layer[(layer["date_start"] <= last) & (layer["date_end"] >= first)] for layer in shown
    )
    marked = rows.places["place_id"].to_list()
    words = load_words(lang)
    return to_ground(control, front, others, marked, conflict, lang=lang, words=words)


def _start(rows: MapRows, view: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the page shows at first; it holds days of its own rows only."""
    low, high = rows.bounds
    first, last = view.get("window") or (low, high)
    window = [max(first, low), min(last, high)] if first <= high and last >= low else [low, high]
    return {"mode": "window", "by": "event", **view, "window": window}


def _day(day: date | None) -> int | None:
    return None if day is None else (day - date(1970, 1, 1)).days


def _evidence(
    rows: MapRows,
    events: gpd.GeoDataFrame,
    articles: Mapping[str, Article],
    conflict: Conflict,
    gazetteer: Gazetteer,
    lang: str,
) -> list[dict[str, Any]]:
    made = make_evidence(
        rows.mentions,
        events,
        articles,
        conflict=conflict,
        gazetteer=gazetteer,
        lang=lang,
        words=load_words(lang),
        limit=None,
    )
    columns = rows.mentions.set_index("mention_id")[["place", "site", "day", "reported"]]
    # "place" is a name on the card.
    spots = columns.astype(int).rename(columns={"place": "place_row"}).to_dict("index")
    return [{**item, "report": "", **spots[item["mention_id"]]} for item in made]
