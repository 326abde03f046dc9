"""Read files of many kinds into articles."""

from geocode.reading.source import KINDS, Given, Refused, read_articles, read_upload

__all__ = ["KINDS", "Given", "Refused", "read_articles", "read_upload"]
