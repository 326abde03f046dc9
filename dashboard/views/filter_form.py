"""The filters as the viewer sets them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.filters import COUNTED, Filters
from dashboard.labels import plain_label
from dashboard.state import shared_conflict, shared_gazetteer
from dashboard.timemap.rows import NEUTRAL, OTHER, UNKNOWN_LEANING, MapRows
from dashboard.views.frame import paragraph
from geocode.modality import STATUSES
from geocode.role import ROLES
from geocode.triggers import EVENT_TYPES

Words = Mapping[str, str]
_LISTS = (
    "speaker",
    "actor",
    "type",
    "status",
    "role",
    "outlet",
    "leaning",
    "place",
    "district",
)


def choose_filters(
    version: str, rows: MapRows, filters: Filters, words: Words, lang: str
) -> Filters:
    """
    Let the viewer set the filters.

    Parameters
    ----------
    version
        Of the tables the rows come from.
    rows
        What there is to choose from.
    filters
        As they are.
    words
        Words of the interface.
    lang
        Its language.

    Returns
    -------
    filters
        As they were chosen; the area is the map's.
    """
    names = {name: words[f"layer_{name}"] for name in COUNTED}
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        layer = st.segmented_control(
            words["layer"],
            COUNTED,
            default=filters.layer,
            format_func=names.__getitem__,
            key="layer",
            label_visibility="collapsed",
            required=True,
        )
    with right:
        text = st.text_input(
            words["search"],
            filters.text,
            key="search",
            max_chars=200,
            placeholder=words["search_hint"],
            label_visibility="collapsed",
        )
    chosen = replace(filters, layer=str(layer or filters.layer), text=str(text or "").strip())
    set_now = replace(chosen, text="", area=()).count
    label = words["filters"] + (f" ({set_now})" if set_now else "")
    with st.expander(label, expanded=False):
        chosen = _lists(_options(version, lang, rows), chosen, words, lang)
        if chosen.area:
            paragraph(words["area_set"], faint=True)
        if set_now:
            st.button(words["clear_filters"], key="clear_filters", on_click=_clear)
    return chosen


def _clear() -> None:
    for name in _LISTS:
        st.session_state[f"filter_{name}"] = []
    st.session_state["filter_score"] = 0.0
    st.session_state["filter_contested"] = False


@st.cache_resource(max_entries=8)
def _options(version: str, lang: str, _rows: MapRows) -> dict[str, list[str]]:
    """Gather what there is to choose from, once for all viewers."""
    del version  # the key under which the options are kept
    table = _rows.mentions
    return {
        **{n: _present(table[n]) for n in ("speaker", "outlet", "leaning")},
        "district": ["", *_present(table["district"])],
        "actor": ["", *_present(_rows.told["actor_side"])],
        "place": _places(_rows, lang),
        "type": list(EVENT_TYPES),
        "status": list(STATUSES),
        "role": list(ROLES),
    }


def _lists(options: Mapping[str, list[str]], filters: Filters, words: Words, lang: str) -> Filters:
    side = _side_name(words, lang)
    fields: dict[str, Callable[[str], str]] = {
        "speaker": side,
        "actor": lambda v: side(v) if v else words["not_told"],
        "type": lambda v: words[f"type.{v}"],
        "status": lambda v: words[f"status.{v}"],
        "role": lambda v: words[f"role.{v}"],
        "outlet": plain_label,
        "leaning": side,
        "place": _place_name(lang),
        "district": lambda v: v or words["no_district"],
    }
    values: dict[str, Any] = {}
    columns = st.columns(3)
    for number, (name, show) in enumerate(fields.items()):
        with columns[number % 3]:
            picked = st.multiselect(
                words[f"filter.{name}"],
                options[name],
                default=[v for v in getattr(filters, name) if v in options[name]],
                format_func=_plainly(show),
                key=f"filter_{name}",
                placeholder=words["any"],
            )
        values[name] = tuple(picked)
    with columns[0]:
        score = st.slider(
            words["filter.score"], 0.0, 1.0, filters.min_score, 0.05, key="filter_score"
        )
    with columns[1]:
        contested = st.checkbox(
            words["filter.contested"], filters.contested, key="filter_contested"
        )
    return replace(filters, min_score=float(score), contested=contested, **values)


def _present(values: "pd.Series[Any]") -> list[str]:
    return sorted(str(v) for v in values.dropna().unique())


def _places(rows: MapRows, lang: str) -> list[str]:
    label = "place_name_ar" if lang == "ar" else "place_name"
    return [str(p) for p in rows.places.sort_values(label)["place_id"]]


def _place_name(lang: str) -> Callable[[str], str]:
    gazetteer = shared_gazetteer()

    def name(place_id: str) -> str:
        return gazetteer.by_id(place_id).name(lang) if place_id in gazetteer else place_id

    return name


def _side_name(words: Words, lang: str) -> Callable[[str], str]:
    sides = shared_conflict().sides
    own = {
        NEUTRAL: words["neutral"],
        OTHER: words["other_sides"],
        UNKNOWN_LEANING: words["unknown_leaning"],
    }

    def name(side: str) -> str:
        return own.get(side) or (sides[side].name(lang) if side in sides else side)

    return name


def _plainly(show: Callable[[str], str]) -> Callable[[str], str]:
    return lambda value: plain_label(show(value))
