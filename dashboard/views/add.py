"""The page to add reports: files or pasted text; what was read is shown before it is saved."""

from collections.abc import Iterator, Mapping
from datetime import date

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard.settings import Settings
from dashboard.state import (
    StoreError,
    Tables,
    View,
    reader_of,
    take_news,
    write_view,
    writing_store,
)
from dashboard.views.frame import fault, paragraph
from dashboard.views.reading import show_reading
from geocode import ingest_articles
from geocode.article import Article, make_article
from geocode.errors import ArticleError, CorrectionError
from geocode.pipeline import read_each
from geocode.reading import KINDS, Given, Refused, read_upload
from geocode.record import ReadArticle

MAX_UPLOAD_MB = 20
_MAX_TEXT = 200_000
_SHOWN = 20
Words = Mapping[str, str]


def render(tables: Tables, view: View, words: Words, settings: Settings) -> None:
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
    del tables
    write_view(view)
    if done := st.session_state.pop("added", ""):
        st.success(done)
    paragraph(words["add_text"])
    # What was saved is gone from the form: a form of another key is an empty one.
    turn = st.session_state.get("add_round", 0)
    with st.form(f"add_{turn}", border=True):
        text = st.text_area(
            words["add_paste"], height=180, key=f"add_text_{turn}", max_chars=_MAX_TEXT
        )
        files = st.file_uploader(
            words["add_files"],
            accept_multiple_files=True,
            type=[*KINDS, ".gz"],
            max_upload_size=MAX_UPLOAD_MB,
            key=f"add_files_{turn}",
        )
        left, middle, right = st.columns(3)
        with left:
            published = st.date_input(
                words["add_date"],
                None,
                min_value=date(1900, 1, 1),
                max_value=date(2100, 12, 31),
                format="YYYY-MM-DD",
                key="add_date",
            )
        with middle:
            outlet = st.text_input(words["outlet"], key="add_outlet", max_chars=200)
        with right:
            url = st.text_input(words["add_url"], key="add_url", max_chars=2000)
        if st.form_submit_button(words["add_read"]):
            day = published.isoformat() if isinstance(published, date) else ""
            given = Given(published=day, outlet=str(outlet), url=str(url))
            try:
                st.session_state["draft"] = _read(
                    str(text or ""), files or [], given, words, settings.store_url
                )
            except CorrectionError as error:
                fault(str(error))
    draft = st.session_state.get("draft")
    if draft is not None:
        read, refused = draft
        _show(read, refused, settings.store_url, words, view.lang)


def _read(
    text: str, files: list[UploadedFile], given: Given, words: Words, url: str
) -> tuple[list[ReadArticle], list[Refused]]:
    refused: list[Refused] = []
    articles = list(_articles(text, files, given, refused))
    read: list[ReadArticle] = []
    reader = reader_of(url)
    progress = st.progress(0.0, words["add_reading"])
    for number, article in enumerate(articles, 1):
        read += read_each([article], reader, refused)
        progress.progress(number / len(articles), words["add_reading"])
    progress.empty()
    return read, refused


def _articles(
    text: str, files: list[UploadedFile], given: Given, refused: list[Refused]
) -> Iterator[Article]:
    if text.strip():
        try:
            yield make_article(text, published=given.published, outlet=given.outlet, url=given.url)
        except ArticleError as error:
            refused.append(Refused(source="text", where="", reason=str(error)))
    for file in files:
        yield from read_upload(file.name, file.getvalue(), given=given, refused=refused)


def _show(
    read: list[ReadArticle], refused: list[Refused], url: str, words: Words, lang: str
) -> None:
    if refused:
        st.warning(words["add_refused"].replace("{n}", str(len(refused))))
        for item in refused[:_SHOWN]:
            paragraph(str(item), faint=True)
    if not read:
        paragraph(words["add_nothing"], faint=True)
        return
    if st.button(words["add_save"].replace("{n}", str(len(read))), key="add_save"):
        _save(read, url, words)
    show_reading(read, words, lang)


def _save(read: list[ReadArticle], url: str, words: Words) -> None:
    try:
        with writing_store(url) as store:
            articles = (r.article for r in read)
            saved = list(ingest_articles(articles, store, reader=reader_of(url)))
    except (StoreError, CorrectionError) as error:
        fault(str(error))
        return
    new, known = sum(s.new + s.changed for s in saved), sum(s.known for s in saved)
    done = words["add_done"].replace("{new}", str(new)).replace("{known}", str(known))
    st.session_state["added"] = done
    st.session_state["draft"] = None
    st.session_state["add_round"] = st.session_state.get("add_round", 0) + 1
    take_news(url)
    st.rerun()
