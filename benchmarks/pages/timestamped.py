"""The same points in folium's TimestampedGeoJson: thirty days at a time."""

import folium
import streamlit as st
from folium.plugins import TimestampedGeoJson
from points import features

shown = folium.Map([30, 15], zoom_start=6, tiles=None, prefer_canvas=True)
layer = TimestampedGeoJson(features(), period="P1D", duration="P30D", auto_play=False)
layer.add_to(shown)
st.iframe(shown.get_root().render(), height=700)
