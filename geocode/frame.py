"""Step 9: the frame, tables of mentions and events with a fixed schema."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geocode.errors import FrameError
from geocode.schema import ID_COLUMNS, Column, layer_columns

CRS = "EPSG:4326"
_DTYPES = {"integer": "Int64", "number": "float64", "boolean": "boolean"}


def make_layer(layer: str, rows: Iterable[Mapping[str, Any]]) -> gpd.GeoDataFrame:
    """
    Make the GeoDataFrame of a layer.

    Parameters
    ----------
    layer
        One of `geocode.schema.ALL_LAYERS`.
    rows
        A mapping for each row with the columns of the layer, and ``x`` and ``y``: longitude and
        latitude of the geometry, None for none; or ``line``, its points. May be empty.

    Returns
    -------
    layer_gdf
        The columns of the layer in their order, then geometries (x is longitude) on EPSG:4326, null
        where unresolved. Dates are ISO text, lists are JSON text.

    Raises
    ------
    FrameError
        If a row breaks the schema.
    """
    records = list(rows)
    columns = layer_columns(layer)
    table = pd.DataFrame({c.name: _series(c, records) for c in columns})
    layer_gdf = gpd.GeoDataFrame(table, geometry=_geometry(layer, records), crs=CRS)
    validate_layer(layer, layer_gdf)
    return layer_gdf


def layer_from_table(layer: str, table: pd.DataFrame) -> gpd.GeoDataFrame:
    """
    Make the GeoDataFrame of a layer from stored columns.

    Parameters
    ----------
    layer
        One of `geocode.schema.ALL_LAYERS`.
    table
        The columns of the layer, lists as JSON text, and ``x`` and ``y`` or ``line`` as in
        `make_layer`.

    Returns
    -------
    layer_gdf
        As `make_layer` gives it.

    Raises
    ------
    FrameError
        If the table breaks the schema.
    """
    columns = layer_columns(layer)
    typed: dict[str, Any] = {}
    for column in columns:
        dtype: Any = _DTYPES.get(column.kind, "str")
        typed[column.name] = table[column.name].astype(dtype)
    geometry = _lines(table["line"]) if "line" in table else _points(table["x"], table["y"])
    layer_gdf = gpd.GeoDataFrame(pd.DataFrame(typed), geometry=geometry, crs=CRS)
    validate_layer(layer, layer_gdf)
    return layer_gdf


def validate_layer(layer: str, layer_gdf: gpd.GeoDataFrame) -> None:
    """
    Check that a table keeps to the schema of its layer.

    Parameters
    ----------
    layer
        One of `geocode.schema.ALL_LAYERS`.
    layer_gdf
        The table.

    Raises
    ------
    FrameError
        If columns are missing, ids repeat, a required value is null, a value is not in its set, or
        the CRS is another; the message lists every fault.
    """
    columns = layer_columns(layer)
    missing = [c.name for c in columns if c.name not in layer_gdf]
    if missing:
        msg = f"Layer {layer!r} lacks the columns {', '.join(missing)}."
        raise FrameError(msg)
    faults = [
        fault for column in columns for fault in _column_faults(column, layer_gdf[column.name])
    ]
    id_name = ID_COLUMNS[layer]
    doubled = layer_gdf[id_name][layer_gdf[id_name].duplicated()].unique().tolist()
    if doubled:
        faults.append(f"{id_name} {doubled[:3]!r} stand more than once")
    if layer_gdf.crs is None or layer_gdf.crs.to_epsg() != 4326:  # noqa: PLR2004 (the code itself)
        faults.append(f"CRS is {layer_gdf.crs}, expected {CRS}")
    if faults:
        msg = f"Layer {layer!r}: " + "; ".join(faults)
        raise FrameError(msg)


def _series(column: Column, records: Sequence[Mapping[str, Any]]) -> "pd.Series[Any]":
    try:
        values = [record[column.name] for record in records]
    except KeyError as error:
        msg = f"A row lacks {column.name!r}."
        raise FrameError(msg) from error
    if column.kind == "json":
        values = [json.dumps(v if v is not None else [], ensure_ascii=False) for v in values]
    return pd.Series(values, dtype=_DTYPES.get(column.kind, "str"))


def _geometry(layer: str, records: Sequence[Mapping[str, Any]]) -> gpd.GeoSeries:
    if layer == "front":
        return _lines([record["line"] for record in records])
    return _points([r["x"] for r in records], [r["y"] for r in records])


def _lines(lines: Any) -> gpd.GeoSeries:  # noqa: ANN401 (lists and columns alike)
    """Make lines of points (longitude, latitude), given as lists or as JSON text."""
    points = [json.loads(line) if isinstance(line, str) else line for line in lines]
    return gpd.GeoSeries([shapely.LineString(line) for line in points], crs=CRS)


def _points(lon: Any, lat: Any) -> gpd.GeoSeries:  # noqa: ANN401 (lists and columns alike)
    """Make points: the one place where (lat, lon) becomes (x=lon, y=lat)."""
    x = pd.Series(lon, dtype="float64").reset_index(drop=True)
    y = pd.Series(lat, dtype="float64").reset_index(drop=True)
    points = gpd.GeoSeries(gpd.points_from_xy(x, y), crs=CRS)
    points[x.isna() | y.isna()] = None
    return points


def _column_faults(column: Column, cells: "pd.Series[Any]") -> list[str]:
    faults = []
    if column.required and cells.isna().any():
        faults.append(f"{column.name} is null in row {int(cells.isna().to_numpy().argmax())}")
    if column.choices:
        odd = sorted(set(cells.dropna().unique()) - set(column.choices))
        if odd:
            faults.append(f"{column.name} holds {odd[:3]!r}, expected {', '.join(column.choices)}")
    return faults
