"""The reports page: the mentions of one report, each with its sentence and what it tells."""

from collections.abc import Mapping

import streamlit as st

from dashboard.language import direction
from dashboard.settings import Settings
from dashboard.state import Tables, View, shared_conflict, shared_gazetteer
from dashboard.timemap.component import evidence_panel
from dashboard.timemap.evidence import make_evidence
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
        list(tables.articles)[::-1],
        format_func=lambda key: _title(tables, key, words),
        key="report",
    )
    mentions = tables.mentions[tables.mentions["article_id"] == chosen]
    events = tables.events[tables.events["article_id"] == chosen]
    evidence = make_evidence(
        mentions.assign(date=mentions["published"]),
        events,
        tables.articles,
        conflict=shared_conflict(),
        gazetteer=shared_gazetteer(),
        lang=view.lang,
        words=words,
        limit=None,
    )
    paragraph(words["legend_roles"], faint=True)
    evidence_panel(evidence, words=words, direction=direction(view.lang), key=f"report_{view.lang}")


def _title(tables: Tables, key: str, words: Mapping[str, str]) -> str:
    article = tables.articles[key]
    day = article.published.isoformat() if article.published else words["no_date"]
    title = article.title or " ".join(article.text.split())
    short = title if len(title) <= _TITLE_LENGTH else title[:_TITLE_LENGTH] + "…"
    return " · ".join(part for part in (day, article.outlet, short) if part)
