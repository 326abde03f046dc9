"""Step 11: uncertainty, the area in which the site of a shifted or extended place lies."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import Geod, Transformer
from shapely.geometry import LineString, Point, Polygon, shape
from shapely.geometry.base import BaseGeometry

from gazetteer import Gazetteer, load_gazetteer
from gazetteer.place import Place, great_circle_km
from gazetteer.shapes import load_roads, load_shapes
from geocode.relation import BEARINGS, DISTANCE_ERROR

CRS = "EPSG:4326"
FORMS = ("sector", "ring", "buffer", "corridor", "area", "line")
# «غرب سرت» is one of eight directions; the press means it to about half of one.
_HALF_ANGLE = 33.75
# A direction without a distance: from beside the place to this many times its radius.
_FAR = 2.5
_STEPS = 24
_MIN_CORRIDOR_KM = 5.0
_MIN_SITE_KM = 0.05
_HALF_TURN = 180.0
# A place of the user's own that has moved this far is not the end of a curated road.
_SAME_PLACE_KM = 1.0
_EARTH = Geod(ellps="WGS84")
_COLUMNS = (
    "mention_id",
    "article_id",
    "place_id",
    "place_name",
    "place_name_ar",
    "form",
    "relation",
    "relation_text",
    "distance_km",
    "precision_km",
    "role",
    "front_line",
    "published",
    "outlet",
)


def uncertain_areas(
    mentions: gpd.GeoDataFrame, gazetteer: Gazetteer | None = None
) -> gpd.GeoDataFrame:
    """
    Draw where the sites of mentions lie that are not a point.

    Parameters
    ----------
    mentions
        The layer of mentions.
    gazetteer
        None for the curated one.

    Returns
    -------
    areas
        One row for each mention that a relation shifts, or whose place has an outline or course,
        joined to the mentions by ``mention_id``; polygons and lines on EPSG:4326. A name that
        only says where another lies shifts nothing and has no row.
    """
    gazetteer = gazetteer or load_gazetteer()
    rows = list(_areas(mentions, gazetteer))
    table = pd.DataFrame(rows, columns=[*_COLUMNS, "geometry"])
    for name in ("distance_km", "precision_km"):
        table[name] = table[name].astype("float64")
    table["front_line"] = table["front_line"].astype("boolean")
    return gpd.GeoDataFrame(table, geometry="geometry", crs=CRS)


def _areas(mentions: gpd.GeoDataFrame, gazetteer: Gazetteer) -> Iterator[dict[str, Any]]:
    shapes = load_shapes(gazetteer)
    records: list[dict[str, Any]] = mentions.drop(columns="geometry").to_dict("records")
    for index, row in enumerate(records):
        if pd.isna(row["place_id"]):
            continue
        drawn = _drawn(row, records[index + 1 : index + 2], gazetteer, shapes)
        if drawn is not None and _is_drawable(drawn[1]):
            form, geometry = drawn
            yield {**{name: row.get(name) for name in _COLUMNS}, "form": form, "geometry": geometry}


def _drawn(
    row: Mapping[str, Any],
    following: Sequence[Mapping[str, Any]],
    gazetteer: Gazetteer,
    shapes: Mapping[str, Mapping[str, Any]],
) -> tuple[str, BaseGeometry] | None:
    relation = None if pd.isna(row["relation"]) else row["relation"]
    outline = shapes.get(row["place_id"])
    if outline is not None and (relation in (None, "inside", "road_to") or _is_wide(row)):
        drawn = shape(dict(outline))
        return ("line" if "Line" in drawn.geom_type else "area"), drawn
    if relation is None or row["role"] == "background" or _is_wide(row):
        return None
    here, radius_km = (row["lat"], row["lon"]), _radius_km(row, gazetteer)
    # «0 كيلومترا» is no distance.
    distance_km = float(row["distance_km"]) if row["distance_km"] > 0 else None
    if relation in BEARINGS:
        return "sector", _sector(here, BEARINGS[relation], radius_km, distance_km)
    if relation == "distance" and distance_km is not None:
        return "ring", _ring(here, *_band(distance_km))
    if relation == "outskirts":
        return "ring", _ring(here, radius_km * 0.6, radius_km * 1.5)
    if relation == "between":
        other = _between_with(row, following)
        return None if other is None else ("corridor", _corridor(row, other))
    return "buffer", _circle(here, max(_MIN_SITE_KM, float(row["precision_km"])))


def _is_drawable(geometry: BaseGeometry) -> bool:
    """Leave out what wraps round a pole or the antimeridian, which plain degrees cannot draw."""
    west, south, east, north = geometry.bounds
    return bool(geometry.is_valid and east - west < _HALF_TURN and north - south < _HALF_TURN / 2)


def _is_wide(row: Mapping[str, Any]) -> bool:
    return row["kind"] in ("country", "region", "sea")


def _radius_km(row: Mapping[str, Any], gazetteer: Gazetteer) -> float:
    if row["place_id"] in gazetteer:
        return gazetteer.by_id(row["place_id"]).precision_km
    return float(row["precision_km"])


def _band(distance_km: float) -> tuple[float, float]:
    return distance_km * (1 - DISTANCE_ERROR), distance_km * (1 + DISTANCE_ERROR)


def _between_with(
    row: Mapping[str, Any], following: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    """Give the other end of «بين سرت والجفرة», the next name of the same sentence."""
    same = ("article_id", "sentence_start", "relation")
    fitting = [
        other
        for other in following
        if all(other[name] == row[name] for name in same) and not pd.isna(other["place_id"])
    ]
    return fitting[0] if fitting else None


def _sector(
    here: tuple[float, float], bearing: float, radius_km: float, distance_km: float | None
) -> Polygon:
    near_km, far_km = _band(distance_km) if distance_km is not None else (0.0, radius_km * _FAR)
    angles = [bearing + _HALF_ANGLE * (2 * step / _STEPS - 1) for step in range(_STEPS + 1)]
    outer = [_away(here, angle, far_km) for angle in angles]
    inner = [_away(here, angle, near_km) for angle in reversed(angles)] if near_km else [_xy(here)]
    return Polygon([*outer, *inner])


def _ring(here: tuple[float, float], near_km: float, far_km: float) -> Polygon:
    return Polygon(_circle(here, far_km).exterior, [_circle(here, near_km).exterior])


def _circle(here: tuple[float, float], radius_km: float) -> Polygon:
    turns = (360 * step / (2 * _STEPS) for step in range(2 * _STEPS))
    return Polygon([_away(here, turn, radius_km) for turn in turns])


def _corridor(row: Mapping[str, Any], other: Mapping[str, Any]) -> BaseGeometry:
    """Draw a belt along the main road between two places, else straight from one to the other."""
    curated = load_gazetteer()
    path = load_roads(curated).path(row["place_id"], other["place_id"])
    places = [curated.by_id(place_id) for place_id in path]
    if places and not (_is_at(places[0], row) and _is_at(places[-1], other)):
        places = []
    points = [(p.lon, p.lat) for p in places]
    if len(points) < 2:  # noqa: PLR2004 (a line has two ends)
        points = [(row["lon"], row["lat"]), (other["lon"], other["lat"])]
    if points[0] == points[-1]:
        return _circle((row["lat"], row["lon"]), float(row["precision_km"]))
    width_km = max(_MIN_CORRIDOR_KM, 0.1 * _extent_km(points))
    return _buffered(LineString(points), width_km)


def _is_at(place: Place, row: Mapping[str, Any]) -> bool:
    return great_circle_km((place.lat, place.lon), (row["lat"], row["lon"])) < _SAME_PLACE_KM


def _extent_km(points: Sequence[tuple[float, float]]) -> float:
    (lon, lat), (far_lon, far_lat) = points[0], points[-1]
    return great_circle_km((lat, lon), (far_lat, far_lon))


def _buffered(line: LineString, width_km: float) -> BaseGeometry:
    """Buffer a line in km, on an azimuthal projection about its middle."""
    middle: Point = line.interpolate(0.5, normalized=True)
    local = f"+proj=aeqd +lat_0={middle.y} +lon_0={middle.x} +units=km +ellps=WGS84"
    there = Transformer.from_crs(CRS, local, always_xy=True)
    back = Transformer.from_crs(local, CRS, always_xy=True)
    belt = _moved(line, there).buffer(width_km, quad_segs=4)
    return _moved(belt, back)


def _moved(geometry: BaseGeometry, transformer: Transformer) -> BaseGeometry:
    moved: BaseGeometry = shapely.transform(
        geometry, partial(_apply, transformer), interleaved=False
    )
    return moved


def _apply(transformer: Transformer, x: Any, y: Any) -> Any:  # noqa: ANN401 (arrays)
    return transformer.transform(x, y)


def _away(here: tuple[float, float], bearing: float, distance_km: float) -> tuple[float, float]:
    lon, lat, _ = _EARTH.fwd(here[1], here[0], bearing, distance_km * 1000)
    return round(lon, 6), round(lat, 6)


def _xy(here: tuple[float, float]) -> tuple[float, float]:
    return here[1], here[0]
