"""The base map that needs no network: land and borders of Natural Earth."""

import json
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def load_basemap() -> str:
    """
    Give the base map as JSON.

    Returns
    -------
    text
        An object with the GeoJSON collections ``land`` and ``borders``, on EPSG:4326, from 8° to
        27° east and 18.5° to 36° north.
    """
    folder = resources.files("dashboard.basemap")
    layers = {
        name: json.loads((folder / f"{name}.geojson").read_text(encoding="utf-8"))
        for name in ("land", "borders")
    }
    return json.dumps(layers, separators=(",", ":"))
