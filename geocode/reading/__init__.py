"""Read files of many kinds into articles."""

from geocode.reading.source import Given, Refused, read_articles

__all__ = ["Given", "Refused", "read_articles"]
