"""The same number of points drawn by pydeck, which Streamlit brings along."""

import numpy as np
import pandas as pd
import pydeck as pdk
import streamlit as st

draw = np.random.default_rng(1)
points = pd.DataFrame({"lon": 10 + 10 * draw.random(100_000), "lat": 27 + 6 * draw.random(100_000)})
layer = pdk.Layer("ScatterplotLayer", points, get_position=["lon", "lat"], get_radius=2000)
view = pdk.ViewState(latitude=31, longitude=15, zoom=5)
st.pydeck_chart(
    pdk.Deck(layers=[layer], initial_view_state=view, map_provider=None, map_style=None)
)
