"""What has come since the page was opened: counted, and shown when the viewer wants it."""

from collections.abc import Mapping

import streamlit as st

from dashboard.errors import DashboardError
from dashboard.settings import Settings
from dashboard.state import StoreError, Tables, is_behind, news, take_news
from dashboard.timemap.component import look_for_news
from dashboard.views.login import look_again


@st.fragment
def show_news(settings: Settings, tables: Tables, words: Mapping[str, str]) -> None:
    """
    Offer what is new in the store; until it is taken the viewer's map stays as it is.

    Parameters
    ----------
    settings
        How the dashboard was started.
    tables
        What the viewer sees.
    words
        Words of the interface.
    """
    look_again(settings)
    url = settings.store_url
    if is_behind(look_for_news(key="pulse")):
        st.rerun()
    try:
        count = news(url, tables)
    except (StoreError, DashboardError):
        return  # the page itself says what is wrong with the store
    if count and st.button(words["news"].replace("{n}", str(count)), key="news"):
        take_news(url)
        st.rerun()
