"""Step 10: layers, tables written as GeoJSON, GeoPackage, GeoParquet and CSV."""

import contextlib
import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from gazetteer.cells import safe_cell
from geocode.article import Article
from geocode.errors import LayerError
from geocode.reading import article_row
from geocode.schema import ID_COLUMNS, OUTLINED_LAYERS, Column, layer_columns

FORMATS = ("geojson", "gpkg", "parquet", "csv")
# Six decimals of a degree are 0.1 m, finer than any place here (RFC 7946 section 11.2).
COORDINATE_DIGITS = 6


def to_geojson(layer: str, layer_gdf: gpd.GeoDataFrame, made_from: Mapping[str, Any]) -> str:
    """
    Write a layer as GeoJSON (RFC 7946), a feature a line.

    Parameters
    ----------
    layer
        One of `geocode.schema.ALL_LAYERS`.
    layer_gdf
        The table, points on EPSG:4326.
    made_from
        What made it; goes into the top-level member ``mihwar``.

    Returns
    -------
    text
        The same table always gives the same bytes. Coordinates are longitude, latitude.

    Raises
    ------
    LayerError
        If there is no such layer.
    """
    layer_columns(layer)
    head = json.dumps({"layer": layer, **made_from}, ensure_ascii=False, sort_keys=True)
    features = ",\n".join(_features(layer, layer_gdf))
    body = f"\n{features}\n" if features else ""
    return f'{{"type": "FeatureCollection", "mihwar": {head}, "features": [{body}]}}\n'


def to_csv(layer: str, layer_gdf: gpd.GeoDataFrame) -> str:
    """
    Write a layer as CSV that is safe to open in a spreadsheet.

    Parameters
    ----------
    layer
        One of `geocode.schema.ALL_LAYERS`.
    layer_gdf
        The table.

    Returns
    -------
    text
        The columns of the layer and ``site_lon``, ``site_lat``; cells that would be run as a
        formula begin with an apostrophe.
    """
    return _safe_csv(_plain_table(layer, layer_gdf))


def _safe_csv(table: pd.DataFrame) -> str:
    texts = table.select_dtypes(["str", "object"]).columns
    safe = {name: table[name].map(_safe_value, na_action="ignore") for name in texts}
    return str(table.assign(**safe).to_csv(index=False, lineterminator="\r\n"))


def _safe_value(value: Any) -> Any:  # noqa: ANN401 (a cell)
    return safe_cell(value) if isinstance(value, str) else value


def write_table(table: pd.DataFrame, path: Path) -> None:
    """
    Write a table as CSV that is safe to open in a spreadsheet, whole or not at all.

    Parameters
    ----------
    table
        The table.
    path
        The file; an old one is replaced.

    Raises
    ------
    LayerError
        If the file cannot be written.
    """
    with _replacing(path, ".csv") as part:
        part.write_text(_safe_csv(table), encoding="utf-8-sig", newline="")


def write_layer(
    layer: str,
    layer_gdf: gpd.GeoDataFrame,
    path: Path,
    *,
    file_format: str,
    made_from: Mapping[str, Any],
) -> None:
    """
    Write a layer to a file, whole or not at all.

    Parameters
    ----------
    layer
        One of `geocode.schema.ALL_LAYERS`.
    layer_gdf
        The table.
    path
        The file; an old one is replaced.
    file_format
        One of `FORMATS`.
    made_from
        What made it.

    Raises
    ------
    LayerError
        If layer or format do not exist, or the file cannot be written.
    """
    if file_format not in FORMATS:
        msg = f"There is no format {file_format!r}; expected one of {', '.join(FORMATS)}."
        raise LayerError(msg)
    with _replacing(path, f".{file_format}") as part:
        _write(layer, layer_gdf, part, file_format, made_from)


@contextlib.contextmanager
def _replacing(path: Path, ending: str) -> Iterator[Path]:
    """Give a file beside the one that is wanted, which it replaces once it is whole."""
    part = path.with_name(f".{path.name}.part{path.suffix or ending}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        os.replace(part, path)  # noqa: PTH105 (the atomic call itself)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        msg = f"{path} cannot be written: {getattr(error, 'strerror', None) or error}"
        raise LayerError(msg) from error


def write_articles(articles: Iterable[Article], path: Path) -> None:
    """
    Write articles as JSON Lines, with their exact texts.

    Parameters
    ----------
    articles
        The articles.
    path
        The file; an old one is replaced.

    Raises
    ------
    LayerError
        If the file cannot be written.
    """
    lines = [json.dumps(_article_record(a), ensure_ascii=False) + "\n" for a in articles]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(lines), encoding="utf-8", newline="\n")
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror or error}"
        raise LayerError(msg) from error


def _article_record(article: Article) -> dict[str, str | None]:
    return {name: value or None for name, value in article_row(article).items()}


def _write(
    layer: str,
    layer_gdf: gpd.GeoDataFrame,
    path: Path,
    file_format: str,
    made_from: Mapping[str, Any],
) -> None:
    if file_format == "geojson":
        path.write_text(to_geojson(layer, layer_gdf, made_from), encoding="utf-8", newline="\n")
    elif file_format == "csv":
        path.write_text(to_csv(layer, layer_gdf), encoding="utf-8-sig", newline="")
    elif file_format == "parquet":
        layer_gdf.to_parquet(path, index=False)
    else:
        _write_geopackage(layer, layer_gdf, path)


def _write_geopackage(layer: str, layer_gdf: gpd.GeoDataFrame, path: Path) -> None:
    # GDAL takes a while to come up, and only this format needs it.
    from pyogrio.errors import DataSourceError

    path.unlink(missing_ok=True)
    try:
        layer_gdf.to_file(path, layer=layer, driver="GPKG", engine="pyogrio")
    except DataSourceError as error:
        raise OSError(str(error)) from error


def _features(layer: str, layer_gdf: gpd.GeoDataFrame) -> Iterator[str]:
    names = layer_columns(layer)
    values = [_values(column, layer_gdf[column.name]) for column in names]
    ids = layer_gdf[ID_COLUMNS[layer]].to_list()
    for row, geometry in enumerate(_geometries(layer, layer_gdf)):
        feature = {
            "type": "Feature",
            "id": ids[row],
            "geometry": geometry,
            "properties": {c.name: v[row] for c, v in zip(names, values, strict=True)},
        }
        yield json.dumps(feature, ensure_ascii=False, allow_nan=False)


def _geometries(layer: str, layer_gdf: gpd.GeoDataFrame) -> Iterator[dict[str, Any] | None]:
    if layer in OUTLINED_LAYERS:
        rounded = shapely.set_precision(layer_gdf.geometry.array, 10.0**-COORDINATE_DIGITS)
        rounded = shapely.orient_polygons(rounded)  # RFC 7946 3.1.6: exteriors counter-clockwise
        yield from (json.loads(text) for text in shapely.to_geojson(rounded))
        return
    for lon, lat in zip(layer_gdf.geometry.x, layer_gdf.geometry.y, strict=True):
        yield _point(lon, lat)


def _point(lon: float, lat: float) -> dict[str, Any] | None:
    if math.isnan(lon) or math.isnan(lat):
        return None
    return {
        "type": "Point",
        "coordinates": [round(lon, COORDINATE_DIGITS), round(lat, COORDINATE_DIGITS)],
    }


def _values(column: Column, series: "pd.Series[Any]") -> list[Any]:
    values = series.astype(object).where(series.notna(), None).to_list()
    if column.kind == "json":
        return [json.loads(value) for value in values]
    if column.kind == "integer":
        return [None if value is None else int(value) for value in values]
    if column.kind == "boolean":
        return [None if value is None else bool(value) for value in values]
    return values


def _plain_table(layer: str, layer_gdf: gpd.GeoDataFrame) -> pd.DataFrame:
    names = [column.name for column in layer_columns(layer)]
    table = pd.DataFrame(layer_gdf[names])
    if layer in OUTLINED_LAYERS:
        table["site_wkt"] = layer_gdf.geometry.to_wkt(rounding_precision=COORDINATE_DIGITS)
        return table
    table["site_lon"] = layer_gdf.geometry.x.round(COORDINATE_DIGITS)
    table["site_lat"] = layer_gdf.geometry.y.round(COORDINATE_DIGITS)
    return table
