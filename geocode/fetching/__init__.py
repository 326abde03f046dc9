"""Fetch addresses that others wrote, without letting them lead anywhere but to public servers."""

from geocode.fetching.fetch import Fetched, Fetcher
from geocode.fetching.guard import Address, Guard, parse_address

__all__ = ["Address", "Fetched", "Fetcher", "Guard", "parse_address"]
