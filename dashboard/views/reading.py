"""What was read of reports that are not saved yet: mentions by role, events, what stayed open."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from dashboard.language import direction
from dashboard.timemap.component import report_panel
from dashboard.timemap.evidence import make_report
from dashboard.views.frame import paragraph, subheading
from geocode.record import ReadArticle

_SHOWN = 5
Words = Mapping[str, str]


def show_reading(read: Sequence[ReadArticle], words: Words, lang: str) -> None:
    """
    Show what was read.

    Parameters
    ----------
    read
        Reports with their rows.
    words
        Words of the interface.
    lang
        Its language.
    """
    mentions = pd.DataFrame([row for r in read for row in r.mentions])
    events = pd.DataFrame([row for r in read for row in r.events])
    open_names = int(mentions["place_id"].isna().sum()) if len(mentions) else 0
    undated = sum(
        r.article.published is None and any(e["date_start"] is None for e in r.events) for r in read
    )
    with st.container(horizontal=True):
        st.metric(words["articles"], len(read), width="content")
        st.metric(words["mentions"], len(mentions), width="content")
        st.metric(words["events"], len(events), width="content")
        st.metric(words["unresolved"], open_names, width="content")
    if undated:
        st.warning(words["undated_reports"].replace("{n}", str(undated)))
    if len(mentions):
        _show_roles(mentions, words)
    if len(events):
        subheading(words["events"])
        st.dataframe(_events(events, words, lang), hide_index=True, key="draft_events")
    for number, one in enumerate(read[:_SHOWN]):
        table = pd.DataFrame(one.mentions, columns=["start", "end", "role", "place_id"])
        table["place_id"] = table["place_id"].astype(object)
        report_panel(
            make_report(one.article, table, words),
            direction=direction(lang),
            key=f"draft_{number}",
        )


def _show_roles(mentions: pd.DataFrame, words: Words) -> None:
    parts = [
        f"{words[f'role.{role}']}: " + "، ".join(dict.fromkeys(group["text"]))
        for role, group in mentions.groupby("role", sort=False)
    ]
    missing = mentions[mentions["place_id"].isna()]["text"]
    for part in parts:
        paragraph(part)
    if len(missing):
        paragraph(words["unresolved"] + ": " + "، ".join(dict.fromkeys(missing)))


def _events(events: pd.DataFrame, words: Words, lang: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            words["act"]: events["type"].map(lambda kind: words[f"type.{kind}"]),
            words["place"]: events["place_name_ar" if lang == "ar" else "place_name"],
            words["date"]: events["date_start"],
            words["actor"]: events["actor"],
            words["status_label"]: events["status"].map(lambda s: words[f"status.{s}"]),
        }
    )
