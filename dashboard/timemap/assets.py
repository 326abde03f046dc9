"""The JavaScript and CSS of the time map, put together from its parts and installed Leaflet."""

import re
from functools import lru_cache
from importlib import resources
from pathlib import Path

from xstatic.pkg import leaflet

from dashboard.basemap import load_basemap

_IMAGE = re.compile(r"url\([^)]*\)")
_SOURCE_MAP = re.compile(r"\n?//# sourceMappingURL=.*")


@lru_cache(maxsize=1)
def library_js() -> str:
    """
    Give the script that the components begin with.

    Returns
    -------
    script
        Defines ``MihwarPanel`` and ``MIHWAR_BASE``; Leaflet stays inside.
    """
    parts = [
        "const MihwarLeaflet = (() => { const module = { exports: {} };",
        "const exports = module.exports; let define;",
        leaflet_js(),
        "return module.exports; })();",
        panel_js("MihwarLeaflet"),
    ]
    return "\n".join(parts)


@lru_cache(maxsize=2)
def panel_js(leaflet_name: str) -> str:
    """
    Give the layer and its panel.

    Parameters
    ----------
    leaflet_name
        The variable that holds Leaflet.

    Returns
    -------
    script
        Defines ``MihwarPanel`` and ``MIHWAR_BASE``.
    """
    parts = [
        read_asset("layer.js"),
        read_asset("panel.js"),
        f"const MihwarPanel = makeMihwarPanel({leaflet_name}, makeMihwarLayer({leaflet_name}));",
        f"const MIHWAR_BASE = {load_basemap()};",
    ]
    return "\n".join(parts)


def leaflet_js() -> str:
    """Give Leaflet as it is installed, without the address of its source map."""
    source = (Path(leaflet.BASE_DIR) / "leaflet.js").read_text(encoding="utf-8")
    return _SOURCE_MAP.sub("", source)


@lru_cache(maxsize=1)
def library_css() -> str:
    """
    Give the style of the map, Leaflet's own with its pictures left out (none is used).

    Returns
    -------
    style
        CSS that asks for no file.
    """
    css = (Path(leaflet.BASE_DIR) / "leaflet.css").read_text(encoding="utf-8")
    return _IMAGE.sub("none", css) + "\n" + read_asset("timemap.css")


def component_js(name: str) -> str:
    """
    Give the script of a Streamlit component.

    Parameters
    ----------
    name
        ``component`` for the map, ``evidence`` for the panel beside it.
    """
    return library_js() + "\n" + read_asset(f"{name}.js")


def read_asset(name: str) -> str:
    """
    Read a script or style of ours.

    Parameters
    ----------
    name
        Its file.
    """
    return (resources.files("dashboard.timemap") / name).read_text(encoding="utf-8")
