"""The same points in one GeoJson layer of folium, shown by st_folium, with Streamlit's slider."""

import folium
import streamlit as st
from points import DAYS, features
from streamlit_folium import st_folium

first, last = st.slider("days", 0, DAYS - 1, (0, DAYS - 1))
shown = folium.Map([30, 15], zoom_start=6, tiles=None, prefer_canvas=True)
# The group is what st_folium exchanges without making the map anew.
group = folium.FeatureGroup("points")
folium.GeoJson(features(first, last), marker=folium.CircleMarker(radius=3)).add_to(group)
st_folium(shown, feature_group_to_add=group, height=600, width=1000, returned_objects=[], key="map")
