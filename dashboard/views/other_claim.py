"""Which other claim is of the same event, or of another: what a reader chooses from."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.labels import joined
from dashboard.state import Tables
from dashboard.views.frame import paragraph

# Claims so many days apart are offered as of one event.
_NEAR_DAYS = 30
_MOST = 60
Words = Mapping[str, str]


def choose_other_claim(
    tables: Tables, what: str, row: Mapping[str, Any], words: Words, lang: str
) -> str | None:
    """
    Let the viewer choose the claim that is of the same event, or of another.

    Parameters
    ----------
    tables
        What is in the store.
    what
        ``same_event`` or ``other_event``.
    row
        The claim that is corrected, of the events layer.
    words
        Words of the interface.
    lang
        Its language.

    Returns
    -------
    value
        As `geocode.corrections.Correction.value` holds it; None where there is nothing to choose.
    """
    offered = offered_claims(tables.events, what, row)
    if offered.empty:
        paragraph(words["correct_no_claim"], faint=True)
        return None
    name = "place_name_ar" if lang == "ar" else "place_name"
    labels = {claim["event_id"]: _label(claim, name, words) for claim in offered.to_dict("records")}
    chosen = st.selectbox(
        words["correct_other"], list(labels), format_func=labels.__getitem__, key=f"correct_{what}"
    )
    other = offered.set_index("event_id").loc[chosen]
    return f"{row['event_id']} {chosen} {other['article_id']}"


def offered_claims(events: pd.DataFrame, what: str, row: Mapping[str, Any]) -> pd.DataFrame:
    """
    Give the claims a reader may choose from, the nearest in time first.

    Parameters
    ----------
    events
        The events layer.
    what
        ``same_event``: claims of other events, within a month; ``other_event``: claims of this one.
    row
        The claim that is corrected.
    """
    others = events[events["event_id"] != row["event_id"]]
    same = others["cluster_id"] == row["cluster_id"]
    if what == "other_event":
        own: pd.DataFrame = others[same].head(_MOST)
        return own
    days = pd.to_datetime(others["date_start"], errors="coerce")
    apart = (days - pd.to_datetime(row["date_start"], errors="coerce")).abs().dt.days
    near = others[~same & (apart <= _NEAR_DAYS)]
    order = pd.DataFrame(
        {"away": near["place_id"] != row["place_id"], "apart": apart[near.index]}
    ).sort_values(["away", "apart"], kind="stable")
    found: pd.DataFrame = near.loc[order.index].head(_MOST)
    return found


def _label(claim: Mapping[Any, Any], name: str, words: Words) -> str:
    parts = (
        claim["date_start"],
        claim[name],
        f"{words['type.' + claim['type']]} «{claim['trigger']}»",
        claim["outlet"],
    )
    return joined(*parts)
