"""Keep articles and what was read of them."""

from geocode.store.selection import Selection
from geocode.store.store import Saved, Store, default_store_url, open_store

__all__ = ["Saved", "Selection", "Store", "default_store_url", "open_store"]
