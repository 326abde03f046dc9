"""Keep articles and what was read of them."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from geocode.store.location import default_store_url
from geocode.store.selection import Selection

if TYPE_CHECKING:
    from geocode.store.store import Saved, Store, open_store

# What needs the database library, which takes half a second to come up.
_LATER = ("Saved", "Store", "open_store")


def __getattr__(name: str) -> Any:  # noqa: ANN401 (whatever the module holds)
    if name in _LATER:
        return getattr(import_module("geocode.store.store"), name)
    msg = f"module 'geocode.store' has no attribute {name!r}"
    raise AttributeError(msg)


__all__ = ["Saved", "Selection", "Store", "default_store_url", "open_store"]
