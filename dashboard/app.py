"""The dashboard: navigation only."""

import logging
import os
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboard.errors import DashboardError
from dashboard.language import load_words
from dashboard.settings import read_settings
from dashboard.state import (
    StoreError,
    begin_run,
    current_view,
    end_run,
    known_access,
    load_tables,
    write_view,
)
from dashboard.timemap.component import mark_end
from dashboard.views import add, compare, frame, login, map, method, news, reports, table  # noqa: A004 (the page is called so)

logger = logging.getLogger(__name__)


def main() -> None:
    """Choose language and page, and show it."""
    run = begin_run()
    st.set_page_config(page_title="Mihwar · محور", page_icon="🧭", layout="wide")
    try:
        settings = read_settings(os.environ)
        access = known_access(settings)
    except DashboardError as error:
        frame.fault(str(error))
        return
    view = current_view(settings)
    words = load_words(view.lang)
    widths = [4.0, 1.0] if access is None else [5.0, 1.4, 0.8]
    head, choice, *rest = st.columns(widths, vertical_alignment="bottom")
    with choice:
        lang = frame.choose_language(words, view.lang)
    if lang != view.lang:
        view, words = replace(view, lang=lang), load_words(lang)
        write_view(view)
    with head:
        frame.heading(words, view.lang)
    if access is not None:
        found = login.visitor(access)
        if found.reason:
            login.ask(found, words)
            return
        with rest[0]:
            login.show_visitor(found, words)
        settings = replace(settings, may_edit=settings.may_edit and found.may_edit)
    try:
        tables = load_tables(settings.store_url)
    except StoreError as error:
        # What a path or a host is called is for whoever runs this, not for those who look.
        logger.error("%s", error)  # noqa: TRY400 (it is told in a line)
        frame.fault(words["closed"] if access else str(error))
        return
    news.show_news(settings, tables, words)

    def page(render: Callable[..., None], title: str, path: str) -> st.Page:
        def run() -> None:
            render(tables, view, words, settings)

        return st.Page(run, title=words[title], url_path=path, default=path == "")

    pages = [
        page(map.render, "page_map", ""),
        page(compare.render, "page_compare", "compare"),
        page(reports.render, "page_reports", "reports"),
        page(table.render, "page_table", "table"),
        *([page(add.render, "page_add", "add")] if settings.may_edit else []),
        page(method.render, "page_method", "method"),
    ]
    st.navigation(pages, position="top").run()
    mark_end(run, key="end")
    end_run(run)


main()
