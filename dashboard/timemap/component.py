"""The Streamlit components: the time map, the evidence beside it, and what feeds the map."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import streamlit as st

from dashboard.timemap.assets import component_js, library_css
from dashboard.timemap.told import MapView, Picked, read_count, read_map_view, read_picked

# How often a page that is open and looked at asks whether there are new reports.
LOOK_EVERY_S = 5
_WORDS = (
    "title",
    "timeline",
    "timeline_label",
    "move_window",
    "first_day",
    "last_day",
    "until",
    "whole_period",
    "play",
    "pause",
    "step_back",
    "step_on",
    "step_by",
    "speed",
    "mode_label",
    "day_of",
    "tools",
    "layers",
    "color_by",
    "draw_box",
    "draw_polygon",
    "clear_area",
    "copy_link",
    "save_picture",
    "count",
    "late",
    "speaker",
    "legend_type",
    "map_label",
    "open_source",
    "open_report",
    "versions_head",
    "contested",
    "advance_here",
    "both_ends",
    "held_end",
    "front_between",
    "front_here",
    "held_by",
    "holder_unknown",
    "inferred",
    "km",
    "others_here",
    "stale",
    "told_before",
    "told_later",
    "place",
    "act",
    "actor",
    "date",
)
_WORD_TABLES = ("step", "mode", "by", "map_layer", "color")


def timemap(
    columns: Mapping[str, Any],
    *,
    version: str,
    view: MapView,
    words: Mapping[str, str],
    lang: str,
    tiles: bool = False,
    small_at: Sequence[Sequence[float]] | None = None,
    key: str,
) -> tuple[MapView, Picked | None]:
    """
    Show the time map.

    Parameters
    ----------
    columns
        As `dashboard.timemap.columns.to_columns` gives them.
    version
        Changes when they do; while it is the same the viewer's map stays as it is.
    view
        The view it starts with.
    words
        Words of the interface.
    lang
        Its language.
    tiles
        Whether online tiles are switched on.
    small_at
        South-west and north-east corner (lat, lon) of a small map without tools; None for the
        large map of the country.
    key
        Of the component in the session; `send_mask` finds the map by it.

    Returns
    -------
    view
        The view after the last release.
    picked
        What was clicked just now, else None.
    """
    low, high = int(columns["first_day"]), int(columns["last_day"])
    window = _inside((view.first, view.last), (low, high))
    data = {
        "columns": columns,
        "version": version,
        "channel": key,
        "view": {
            "window": list(window),
            "mode": view.mode,
            "by": view.by,
            "color": view.color,
            "layers": list(view.layers),
            "area": [list(point) for point in view.area],
            "at": list(view.at) if view.at else None,
        },
        "words": _some(words),
        "lang": lang,
        "tiles": tiles,
        "bounds": small_at,
        "compact": small_at is not None,
    }
    result = _component("timemap", '<div class="mihwar-host"></div>', "component")(
        key=key,
        data=data,
        default={"view": None},
        on_view_change=_nothing,
        on_pick_change=_nothing,
    )
    start = replace(view, first=window[0], last=window[1])
    return read_map_view(result.get("view"), start), read_picked(result.get("pick"), version)


def linked_maps(
    columns: Mapping[str, Any],
    *,
    days: tuple[int, int],
    titles: tuple[str, str],
    changed: Sequence[Mapping[str, float]],
    version: str,
    words: Mapping[str, str],
    lang: str,
    key: str,
) -> None:
    """
    Show who held what on two days, on two maps that move together.

    Parameters
    ----------
    columns
        As for `timemap`, with ``ground``.
    days
        Days since 1970.
    titles
        What stands above each map.
    changed
        Places that are pointed out: ``x``, ``y`` in degrees on EPSG:4326.
    version
        Changes when the columns do.
    words
        Words of the interface.
    lang
        Its language.
    key
        Of the component in the session.
    """
    xs, ys = [p["x"] for p in changed], [p["y"] for p in changed]
    data = {
        "columns": columns,
        "version": version,
        "days": list(days),
        "titles": list(titles),
        "changed": [{"x": p["x"], "y": p["y"]} for p in changed],
        "bounds": [[min(ys) - 0.3, min(xs) - 0.3], [max(ys) + 0.3, max(xs) + 0.3]] if xs else None,
        "words": _some(words),
        "lang": lang,
    }
    _component("compare", '<div class="mihwar-pair"></div>', "compare")(key=key, data=data)


def send_mask(mask: str, *, version: str, channel: str, heard: int, counted: str, key: str) -> None:
    """
    Hand a map the filters' mask and say what was heard of it; its columns are not sent again.

    Parameters
    ----------
    mask
        As `dashboard.timemap.columns.pack_mask` gives it.
    version
        That of the columns it is for.
    channel
        The key of the map.
    heard
        ``told`` of the view this is the answer to.
    counted
        What the map's number is called, with ``{n}`` for it.
    key
        Of the component in the session.
    """
    data = {
        "mask": mask,
        "version": version,
        "channel": channel,
        "heard": heard,
        "counted": counted,
    }
    _component("pulse", "<span></span>", "pulse")(key=key, data=data, height=1)


def look_for_news(*, key: str) -> int | None:
    """
    Run the fragment around it again every few seconds, but not while the viewer drags.

    Parameters
    ----------
    key
        Of the component in the session.

    Returns
    -------
    run
        The last run of the page the browser saw the end of; None where it did not look just now.
    """
    data = {"every_s": LOOK_EVERY_S}
    result = _component("pulse", "<span></span>", "pulse")(
        key=key, data=data, height=1, on_look_change=_nothing
    )
    look = result.get("look")
    return read_count(look.get("run")) if isinstance(look, Mapping) else None


def mark_end(run: int, *, key: str) -> None:
    """
    Tell the browser that all of a page was sent; it says so when it looks for news.

    Parameters
    ----------
    run
        The number of the run.
    key
        Of the component in the session.
    """
    _component("pulse", "<span></span>", "pulse")(key=key, data={"run": run}, height=1)


def evidence_panel(
    evidence: Sequence[Mapping[str, Any]],
    *,
    words: Mapping[str, str],
    lang: str,
    direction: str,
    reveal: str = "",
    key: str,
) -> None:
    """
    Show evidence.

    Parameters
    ----------
    evidence
        As `dashboard.timemap.evidence.make_evidence` gives it.
    words
        Words of the interface.
    lang
        Its language.
    direction
        ``rtl`` or ``ltr``.
    reveal
        What was picked just now: the page scrolls to it, once; empty to stay where it is.
    key
        Of the component in the session.
    """
    data = {
        "reveal": reveal,
        "evidence": list(evidence),
        "words": {**_some(words), "lang": lang},
        "dir": direction,
    }
    _component("evidence", '<div class="mihwar-evidence"></div>', "evidence")(key=key, data=data)


def report_panel(report: Mapping[str, Any], *, direction: str, key: str) -> None:
    """
    Show a report with its places marked.

    Parameters
    ----------
    report
        As `dashboard.timemap.evidence.make_report` gives it.
    direction
        ``rtl`` or ``ltr``.
    key
        Of the component in the session.
    """
    data = {"report": report, "dir": direction}
    _component("evidence", '<div class="mihwar-evidence"></div>', "evidence")(key=key, data=data)


def _some(words: Mapping[str, str]) -> dict[str, str]:
    tables = tuple(f"{table}." for table in _WORD_TABLES)
    return {k: v for k, v in words.items() if k in _WORDS or k.startswith(tables)}


@lru_cache(maxsize=4)
def _component(name: str, html: str, script: str) -> Callable[..., Any]:
    return st.components.v2.component(
        f"mihwar_{name}", html=html, css=library_css(), js=component_js(script)
    )


def _inside(window: tuple[int | None, int | None], bounds: tuple[int, int]) -> tuple[int, int]:
    """Give a window inside the bounds; one that misses them is all of them."""
    low, high = bounds
    first = low if window[0] is None else max(window[0], low)
    last = high if window[1] is None else min(window[1], high)
    return (first, last) if first <= last else bounds


def _nothing() -> None:
    """Name the event, so that Streamlit passes it on."""
