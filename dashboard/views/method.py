"""The page on method and accuracy: what a mark says, how often it is right, columns, sources."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboard.sample import GOLD, load_accuracy, load_control_figures
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
    _control_figures(words)
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


def _control_figures(words: Mapping[str, str]) -> None:
    """Show how often it was right who holds a place, beside simpler ways to say it."""
    figures = load_control_figures()
    subheading(words["control_head"])
    paragraph(words["control_text"])
    paragraph(words["control_measured"].replace("{n}", str(figures["facts"])), faint=True)
    columns = ("brier", "accuracy", "coverage", "where")
    ways = [
        {
            words["way_head"]: words.get(f"way.{way['name']}", way["name"]),
            **{words[f"control.{name}"]: _interval(way[name]) for name in columns},
        }
        for way in figures["way"]
    ]
    st.dataframe(pd.DataFrame(ways), hide_index=True, key="control_ways")
    paragraph(words["control_bins"], faint=True)
    bins = [
        {
            words["control.probability"]: entry["probability"],
            words["control.facts"]: entry["facts"],
            words["control.mean"]: entry["mean"],
            words["control.right"]: entry["right"],
        }
        for entry in figures["bin"]
    ]
    st.dataframe(pd.DataFrame(bins), hide_index=True, key="control_bins")


def _interval(figure: list[float]) -> str:
    value, low, high = figure
    return f"{value:.2f} [{low:.2f}, {high:.2f}]"
