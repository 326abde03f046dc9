"""What all pages have in common: direction, heading, language."""

import html
from collections.abc import Mapping

import streamlit as st

from dashboard.language import direction
from dashboard.settings import LANGUAGES

_NAMES = {"ar": "العربية", "en": "English"}
# Streamlit has no switch for right-to-left pages (1.67); these rules turn the page, not the maps
# and tables inside, which keep their own direction.
_STYLE = """<style>
.stMainBlockContainer {{ padding-block-start: 3.5rem; direction: {dir}; text-align: start; }}
.stMainBlockContainer [data-testid="stButtonGroup"] > div {{ direction: ltr; }}
.stMainBlockContainer [data-testid="stButtonGroup"] {{ direction: {dir}; }}
.stMainBlockContainer .mihwar-text, .mihwar-faint {{ margin: 0; text-align: start; }}
.stMainBlockContainer .mihwar-faint {{ opacity: 0.75; font-size: 0.9rem; }}
.stMainBlockContainer .mihwar-sub {{ font-size: 1.1rem; margin: 0; padding: 0; }}
.stMainBlockContainer .mihwar-head {{ display: flex; flex-wrap: wrap; gap: 0 1rem; }}
.stMainBlockContainer .mihwar-head {{ align-items: baseline; }}
.stMainBlockContainer .mihwar-head h1 {{ margin: 0; padding: 0; font-size: 1.9rem; }}
.stMainBlockContainer .mihwar-head p {{ margin: 0; opacity: 0.8; }}
</style>"""


def heading(words: Mapping[str, str], lang: str) -> None:
    """
    Show the heading, and turn the page to the direction of its language.

    Parameters
    ----------
    words
        Words of the interface.
    lang
        Its language.
    """
    title, tagline = html.escape(words["title"]), html.escape(words["tagline"])
    st.html(_STYLE.format(dir=direction(lang)))
    st.html(f'<div class="mihwar-head"><h1>{title}</h1><p>{tagline}</p></div>')


def subheading(text: str) -> None:
    """
    Show a heading inside a page; `st.markdown` would set Arabic from the left.

    Parameters
    ----------
    text
        Words of the interface.
    """
    st.html(f'<h2 class="mihwar-sub">{html.escape(text)}</h2>')


def paragraph(text: str, *, faint: bool = False) -> None:
    """
    Show a paragraph; `st.write` would set Arabic from the left, full stop first.

    Parameters
    ----------
    text
        Words of the interface; anything else in it is shown as it is.
    faint
        Whether it only explains something else.
    """
    kind = "mihwar-faint" if faint else "mihwar-text"
    st.html(f'<p dir="auto" class="{kind}">{html.escape(text)}</p>')


def choose_language(words: Mapping[str, str], lang: str) -> str:
    """
    Let the viewer choose the language.

    Parameters
    ----------
    words
        Words of the interface.
    lang
        The language now.

    Returns
    -------
    lang
        The language chosen.
    """
    chosen = st.segmented_control(
        words["language"],
        LANGUAGES,
        default=lang,
        format_func=_NAMES.__getitem__,
        key="lang",
        label_visibility="collapsed",
        required=True,
    )
    return str(chosen or lang)
