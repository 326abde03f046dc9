"""The Streamlit components: the time map, and the evidence beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import streamlit as st

from dashboard.timemap.assets import component_js, library_css

# Days since 1970 that a date can hold, on either side.
_MAX_DAY = 700_000
_WORDS = ("first_day", "last_day", "count", "speaker", "map_label", "open_source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """
    What the viewer sees of the map.

    Attributes
    ----------
    first, last
        The window, days since 1970, both included.
    picked
        The site that was clicked just now, else None.
    """

    first: int
    last: int
    picked: int | None


def timemap(
    columns: Mapping[str, Any],
    *,
    version: str,
    window: tuple[int, int],
    words: Mapping[str, str],
    tiles: bool,
    key: str,
) -> Seen:
    """
    Show the time map.

    Parameters
    ----------
    columns
        As `dashboard.timemap.rows.to_columns` gives them.
    version
        Changes when they do; while it is the same the viewer's map stays as it is.
    window
        The window it starts with.
    words
        Words of the interface.
    tiles
        Whether online tiles are switched on.
    key
        Of the component in the session.

    Returns
    -------
    seen
        The window after the last release of a handle, and what was clicked.
    """
    data = {
        "columns": columns,
        "version": version,
        "window": list(window),
        "words": {name: words[name] for name in _WORDS},
        "tiles": tiles,
    }
    result = _component("timemap", '<div class="mihwar-host"></div>', "component")(
        key=key,
        data=data,
        default={"window": list(window)},
        on_window_change=_nothing,
        on_pick_change=_nothing,
    )
    first, last = _window(result.get("window"), window)
    return Seen(first=first, last=last, picked=result.get("pick"))


def evidence_panel(
    evidence: Sequence[Mapping[str, Any]], *, words: Mapping[str, str], direction: str, key: str
) -> None:
    """
    Show evidence.

    Parameters
    ----------
    evidence
        As `dashboard.timemap.evidence.make_evidence` gives it.
    words
        Words of the interface.
    direction
        ``rtl`` or ``ltr``.
    key
        Of the component in the session.
    """
    data = {
        "evidence": list(evidence),
        "words": {name: words[name] for name in _WORDS},
        "dir": direction,
    }
    _component("evidence", '<div class="mihwar-evidence"></div>', "evidence")(key=key, data=data)


@lru_cache(maxsize=4)
def _component(name: str, html: str, script: str) -> Callable[..., Any]:
    return st.components.v2.component(
        f"mihwar_{name}", html=html, css=library_css(), js=component_js(script)
    )


def _window(value: object, otherwise: tuple[int, int]) -> tuple[int, int]:
    """Read what the browser sent; anything but two days in order is not believed."""
    if isinstance(value, list | tuple) and len(value) == 2:  # noqa: PLR2004 (a window has two ends)
        first, last = value
        whole = all(type(day) is int or (type(day) is float and day.is_integer()) for day in value)
        if whole and -_MAX_DAY <= first <= last <= _MAX_DAY:
            return int(first), int(last)
    return otherwise


def _nothing() -> None:
    """Name the event, so that Streamlit passes it on."""
