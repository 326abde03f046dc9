"""The reports page: the mentions of one report, each with its sentence and what it tells."""

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import streamlit as st

from dashboard.labels import joined, key_of, plain_label
from dashboard.language import direction
from dashboard.settings import Settings
from dashboard.state import Tables, View, shared_conflict, shared_gazetteer, write_view
from dashboard.timemap.columns import to_columns
from dashboard.timemap.component import evidence_panel, report_panel, timemap
from dashboard.timemap.evidence import make_evidence, make_report
from dashboard.timemap.rows import make_map_rows
from dashboard.timemap.told import MapView
from dashboard.views.correct import offer_corrections
from dashboard.views.frame import paragraph
from dashboard.views.selection import rows_of

_TITLE_LENGTH = 70
# How much of the country is shown around the places of a report, at least.
_PAD_DEG = 0.3


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
    if not tables.articles:
        st.info(words["empty_store"])
        return
    undated = rows_of(tables).undated["article_id"].nunique()
    if undated:
        paragraph(words["undated_reports"].replace("{n}", str(undated)), faint=True)
    ids = list(tables.articles)[::-1]
    asked = ids.index(view.report) if view.report in tables.articles else 0
    chosen = st.selectbox(
        words["choose_report"],
        ids,
        index=asked,
        format_func=lambda key: _title(tables, key, words),
        key="report",
    )
    write_view(replace(view, report=str(chosen)))
    _show(tables, str(chosen), words, view.lang)
    if settings.may_edit:
        offer_corrections(tables, str(chosen), settings.store_url, words, view.lang)


def _show(tables: Tables, chosen: str, words: Mapping[str, str], lang: str) -> None:
    article = tables.articles[chosen]
    mentions = tables.mentions[tables.mentions["article_id"] == chosen]
    events = tables.events[tables.events["article_id"] == chosen]
    left, right = st.columns([3, 2])
    with left:
        report_panel(
            make_report(article, mentions, words), direction=direction(lang), key=f"text_{lang}"
        )
        if article.remarks:
            paragraph(f"{words['remarks']} {article.remarks}", faint=True)
    with right:
        _small_map(tables, mentions, events, chosen, words, lang)
    evidence = make_evidence(
        mentions.assign(date=mentions["published"]),
        events,
        tables.articles,
        conflict=shared_conflict(),
        gazetteer=shared_gazetteer(),
        lang=lang,
        words=words,
        limit=None,
    )
    paragraph(words["legend_roles"], faint=True)
    evidence_panel(
        [{**item, "report": ""} for item in evidence],
        words=words,
        lang=lang,
        direction=direction(lang),
        key=f"report_{lang}",
    )


def _small_map(
    tables: Tables,
    mentions: gpd.GeoDataFrame,
    events: gpd.GeoDataFrame,
    chosen: str,
    words: Mapping[str, str],
    lang: str,
) -> None:
    conflict, gazetteer = shared_conflict(), shared_gazetteer()
    rows = make_map_rows(mentions, events, conflict, gazetteer)
    if rows.mentions.empty:
        return
    x, y = rows.sites["x"], rows.sites["y"]
    pad = max(_PAD_DEG, float(x.max() - x.min()) * 0.2, float(y.max() - y.min()) * 0.2)
    timemap(
        to_columns(rows, conflict, gazetteer, lang=lang, words=words),
        version=f"{tables.version}-{chosen}-{lang}",
        view=MapView(),
        words=words,
        lang=lang,
        small_at=[[y.min() - pad, x.min() - pad], [y.max() + pad, x.max() + pad]],
        key=f"small_{key_of(chosen)}_{lang}",
    )


def _title(tables: Tables, key: str, words: Mapping[str, str]) -> str:
    article = tables.articles[key]
    day = article.published.isoformat() if article.published else words["no_date"]
    title = plain_label(article.title or " ".join(article.text[:2000].split()))
    short = title if len(title) <= _TITLE_LENGTH else title[:_TITLE_LENGTH] + "…"
    return joined(day, article.outlet, short)
