"""What a viewer sees: the address of the page, and the tables behind it."""

import gc
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import streamlit as st

from dashboard.access import Access, is_loopback, read_access
from dashboard.errors import AccessError
from dashboard.filters import Filters, read_filters, write_filters
from dashboard.settings import LANGUAGES, Settings
from gazetteer import Gazetteer, load_gazetteer, user_packs
from geocode.article import Article
from geocode.conflict import Conflict, load_conflict
from geocode.control import Control, control_until
from geocode.corrections import corrections_path, read_corrections
from geocode.errors import StoreError
from geocode.pipeline import ArticleReader
from geocode.store import Store, open_store
from geocode.weight import two_sides

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """
    All that is shown of a store.

    Attributes
    ----------
    version
        Changes when the store does.
    mentions, events, control, front, others
        The layers.
    articles
        By id.
    made_from
        What they were made from.
    """

    version: str
    mentions: gpd.GeoDataFrame
    events: gpd.GeoDataFrame
    control: gpd.GeoDataFrame
    front: gpd.GeoDataFrame
    others: gpd.GeoDataFrame
    articles: Mapping[str, Article]
    made_from: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """
    What the address asks for.

    Attributes
    ----------
    lang
        Language of the interface.
    filters
        What is wanted.
    window
        First and last day, days since 1970; None for all.
    options
        The other parameters of the map (``mode``, ``by``, ``color``, ``map``, ``at``), as written.
    report
        Id of the report asked for, empty for none.
    """

    lang: str
    filters: Filters = field(default_factory=Filters)
    window: tuple[int, int] | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    report: str = ""


MAP_OPTIONS = ("mode", "by", "color", "map", "at")
_MAX_VALUE = 4000


def read_view(params: Mapping[str, str], settings: Settings) -> View:
    """
    Read the address.

    Parameters
    ----------
    params
        Its parameters; what cannot be understood is left out, never an error.
    settings
        For the language where none is asked for.
    """
    known = {name: params[name][:_MAX_VALUE] for name in params}
    lang = known.get("lang", "")
    first, last = day_number(known.get("from", "")), day_number(known.get("to", ""))
    window = (first, last) if first is not None and last is not None else None
    return View(
        lang=lang if lang in LANGUAGES else settings.lang,
        filters=read_filters(known),
        window=window if window and window[0] <= window[1] else None,
        options={name: known[name] for name in MAP_OPTIONS if known.get(name)},
        report=known.get("report", ""),
    )


def address_of(view: View) -> dict[str, str]:
    """
    Give the parameters of an address; `read_view` reads them again.

    Parameters
    ----------
    view
        What is shown.
    """
    wanted = {"lang": view.lang, **write_filters(view.filters), **view.options}
    if view.window is not None:
        wanted |= {"from": iso_day(view.window[0]), "to": iso_day(view.window[1])}
    if view.report:
        wanted["report"] = view.report
    return wanted


def write_view(view: View) -> None:
    """
    Write the address, so that a link gives the same view, and keep it for the other pages.

    Parameters
    ----------
    view
        What is shown.
    """
    wanted = address_of(view)
    st.session_state["address"] = address_of(replace(view, report=""))
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)


def current_view(settings: Settings) -> View:
    """
    Give the view of the address, or where it has none, that of the page before.

    Parameters
    ----------
    settings
        How the dashboard was started.
    """
    kept: dict[str, str] = st.session_state.get("address", {})
    params = dict(st.query_params)
    # Going to another page clears the address; only a link brings one with it.
    return read_view(params if params.keys() - {"lang", "report"} else {**kept, **params}, settings)


def day_number(text: str) -> int | None:
    """
    Read a day.

    Parameters
    ----------
    text
        As 2019-12-14.

    Returns
    -------
    day
        Days since 1970; None for what is no day.
    """
    try:
        return (date.fromisoformat(text) - _EPOCH).days
    except ValueError:
        return None


def iso_day(day: int) -> str:
    """
    Write a day.

    Parameters
    ----------
    day
        Days since 1970.
    """
    return (_EPOCH + timedelta(days=day)).isoformat()


def known_access(settings: Settings) -> Access | None:
    """
    Give who may come in; None where the dashboard serves whoever is on this machine.

    Parameters
    ----------
    settings
        How the dashboard was started.

    Raises
    ------
    AccessError
        If the file that says it is wrong, or there is none and others reach the server.
    """
    if settings.access:
        path = Path(settings.access)
        changed = path.stat().st_mtime_ns if path.exists() else 0
        return _access(settings.access, changed)
    address = str(st.get_option("server.address") or settings.address)
    if not is_loopback(address):
        msg = "This server can be reached from other machines and nobody says who may come in."
        raise AccessError(msg)
    return None


@lru_cache(maxsize=1)
def _access(path: str, changed: int) -> Access:
    del changed  # part of the key: who is taken off the list is out at once
    return read_access(Path(path))


@lru_cache(maxsize=1)
def shared_gazetteer() -> Gazetteer:
    """Give the gazetteer all viewers share."""
    return load_gazetteer(user_packs())


@lru_cache(maxsize=1)
def shared_conflict() -> Conflict:
    """Give the conflict pack all viewers share."""
    return load_conflict()


def reader_of(url: str) -> ArticleReader:
    """
    Give the reader of reports all viewers of a store share, with its corrections as they are now.

    Parameters
    ----------
    url
        The store.

    Raises
    ------
    CorrectionError
        If the file of corrections is wrong.
    """
    path = corrections_path(url)
    corrections = read_corrections(path, shared_gazetteer(), shared_conflict())
    return _reader().corrected_by(corrections)


@lru_cache(maxsize=1)
def _reader() -> ArticleReader:
    return ArticleReader(shared_gazetteer(), shared_conflict())


def writing_store(url: str) -> Store:
    """
    Open a store for writing; the pages that write close it again at once.

    Parameters
    ----------
    url
        The store.

    Raises
    ------
    StoreError
        If it cannot be written.
    """
    return open_store(url)


def load_tables(url: str) -> Tables:
    """
    Load the tables of a store, once for all viewers while it does not change.

    Parameters
    ----------
    url
        The store.

    Returns
    -------
    tables
        As they were when this viewer's page was opened or last brought up to date: what arrives
        later is only counted, so that the map does not move under the viewer's hand.

    Raises
    ------
    StoreError
        If it cannot be read.
    """
    changes = st.session_state.setdefault("changes", _open(url).changes())
    return _read(url, changes)


def load_control(url: str, tables: Tables) -> Control:
    """
    Find who holds which place when, once for all viewers while the store does not change.

    Parameters
    ----------
    url
        The store.
    tables
        What the viewer sees.
    """
    return _control(tables.version, url)


@st.cache_resource(max_entries=2)
def _control(version: str, url: str) -> Control:
    del version  # the key under which it is kept
    store = _open(url)
    sides = two_sides(shared_conflict())
    return control_until(store.weighed(), sides, shared_gazetteer(), store.concluded_to())


def news(url: str, tables: Tables) -> int:
    """
    Count the reports that came since a viewer's tables were read.

    Parameters
    ----------
    url
        The store.
    tables
        What the viewer sees.
    """
    store = _open(url)
    if store.changes() == st.session_state.get("changes"):
        return 0
    # Readings of known reports may have changed too; then there is at least one to show.
    return max(store.count()["articles"] - len(tables.articles), 1)


def take_news(url: str) -> None:
    """
    Show what has come since.

    Parameters
    ----------
    url
        The store.
    """
    st.session_state["changes"] = _open(url).changes()


def begin_run() -> int:
    """Count the runs of a viewer's page; give the number of this one."""
    run: int = st.session_state.get("run", 0) + 1
    st.session_state["run"] = run
    return run


def end_run(run: int) -> None:
    """
    Note that a run came to its end.

    Parameters
    ----------
    run
        Its number.
    """
    st.session_state["run_ended"] = run


def is_behind(seen: int | None) -> bool:
    """
    Say whether the browser shows less than the last run sent.

    Where a run ends as another is asked for, Streamlit (1.67, app_session.py) makes a new runner
    and drops what the first had still to say; then the page has to be run again.

    Parameters
    ----------
    seen
        The last run the browser saw the end of; None where it did not say.
    """
    ended = st.session_state.get("run_ended")
    return seen is not None and ended == st.session_state.get("run") and seen != ended


@st.cache_resource(max_entries=4, on_release=Store.close)
def _open(url: str) -> Store:
    return open_store(url, read_only=True)


@st.cache_resource(max_entries=4)
def _read(url: str, changes: int) -> Tables:
    store = _open(url)
    tables = Tables(
        version=f"{store.made_from()['sources_hash']}-{changes}",
        mentions=store.layer("mentions"),
        events=store.layer("events"),
        control=store.layer("control"),
        front=store.layer("front"),
        others=store.layer("others"),
        articles={article.article_id: article for article in store.articles()},
        made_from=store.made_from(),
    )
    # Streamlit collects garbage after every run of a script (1.67, script_runner.py); what is kept
    # for all viewers need not be walked each time: a tenth of a second at 100,000 mentions.
    gc.freeze()
    return tables


__all__ = [
    "MAP_OPTIONS",
    "StoreError",
    "Tables",
    "View",
    "address_of",
    "begin_run",
    "current_view",
    "day_number",
    "end_run",
    "is_behind",
    "known_access",
    "iso_day",
    "load_control",
    "load_tables",
    "news",
    "read_view",
    "reader_of",
    "shared_conflict",
    "shared_gazetteer",
    "take_news",
    "write_view",
    "writing_store",
]
