"""
From an article to tables of mentions and events.

Knows no screen. `read_articles` reads files, `geocode_articles` makes GeoDataFrames of them.
"""

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
from geocode.pipeline import ArticleReader, Geocoded, geocode_articles, ingest_articles
from geocode.reading import read_articles
from geocode.store import Selection, Store, open_store

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
