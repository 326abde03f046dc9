"""The page that compares two days: two maps that move together, and what changed hands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from dashboard.labels import key_of
from dashboard.settings import Settings
from dashboard.state import (
    Tables,
    View,
    iso_day,
    load_control,
    shared_conflict,
    shared_gazetteer,
    write_view,
)
from dashboard.timemap.component import linked_maps
from dashboard.views.frame import paragraph, subheading
from dashboard.views.holding import show_claims
from dashboard.views.selection import columns_of, version_of
from geocode.change import Change, find_changes

_EPOCH = date(1970, 1, 1)
Words = Mapping[str, str]


def render(tables: Tables, view: View, words: Words, settings: Settings) -> None:
    """
    Show the page.

    Parameters
    ----------
    tables
        What is in the store.
    view
        What the address asks for; its window gives the two days.
    words
        Words of the interface.
    settings
        How the dashboard was started.
    """
    control = load_control(settings.store_url, tables)
    if not control.evidence:
        st.info(words["empty_store"])
        return
    paragraph(words["compare_text"], faint=True)
    days = _choose_days(view, (control.first_day, control.last_day), words)
    write_view(replace(view, window=days))
    if days[0] >= days[1]:
        st.warning(words["compare_order"])
        return
    changes = find_changes(control, tables.events, shared_conflict(), *days)
    told = [change for change in changes if change.claims]
    places = [shared_gazetteer().by_id(change.place_id) for change in told]
    linked_maps(
        columns_of(tables, view.lang, words),
        days=days,
        titles=(iso_day(days[0]), iso_day(days[1])),
        changed=[{"x": place.lon, "y": place.lat} for place in places],
        version=version_of(tables, view.lang),
        words={**words, "held_end": words["held_by"]},
        lang=view.lang,
        key=f"pair_{view.lang}",
    )
    subheading(words["compare_changes"].replace("{n}", str(len(told))))
    _list(tables, told, words, view.lang)
    if len(told) < len(changes):
        paragraph(words["compare_untold"], faint=True)
        _list(tables, [change for change in changes if not change.claims], words, view.lang)


def _choose_days(view: View, bounds: tuple[int, int], words: Words) -> tuple[int, int]:
    start = view.window or bounds
    low, high = (_EPOCH + timedelta(days=day) for day in bounds)
    chosen = []
    with st.container(horizontal=True):
        for name, day in zip(("compare_first", "compare_last"), start, strict=True):
            kept = min(max(_EPOCH + timedelta(days=day), low), high)
            picked = st.date_input(
                words[name],
                kept,
                min_value=low,
                max_value=high,
                format="YYYY-MM-DD",
                key=name,
                width=190,
            )
            chosen.append((picked - _EPOCH).days)
    return chosen[0], chosen[1]


def _list(tables: Tables, changes: Sequence[Change], words: Words, lang: str) -> None:
    for change in changes:
        with st.container(horizontal=True, vertical_alignment="center"):
            paragraph(_sentence(change, words, lang))
            if change.claims and st.button(
                words["compare_open"].replace("{n}", str(len(change.claims))),
                key=f"change_{key_of(change.place_id)}",
            ):
                st.session_state["change"] = change.place_id
        if st.session_state.get("change") == change.place_id and change.claims:
            show_claims(tables, change.claims, words, lang, key=f"claims_{key_of(change.place_id)}")


def _sentence(change: Change, words: Words, lang: str) -> str:
    """Say it in a line: "Gharyan: LNA → GNA, 2019-06-26, 4 claims, 3 outlets, both sides"."""
    sides = shared_conflict().sides
    place = shared_gazetteer().by_id(change.place_id).name(lang)
    before, after = sides[change.before].name(lang), sides[change.after].name(lang)
    told = {0: words["compare_nobody"], 2: words["both_sides"]}.get(len(change.sides))
    if told is None:
        told = words["compare_one_side"].replace("{side}", sides[change.sides[0]].name(lang))
    counts = words["compare_told"].replace("{claims}", str(len(change.claims)))
    parts = (
        words["compare_hands"].replace("{before}", before).replace("{after}", after),
        f"\u2066{iso_day(change.day)}\u2069",
        counts.replace("{outlets}", str(len(change.outlets))),
        told if change.claims else words["compare_unsaid"],
    )
    return f"\u2068{place}\u2069: {' · '.join(parts)}"
