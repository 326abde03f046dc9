"""Read files of many kinds into articles."""

from geocode.reading.inputs import DATE_ORDERS, Given, Refused
from geocode.reading.row import article_of_row, article_row, keep_row
from geocode.reading.source import KINDS, read_articles, read_upload
from geocode.reading.table import parse_object

__all__ = [
    "DATE_ORDERS",
    "KINDS",
    "Given",
    "Refused",
    "article_of_row",
    "article_row",
    "keep_row",
    "parse_object",
    "read_articles",
    "read_upload",
]
