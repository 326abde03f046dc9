"""The JavaScript and CSS of the time map, put together from its parts and installed Leaflet."""

import re
from functools import lru_cache
from importlib import resources
from pathlib import Path

from xstatic.pkg import leaflet

from dashboard.basemap import load_basemap

# The scripts of the panel, in the order in which they need each other.
_PARTS = (
    "element",
    "counts",
    "ground",
    "terrain",
    "layer",
    "timeline",
    "picture",
    "area",
    "panel",
    "cards",
)
_IMAGE = re.compile(r"url\([^)]*\)")
_SOURCE_MAP = re.compile(r"\n?//# sourceMappingURL=.*")


@lru_cache(maxsize=1)
def library_js() -> str:
    """
    Give the script that the components begin with.

    Returns
    -------
    script
        Defines ``MihwarPanel``, ``MihwarCards`` and ``MIHWAR_BASE``; Leaflet stays inside.
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
        Defines ``MihwarPanel``, ``MihwarCards`` and ``MIHWAR_BASE``.
    """
    panel = f"""const MihwarPanel = (() => {{
  const parts = {{
    layers: makeMihwarLayer({leaflet_name}, makeMihwarTerrain()),
    counting: makeMihwarCounts(),
    grounds: makeMihwarGround(makeMihwarCounts().unpack),
    pictures: makeMihwarPicture(),
    areas: makeMihwarArea({leaflet_name}),
    timelines: makeMihwarTimeline(mihwarElement),
  }};
  return makeMihwarPanel({leaflet_name}, parts);
}})();
const MihwarCards = makeMihwarCards(mihwarElement);"""
    parts = [
        *(read_asset(f"{name}.js") for name in _PARTS),
        panel,
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
        ``component`` for the map, ``compare`` for two of them, ``evidence`` for the panel beside
        it, ``pulse`` for what brings the map its filters.
    """
    own = read_asset("shared.js") + "\n" + read_asset(f"{name}.js")
    if name in ("component", "compare"):
        return library_js() + "\n" + own
    if name == "evidence":
        # Nothing of the map is needed to show text.
        element = read_asset("element.js")
        cards = read_asset("cards.js") + "\nconst MihwarCards = makeMihwarCards(mihwarElement);"
        return f"{element}\n{cards}\n{own}"
    return own


def read_asset(name: str) -> str:
    """
    Read a script or style of ours.

    Parameters
    ----------
    name
        Its file.
    """
    return (resources.files("dashboard.timemap") / name).read_text(encoding="utf-8")
