"""What a viewer sees: the address of the page, and the tables behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import geopandas as gpd
import streamlit as st

from dashboard.settings import LANGUAGES, Settings
from gazetteer import Gazetteer, load_gazetteer, user_packs
from geocode.article import Article
from geocode.conflict import Conflict, load_conflict
from geocode.errors import StoreError
from geocode.store import Store, open_store

LAYERS = ("front", "all")
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """
    All that is shown of a store.

    Attributes
    ----------
    version
        Changes when the store does.
    mentions, events
        The layers.
    articles
        By id.
    made_from
        What they were made from.
    """

    version: str
    mentions: gpd.GeoDataFrame
    events: gpd.GeoDataFrame
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
    layer
        One of `LAYERS`.
    first, last
        The window, days since 1970; None for all.
    """

    lang: str
    layer: str
    first: int | None
    last: int | None


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
    lang = params.get("lang", "")
    layer = params.get("layer", "")
    return View(
        lang=lang if lang in LANGUAGES else settings.lang,
        layer=layer if layer in LAYERS else LAYERS[0],
        first=day_number(params.get("from", "")),
        last=day_number(params.get("to", "")),
    )


def write_view(view: View) -> None:
    """
    Write the address, so that a link gives the same view.

    Parameters
    ----------
    view
        What is shown.
    """
    wanted = {"lang": view.lang, "layer": view.layer}
    if view.first is not None and view.last is not None:
        wanted |= {"from": iso_day(view.first), "to": iso_day(view.last)}
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)


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


@lru_cache(maxsize=1)
def shared_gazetteer() -> Gazetteer:
    """Give the gazetteer all viewers share."""
    return load_gazetteer(user_packs())


@lru_cache(maxsize=1)
def shared_conflict() -> Conflict:
    """Give the conflict pack all viewers share."""
    return load_conflict()


def load_tables(url: str) -> Tables:
    """
    Load the tables of a store, once for all viewers while it does not change.

    Parameters
    ----------
    url
        The store.

    Raises
    ------
    StoreError
        If it cannot be read.
    """
    store = _open(url)
    return _read(url, store.changes())


@st.cache_resource(max_entries=4)
def _open(url: str) -> Store:
    return open_store(url, read_only=True)


@st.cache_resource(max_entries=4)
def _read(url: str, changes: int) -> Tables:
    store = _open(url)
    return Tables(
        version=f"{store.made_from()['sources_hash']}-{changes}",
        mentions=store.layer("mentions"),
        events=store.layer("events"),
        articles={article.article_id: article for article in store.articles()},
        made_from=store.made_from(),
    )


__all__ = [
    "LAYERS",
    "StoreError",
    "Tables",
    "View",
    "day_number",
    "iso_day",
    "load_tables",
    "read_view",
    "shared_conflict",
    "shared_gazetteer",
    "write_view",
]
