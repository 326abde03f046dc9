"""The map alone, with a million made-up mentions on 600 places."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st

from dashboard.language import load_words
from dashboard.timemap.columns import to_columns
from dashboard.timemap.component import timemap
from dashboard.timemap.rows import MapRows
from dashboard.timemap.told import MapView
from gazetteer import load_gazetteer
from geocode.conflict import load_conflict

MENTIONS, DAYS, FIRST = 1_000_000, 570, 17_990


@st.cache_resource
def columns() -> dict[str, Any]:
    """Make the columns once."""
    draw = np.random.default_rng(1)
    gazetteer, conflict = load_gazetteer(), load_conflict()
    places = [p for p in gazetteer if p.country == "LY" and not p.is_wide][:600]
    table = pd.DataFrame(
        {
            "place_id": [p.place_id for p in places],
            "place_name": [p.name_en for p in places],
            "place_name_ar": [p.name_ar for p in places],
            "x": [p.lon for p in places],
            "y": [p.lat for p in places],
            "km": [p.precision_km for p in places],
            "place": range(len(places)),
            "mention_id": [f"m{i}" for i in range(len(places))],
        }
    )
    site = draw.integers(0, len(places), MENTIONS)
    day = np.sort(draw.integers(FIRST, FIRST + DAYS, MENTIONS))
    mentions = pd.DataFrame(
        {
            "site": site,
            "place": site,
            "day": day,
            "reported": np.minimum(day + draw.integers(0, 4, MENTIONS), FIRST + DAYS - 1),
            "speaker": draw.choice(["LNA", "GNA", ""], MENTIONS),
            "type": draw.choice(["shelling", "airstrike", "clash", "capture"], MENTIONS),
            "mention_id": "none",
            "article_id": "a",
            "start": 0,
            "relation": None,
            "place_id": None,
        }
    )
    rows = MapRows(
        mentions=gpd.GeoDataFrame(mentions, geometry=gpd.GeoSeries([None] * MENTIONS)),
        told=pd.DataFrame(),
        sites=table,
        places=table,
        unresolved=mentions.iloc[:0],
        undated=mentions.iloc[:0],
    )
    return to_columns(rows, conflict, gazetteer, lang="en", words=load_words("en"))


timemap(columns(), version="1", view=MapView(), words=load_words("en"), lang="en", key="map")
