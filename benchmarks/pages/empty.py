"""A page with nothing on it: what Streamlit itself takes."""

import streamlit as st

st.markdown("empty")
