"""The door: who is logged in and may see something comes in, the others are told why not."""

import time
from collections.abc import Mapping

import streamlit as st

from dashboard.access import Access, Visitor, judge
from dashboard.settings import Settings
from dashboard.state import known_access
from dashboard.views.frame import paragraph

Words = Mapping[str, str]


def visitor(access: Access) -> Visitor:
    """
    Say who looks at the page, and what they may do.

    Parameters
    ----------
    access
        Who may do what.
    """
    claims = st.user.to_dict()
    return judge(access, claims, time.time())


def look_again(settings: Settings) -> None:
    """
    See whether a viewer may still be here, where only a part of the page is run.

    Parameters
    ----------
    settings
        How the dashboard was started.
    """
    access = known_access(settings)
    if access is not None and visitor(access).reason:
        st.rerun()


def ask(found: Visitor, words: Words) -> None:
    """
    Show the way in to whoever may not see anything yet, and nothing else.

    Parameters
    ----------
    found
        Who looks at the page.
    words
        Words of the interface.
    """
    paragraph(words[f"login_{found.reason}"])
    if found.reason == "unknown":
        st.button(words["logout"], on_click=st.logout, key="logout")
    else:
        # A log-in that has run out is thrown away first, or Streamlit takes it for a good one.
        st.button(words["login"], on_click=st.login, type="primary", key="login")


def show_visitor(found: Visitor, words: Words) -> None:
    """
    Show who is logged in, and the way out.

    Parameters
    ----------
    found
        Who looks at the page.
    words
        Words of the interface.
    """
    # The address is no label: labels are Markdown, and a provider may call somebody anything.
    with st.popover(words["account"]):
        paragraph(found.mail)
        st.button(words["logout"], on_click=st.logout, key="logout")
