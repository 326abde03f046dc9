"""Layers are RFC 7946, the same bytes each time, and harmless in a spreadsheet."""

import csv
import io
import json

import geopandas as gpd
import jsonschema
import pytest

from geocode import LayerError
from geocode.layers import FORMATS, safe_cell, to_csv, to_geojson, write_layer
from geocode.schema import LAYERS, layer_schema

TEXT = "سيطر الجيش الوطني أمس على سرت. وقصفت طائرات معسكر اليرموك على بعد 10 كيلومترات جنوب طرابلس."


@pytest.fixture
def result(read):
    return read(TEXT, published="2020-01-07", outlet="=cmd|' /C calc'!A0")


@pytest.mark.parametrize("layer", LAYERS)
def test_geojson_keeps_to_its_schema(result, layer):
    text = to_geojson(layer, getattr(result, layer), result.made_from)
    jsonschema.validate(json.loads(text), layer_schema(layer))


@pytest.mark.parametrize("layer", LAYERS)
def test_geojson_is_the_same_each_time(result, layer):
    texts = {to_geojson(layer, getattr(result, layer), result.made_from) for _ in range(3)}
    assert len(texts) == 1


def test_geojson_has_longitude_first_and_no_crs(result):
    collection = json.loads(to_geojson("mentions", result.mentions, result.made_from))
    lon, lat = collection["features"][0]["geometry"]["coordinates"]
    assert (round(lon), round(lat)) == (17, 31)
    assert "crs" not in collection


def test_geojson_says_what_made_it_but_not_when(result):
    made = json.loads(to_geojson("events", result.events, result.made_from))["mihwar"]
    assert made["gazetteer"]["hash"]
    assert made["sources_hash"]


def test_geojson_gives_null_for_an_unresolved_mention(result):
    lost = result.mentions.assign(geometry=None).set_crs(4326)
    features = json.loads(to_geojson("mentions", lost, {}))["features"]
    assert {feature["geometry"] for feature in features} == {None}


@pytest.mark.parametrize("file_format", FORMATS)
def test_every_format_opens_again_with_as_many_rows(result, tmp_path, file_format):
    path = tmp_path / f"events.{file_format}"
    write_layer("events", result.events, path, file_format=file_format, made_from={})
    if file_format == "csv":
        text = path.read_text(encoding="utf-8-sig")
        rows = len(list(csv.DictReader(io.StringIO(text, newline=""))))
    else:
        rows = len(gpd.read_parquet(path) if file_format == "parquet" else gpd.read_file(path))
    assert rows == len(result.events)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_csv_cells_are_no_formulas(result):
    rows = list(csv.DictReader(io.StringIO(to_csv("mentions", result.mentions))))
    assert {row["outlet"] for row in rows} == {"'=cmd|' /C calc'!A0"}


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "＝1", "\u202e=1", "|x"]
)
def test_safe_cell_disarms(cell):
    assert safe_cell(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-3.5", "+12", "سرت", "1e5", "2020-01-07", ""])
def test_safe_cell_leaves_alone(cell):
    assert safe_cell(cell) == cell


def test_an_unknown_format_is_refused(result, tmp_path):
    with pytest.raises(LayerError, match="'shp'"):
        write_layer("events", result.events, tmp_path / "x", file_format="shp", made_from={})


def test_a_folder_that_cannot_be_written_is_said(result, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LayerError, match="cannot be written"):
        write_layer(
            "events", result.events, tmp_path / "file" / "x", file_format="csv", made_from={}
        )
