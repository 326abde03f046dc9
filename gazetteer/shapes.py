"""Shapes: the outlines of regions, the course of roads, and the main roads between towns."""

import heapq
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from gazetteer.catalogue import Gazetteer
from gazetteer.errors import PackError
from gazetteer.place import MAX_LAT, MAX_LON, distance_km
from gazetteer.reader import read_table

ROAD_COLUMNS = ("road", "from_id", "to_id", "length_km", "note")
SHAPE_TYPES = ("Polygon", "LineString", "MultiPolygon", "MultiLineString")
# A road's length is measured from town to town in a straight line; a table may round it.
_LENGTH_TOLERANCE = 0.02
_MIN_TOLERANCE_KM = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """
    A stretch of a main road between two towns; schematic, drawn as a straight line.

    Attributes
    ----------
    name
        What the whole road is called.
    from_id, to_id
        Ids of the places at its ends.
    length_km
        Straight-line distance between them; the road itself is longer.
    """

    name: str
    from_id: str
    to_id: str
    length_km: float


class Roads:
    """
    The main roads as a net.

    Parameters
    ----------
    roads
        Its stretches.
    """

    def __init__(self, roads: Sequence[Road]) -> None:
        self.roads = tuple(roads)
        self._beside: dict[str, dict[str, float]] = defaultdict(dict)
        for road in self.roads:
            self._beside[road.from_id][road.to_id] = road.length_km
            self._beside[road.to_id][road.from_id] = road.length_km

    def path(self, from_id: str, to_id: str) -> tuple[str, ...]:
        """
        Find the shortest way from one place to another (Dijkstra).

        Parameters
        ----------
        from_id, to_id
            Place ids.

        Returns
        -------
        path
            Place ids from end to end; empty where no main road joins them.
        """
        ways: list[tuple[float, tuple[str, ...]]] = [(0.0, (from_id,))]
        seen: set[str] = set()
        while ways:
            length_km, way = heapq.heappop(ways)
            here = way[-1]
            if here == to_id:
                return way
            if here in seen:
                continue
            seen.add(here)
            for place_id, step_km in self._beside.get(here, {}).items():
                if place_id not in seen:
                    heapq.heappush(ways, (length_km + step_km, (*way, place_id)))
        return ()


def read_roads(path: Path | Traversable, gazetteer: Gazetteer) -> Roads:
    """
    Read a table of roads.

    Parameters
    ----------
    path
        A CSV file with `ROAD_COLUMNS`.
    gazetteer
        Where its place ids are looked up.

    Raises
    ------
    PackError
        If a row names a place there is not, or its length is not the distance between its ends;
        the message lists every fault with its line.
    """
    return Roads(read_table(path, ROAD_COLUMNS, lambda row: _road(row, gazetteer)))


def read_shapes(path: Path | Traversable, gazetteer: Gazetteer) -> dict[str, Mapping[str, Any]]:
    """
    Read the shapes of regions and roads.

    Parameters
    ----------
    path
        A GeoJSON FeatureCollection (RFC 7946); the property ``place_id`` says whose shape it is.
    gazetteer
        Where the ids are looked up.

    Returns
    -------
    shapes
        GeoJSON geometries on EPSG:4326, longitude first, by place id.

    Raises
    ------
    PackError
        If it is no such file; the message lists every fault.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path.name} cannot be read as a GeoJSON FeatureCollection: {error}"
        raise PackError(msg) from error
    shapes: dict[str, Mapping[str, Any]] = {}
    faults: list[str] = []
    for number, feature in enumerate(features, start=1):
        fault = _shape_fault(feature, gazetteer)
        if fault:
            faults.append(f"{path.name}: feature {number}: {fault}")
        else:
            shapes[feature["properties"]["place_id"]] = feature["geometry"]
    if faults:
        raise PackError("\n".join(faults))
    return shapes


@lru_cache(maxsize=2)
def load_roads(gazetteer: Gazetteer) -> Roads:
    """
    Load the curated roads.

    Parameters
    ----------
    gazetteer
        The gazetteer their ends stand in.
    """
    return read_roads(resources.files("gazetteer") / "data" / "roads.csv", gazetteer)


@lru_cache(maxsize=2)
def load_shapes(gazetteer: Gazetteer) -> dict[str, Mapping[str, Any]]:
    """
    Load the curated shapes.

    Parameters
    ----------
    gazetteer
        The gazetteer their places stand in.
    """
    return read_shapes(resources.files("gazetteer") / "data" / "shapes.geojson", gazetteer)


def _road(row: dict[str, str], gazetteer: Gazetteer) -> Road:
    ends = (row["from_id"], row["to_id"])
    unknown = [place_id for place_id in ends if place_id not in gazetteer]
    if unknown:
        msg = f"no place has the id {', '.join(unknown)}"
        raise ValueError(msg)
    length_km = float(row["length_km"])
    straight_km = distance_km(gazetteer.by_id(ends[0]), gazetteer.by_id(ends[1]))
    if abs(length_km - straight_km) > max(_MIN_TOLERANCE_KM, _LENGTH_TOLERANCE * straight_km):
        msg = f"length_km={length_km}, but its ends are {straight_km:.1f} km apart"
        raise ValueError(msg)
    return Road(name=row["road"], from_id=ends[0], to_id=ends[1], length_km=length_km)


def _shape_fault(feature: Any, gazetteer: Gazetteer) -> str:  # noqa: ANN401 (as read from a file)
    try:
        place_id, geometry = feature["properties"]["place_id"], feature["geometry"]
        kind, points = geometry["type"], list(_points(geometry["coordinates"]))
    except (KeyError, TypeError, ValueError) as error:
        return f"expected properties.place_id and a geometry, found a fault at {error}"
    if place_id not in gazetteer:
        return f"no place has the id {place_id!r}"
    if kind not in SHAPE_TYPES:
        return f"{place_id}: type {kind!r}, expected one of {', '.join(SHAPE_TYPES)}"
    odd = [p for p in points if abs(p[0]) > MAX_LON or abs(p[1]) > MAX_LAT]
    return f"{place_id}: {odd[0]} is no longitude and latitude" if odd else ""


def _points(coordinates: Any) -> Any:  # noqa: ANN401 (nested lists of any depth)
    if coordinates and isinstance(coordinates[0], (int, float)):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for part in coordinates:
        yield from _points(part)


@lru_cache(maxsize=1)
def load_outlines() -> dict[str, BaseGeometry]:
    """Give the outlines of countries there are (Natural Earth), by ISO code; x is longitude."""
    file = resources.files("gazetteer") / "data" / "outlines.geojson"
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    return {f["properties"]["country"]: shapely.geometry.shape(f["geometry"]) for f in features}


def position_doubt(lat: float, lon: float, country: str) -> str:
    """
    Say what speaks against a position that others wrote.

    Parameters
    ----------
    lat, lon
        Degrees on EPSG:4326.
    country
        ISO code; empty where it is not known.

    Returns
    -------
    doubt
        Empty where nothing does.

    Examples
    --------
    >>> position_doubt(16.6, 31.2, "LY")
    'lat=16.6, lon=31.2 lies outside LY and inside it when swapped'
    """
    if lat == 0 and lon == 0:
        return "lat=0, lon=0 is how an unknown position is often written"
    outline = load_outlines().get(country)
    if outline is None or outline.contains(shapely.Point(lon, lat)):
        return ""
    if not outline.contains(shapely.Point(lat, lon)):
        return ""
    return f"lat={lat}, lon={lon} lies outside {country} and inside it when swapped"
