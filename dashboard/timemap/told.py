"""What the browser tells of the map: read part by part, and what is not understood not believed."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.filters import Point, clean_area

COLORS = ("side", "type")
MODES = ("window", "cumulative", "trail")
DAYS_OF = ("event", "report")
MAP_LAYERS = (
    "marks",
    "labels",
    "control",
    "front",
    "others",
    "roads",
    "regions",
    "uncertainty",
    "density",
)
DEFAULT_LAYERS = ("marks", "labels", "control", "front", "others", "roads")
# Days since 1970 that a date can hold, on either side.
_MAX_DAY = 700_000
_MAX_ZOOM = 20
_MAX_TOLD = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView:
    """
    What the viewer sees of the map.

    Attributes
    ----------
    first, last
        The window, days since 1970, both included; None for everything.
    mode
        One of `MODES`.
    by
        One of `DAYS_OF`: by the day of the event or of its report.
    color
        One of `COLORS`.
    layers
        Of `MAP_LAYERS`.
    area
        Corners of a polygon (lon, lat); empty for everywhere.
    at
        Latitude, longitude, zoom of the middle; None for the whole country.
    told
        How often the browser has told its view; it tells again what was not heard.
    """

    first: int | None = None
    last: int | None = None
    mode: str = MODES[0]
    by: str = DAYS_OF[0]
    color: str = COLORS[0]
    layers: tuple[str, ...] = DEFAULT_LAYERS
    area: tuple[Point, ...] = ()
    at: tuple[float, float, float] | None = None
    told: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """
    What was clicked just now.

    Attributes
    ----------
    place
        Row of the places; -1 for none.
    site
        Row of the sites; -1 for the whole place.
    front
        Id of a stretch of the front; empty for none.
    """

    place: int
    site: int
    front: str = ""


def read_map_view(value: object, otherwise: MapView) -> MapView:
    """
    Read what the browser sent; what is not understood is not believed.

    Parameters
    ----------
    value
        As it came.
    otherwise
        What holds for each part that cannot be used.
    """
    if not isinstance(value, Mapping):
        return otherwise
    first, last = _window(value.get("window"), (otherwise.first or 0, otherwise.last or 0))
    points = _points(value.get("area"))
    layers = value.get("layers")
    return MapView(
        first=first,
        last=last,
        mode=_one_of(value.get("mode"), MODES, otherwise.mode),
        by=_one_of(value.get("by"), DAYS_OF, otherwise.by),
        color=_one_of(value.get("color"), COLORS, otherwise.color),
        layers=tuple(n for n in MAP_LAYERS if n in layers)
        if isinstance(layers, list)
        else otherwise.layers,
        area=otherwise.area if points is None else clean_area(points),
        at=read_at(value.get("at")) or otherwise.at,
        told=read_count(value.get("told")),
    )


def read_at(value: object) -> tuple[float, float, float] | None:
    """
    Read the middle of a map.

    Parameters
    ----------
    value
        Latitude, longitude and zoom.

    Returns
    -------
    at
        None for what is none.
    """
    if not isinstance(value, list | tuple) or len(value) != 3:  # noqa: PLR2004 (lat, lon, zoom)
        return None
    if not all(type(part) in (int, float) for part in value):
        return None
    lat, lon, zoom = map(float, value)
    if abs(lat) <= 90 and abs(lon) <= 180 and 0 <= zoom <= _MAX_ZOOM:  # noqa: PLR2004 (degrees)
        return lat, lon, zoom
    return None


def read_count(value: object) -> int:
    """
    Read a count.

    Parameters
    ----------
    value
        As it came; nought stands for what is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return int(value) if 0 <= value <= _MAX_TOLD else 0


def _points(value: object) -> list[list[float]] | None:
    if not isinstance(value, list):
        return None
    numbers = all(isinstance(p, list) and all(type(c) in (int, float) for c in p) for p in value)
    return value if numbers else None


def _one_of(value: object, known: tuple[str, ...], otherwise: str) -> str:
    return value if isinstance(value, str) and value in known else otherwise


def read_picked(value: object, version: str) -> Picked | None:
    """
    Read what was clicked.

    Parameters
    ----------
    value
        As it came.
    version
        Of the rows that it has to point into.

    Returns
    -------
    picked
        None for nothing, and for what was clicked in other rows.
    """
    if not isinstance(value, Mapping) or value.get("version") != version:
        return None
    place, site = value.get("place"), value.get("site", -1)
    front = value.get("front", "")
    if type(place) is not int or type(site) is not int or not isinstance(front, str):
        return None
    return Picked(place=place, site=site, front=front)


def _window(value: object, otherwise: tuple[int, int]) -> tuple[int, int]:
    """Read a window; anything but two days in order is not believed."""
    if isinstance(value, list | tuple) and len(value) == 2:  # noqa: PLR2004 (a window has two ends)
        first, last = value
        whole = all(type(day) is int or (type(day) is float and day.is_integer()) for day in value)
        if whole and -_MAX_DAY <= first <= last <= _MAX_DAY:
            return int(first), int(last)
    return otherwise
