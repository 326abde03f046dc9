"""The about page: what a mark says and does not say, the columns, the sources."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboard.settings import Settings
from dashboard.state import Tables, View
from geocode.schema import LAYERS


def render(tables: Tables, view: View, words: Mapping[str, str], settings: Settings) -> None:
    """
    Show the page.

    Parameters
    ----------
    tables
        What is in the store.
    view
        What the address asks for.
    words
        Words of the interface.
    settings
        How the dashboard was started.
    """
    del tables, view, settings
    st.write(words["about_text"])
    st.write(words["about_limits"])
    st.write(words["legend_roles"])
    st.subheader(words["about_sources"])
    st.write(words["about_sources_text"])
    st.subheader(words["about_columns"])
    for layer, columns in LAYERS.items():
        table = pd.DataFrame(
            {
                words["column"]: [column.name for column in columns],
                words["meaning"]: [column.meaning for column in columns],
            }
        )
        st.caption(layer)
        st.dataframe(table, hide_index=True, key=f"columns_{layer}")
