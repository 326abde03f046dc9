"""The page on method and accuracy: what a mark says, how often it is right, columns, sources."""

from collections.abc import Mapping
from typing import Any

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
    subheading(words["control_head"])
    paragraph(words["control_text"])
    paragraph(words["control_measured"], faint=True)
    for name, figures in load_control_figures().items():
        paragraph(words[f"control_{name}"].replace("{n}", str(figures["facts"])))
        _ways(figures["way"], name, words)
        paragraph(words["control_bins"], faint=True)
        _bins(figures["bin"], name, words)


def _ways(ways: list[dict[str, Any]], name: str, words: Mapping[str, str]) -> None:
    columns = ("brier", "accuracy", "coverage", "where")
    rows = [
        {
            words["way_head"]: words.get(f"way.{way['name']}", way["name"]),
            **{words[f"control.{column}"]: _interval(way[column]) for column in columns},
        }
        for way in ways
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key=f"control_ways_{name}")


def _bins(bins: list[dict[str, Any]], name: str, words: Mapping[str, str]) -> None:
    columns = ("probability", "facts", "mean", "right")
    rows = [{words[f"control.{column}"]: entry[column] for column in columns} for entry in bins]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key=f"control_bins_{name}")


def _interval(figure: list[float]) -> str:
    value, low, high = figure
    return f"{value:.2f} [{low:.2f}, {high:.2f}]"
