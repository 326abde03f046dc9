"""Frames keep to their schema, and say where they do not."""

import pytest
from geopandas.testing import assert_geodataframe_equal

from geocode import FrameError, LayerError
from geocode.frame import make_layer, validate_layer
from geocode.schema import LAYERS, layer_schema


@pytest.fixture
def sirte(read):
    return read("سيطر الجيش الوطني على سرت", published="2020-01-07")


@pytest.mark.parametrize("layer", LAYERS)
def test_an_empty_layer_has_all_columns_and_a_crs(layer):
    empty = make_layer(layer, [])
    assert list(empty.columns) == [c.name for c in LAYERS[layer]] + ["geometry"]
    assert empty.crs.to_epsg() == 4326


def test_x_is_longitude(sirte):
    """Sirte: 31.21 north, 16.58 east; a swap would put it into the sea off Norway."""
    point = sirte.mentions.geometry.iloc[0]
    assert (round(point.x, 1), round(point.y, 1)) == (16.6, 31.2)


def test_validate_names_a_missing_column(sirte):
    with pytest.raises(FrameError, match="precision_km"):
        validate_layer("mentions", sirte.mentions.drop(columns="precision_km"))


def test_validate_names_a_value_outside_its_set(sirte):
    with pytest.raises(FrameError, match=r"role holds \['victim'\]"):
        validate_layer("mentions", sirte.mentions.assign(role="victim"))


def test_validate_refuses_another_crs(sirte):
    with pytest.raises(FrameError, match="EPSG:4326"):
        validate_layer("mentions", sirte.mentions.to_crs(3857))


def test_a_row_without_a_column_is_refused():
    with pytest.raises(FrameError, match="article_id"):
        make_layer("mentions", [{"x": 1, "y": 2}])


def test_the_same_text_gives_the_same_frame(read):
    one, other = read("قصف سرت").mentions, read("قصف سرت").mentions
    assert_geodataframe_equal(one, other)


def test_there_is_no_schema_of_an_unknown_layer():
    with pytest.raises(LayerError, match="'moods'"):
        layer_schema("moods")
