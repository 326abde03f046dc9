"""Keep articles and what was read of them."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from geocode.store.location import default_store_url
from geocode.store.selection import Selection

if TYPE_CHECKING:
    from geocode.store.opening import open_store
    from geocode.store.saving import Saved
    from geocode.store.store import Store

# What needs the database library, which takes half a second to come up.
_LATER = {"Saved": "saving", "Store": "store", "open_store": "opening"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 (whatever the module holds)
    if name in _LATER:
        return getattr(import_module(f"geocode.store.{_LATER[name]}"), name)
    msg = f"module 'geocode.store' has no attribute {name!r}"
    raise AttributeError(msg)


__all__ = ["Saved", "Selection", "Store", "default_store_url", "open_store"]
