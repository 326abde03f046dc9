"""
From an article to tables of mentions and events.

Knows no screen. `read_articles` reads files, `geocode_articles` makes GeoDataFrames of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from geocode.article import Article, make_article
from geocode.errors import (
    ArticleError,
    ConflictError,
    FrameError,
    GeocodeError,
    InputError,
    LayerError,
    StoreError,
)
from geocode.pipeline import ArticleReader, Geocoded, geocode_articles
from geocode.reading import read_articles
from geocode.store import Selection

if TYPE_CHECKING:
    from geocode.ingest import ingest_articles
    from geocode.store import Store, open_store

# What needs a database library, which takes half a second to come up, is imported when asked for.
_LATER = {
    "ingest_articles": "geocode.ingest",
    "Store": "geocode.store",
    "open_store": "geocode.store",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 (whatever the module holds)
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    msg = f"module 'geocode' has no attribute {name!r}"
    raise AttributeError(msg)


__all__ = [
    "Article",
    "ArticleError",
    "ArticleReader",
    "ConflictError",
    "FrameError",
    "GeocodeError",
    "Geocoded",
    "InputError",
    "LayerError",
    "Selection",
    "Store",
    "StoreError",
    "geocode_articles",
    "ingest_articles",
    "make_article",
    "open_store",
    "read_articles",
]
