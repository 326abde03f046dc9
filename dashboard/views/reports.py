"""The reports page: one report, all that was read of it beside its sentences."""

from collections.abc import Mapping

import streamlit as st

from dashboard.language import direction
from dashboard.settings import Settings
from dashboard.state import Tables, View, shared_conflict, shared_gazetteer
from dashboard.timemap.component import evidence_panel
from dashboard.timemap.evidence import make_evidence
from dashboard.timemap.rows import make_map_rows
from dashboard.views.frame import paragraph

_TITLE_LENGTH = 70


def render(tables: Tables, view: View, words: Mapping[str, str], settings: Settings) -> None:
    """
    Show the page.

    Parameters
    ----------
    tables
        What is in the store.
    view
        What the address asks for.
    words
        Words of the interface.
    settings
        How the dashboard was started.
    """
    del settings
    if not tables.articles:
        st.info(words["empty_store"])
        return
    undated = sum(article.published is None for article in tables.articles.values())
    if undated:
        paragraph(words["undated_reports"].replace("{n}", str(undated)), faint=True)
    chosen = st.selectbox(
        words["choose_report"],
        list(tables.articles),
        format_func=lambda key: _title(tables, key, words),
        key="report",
    )
    rows = make_map_rows(tables.mentions, tables.events, shared_conflict(), front_only=False)
    parts = (rows.mentions, rows.undated, rows.unresolved)
    evidence = []
    for part in parts:
        here = part[part["article_id"] == chosen]
        evidence += make_evidence(
            here,
            tables.events,
            tables.articles,
            conflict=shared_conflict(),
            gazetteer=shared_gazetteer(),
            lang=view.lang,
            words=words,
        )
    paragraph(words["legend_roles"], faint=True)
    evidence_panel(evidence, words=words, direction=direction(view.lang), key=f"report_{view.lang}")


def _title(tables: Tables, key: str, words: Mapping[str, str]) -> str:
    article = tables.articles[key]
    day = article.published.isoformat() if article.published else words["no_date"]
    title = article.title or " ".join(article.text.split())
    short = title if len(title) <= _TITLE_LENGTH else title[:_TITLE_LENGTH] + "…"
    return " · ".join(part for part in (day, article.outlet, short) if part)
