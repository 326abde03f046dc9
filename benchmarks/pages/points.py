"""The points the other maps draw: as many, as far apart and as often as in our own store."""

from datetime import date, timedelta

import numpy as np
import streamlit as st

POINTS, PLACES, DAYS = 100_000, 600, 570
FIRST = date(2019, 4, 4)


@st.cache_data
def features(first: int = 0, last: int = DAYS) -> dict[str, object]:
    """
    Give GeoJSON points, each with its day.

    Parameters
    ----------
    first, last
        The window, in days since the first, both included.
    """
    draw = np.random.default_rng(1)
    lon, lat = 10 + 10 * draw.random(PLACES), 27 + 6 * draw.random(PLACES)
    place, day = draw.integers(PLACES, size=POINTS), draw.integers(DAYS, size=POINTS)
    found = [
        {
            "type": "Feature",
            "properties": {"time": (FIRST + timedelta(days=int(d))).isoformat(), "icon": "circle"},
            "geometry": {"type": "Point", "coordinates": [float(lon[p]), float(lat[p])]},
        }
        for p, d in zip(place, day, strict=True)
        if first <= d <= last
    ]
    return {"type": "FeatureCollection", "features": found}
