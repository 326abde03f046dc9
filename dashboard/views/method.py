"""The page on method and accuracy: what a mark says, how often it is right, columns, sources."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboard.sample import GOLD, load_accuracy
from dashboard.settings import Settings
from dashboard.state import Tables, View, write_view
from dashboard.views.frame import paragraph, subheading
from geocode.schema import ALL_LAYERS


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
    del tables, settings
    write_view(view)
    paragraph(words["about_text"])
    paragraph(words["about_limits"])
    paragraph(words["legend_roles"])
    subheading(words["accuracy_head"])
    paragraph(words["accuracy_text"])
    figures = load_accuracy()
    st.dataframe(
        pd.DataFrame(
            {
                words["figure"]: [words[f"accuracy.{name}"] for name in figures],
                **{
                    words[f"gold.{gold}"]: [values[gold] for values in figures.values()]
                    for gold in GOLD
                },
            }
        ),
        hide_index=True,
        key="accuracy",
    )
    subheading(words["about_sources"])
    paragraph(words["about_sources_text"])
    subheading(words["about_columns"])
    for layer, columns in ALL_LAYERS.items():
        table = pd.DataFrame(
            {
                words["column"]: [column.name for column in columns],
                words["meaning"]: [column.meaning for column in columns],
            }
        )
        paragraph(layer, faint=True)
        st.dataframe(table, hide_index=True, key=f"columns_{layer}")
