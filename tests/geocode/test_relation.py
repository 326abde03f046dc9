"""Relations are read and move the point; the named place keeps its own."""

import pytest
from geopy.distance import great_circle


@pytest.mark.parametrize(
    ("text", "kind", "distance_km"),
    [
        pytest.param("قصف على بعد 40 كيلومترا غرب سرت", "west_of", 40, id="distance and direction"),
        pytest.param("قصف على مسافة ستة كيلومترات جنوب الجميل", "south_of", 6, id="number word"),
        pytest.param("قصف موقعا يبعد ١٥ كم شمال شرق سرت", "northeast_of", 15, id="Arabic digits"),
        pytest.param("قصف جنوب طرابلس", "south_of", None, id="direction"),
        pytest.param("قصف ضواحي مدينة سرت", "outskirts", None, id="outskirts over a head noun"),
        pytest.param("قصف في محيط منطقة بوقرين", "vicinity", None, id="vicinity"),
        pytest.param("clashes 2.25 km east of Sirte", "east_of", 2.25, id="decimals"),
        pytest.param("clashes 1,500 metres east of Sirte", "east_of", 1.5, id="thousands"),
        pytest.param("combats à 2,5 km à l'est de Syrte", "east_of", 2.5, id="French decimals"),
        pytest.param("shelling 10 kilometers south of Aziziya", "south_of", 10, id="English"),
        pytest.param("troops came within 5 km of Asabaa", "distance", 5, id="only a distance"),
        pytest.param("explosions près de Houn", "vicinity", None, id="French"),
        pytest.param("قصف سرت", None, None, id="none"),
    ],
)
def test_relation(read, text, kind, distance_km):
    row = read(text).mentions.iloc[0]
    assert (None if row.isna()["relation"] else row["relation"]) == kind
    assert (None if row.isna()["distance_km"] else row["distance_km"]) == distance_km


def test_both_names_of_between_carry_it(read):
    mentions = read("قصف الطريق بين الشويرف ومزدة").mentions
    assert mentions["relation"].to_list() == ["between", "between"]


def test_the_geometry_moves_and_the_places_point_stays(read):
    """40 km west of Sirte, x is longitude: a swap would not go unseen."""
    row = read("قصف على بعد 40 كيلومترا غرب سرت").mentions.iloc[0]
    assert (round(row["lat"], 1), round(row["lon"], 1)) == (31.2, 16.6)
    assert row.geometry.x == pytest.approx(16.16, abs=0.02)
    moved = great_circle((row["lat"], row["lon"]), (row.geometry.y, row.geometry.x)).km
    assert moved == pytest.approx(40, abs=0.5)


def test_a_direction_inside_a_country_does_not_move_its_point(read):
    row = read("تعزيزات في غرب ليبيا").mentions.iloc[0]
    assert (row.geometry.y, row.geometry.x) == (row["lat"], row["lon"])
