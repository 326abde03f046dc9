"""What all pages have in common: direction, heading, language."""

import html
from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboard.language import direction
from dashboard.settings import LANGUAGES
from dashboard.state import shared_conflict
from dashboard.timemap.rows import NEUTRAL

# Of outlets nobody's and outlets the pack says nothing of.
_BALANCE_COLORS = {True: "#67707c", False: "#b8bec6"}

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
.mihwar-fault {{ border: 1px solid #d92d20; border-radius: 8px; padding: 10px 14px; }}
.mihwar-fault {{ background: rgba(217, 45, 32, 0.09); overflow-wrap: anywhere; }}
/* Streamlit's own export of a table marks no formula (1.67); ours, on the pages, does. */
[data-testid="stElementToolbar"] button[aria-label="Download as CSV"] {{ display: none; }}
.stApp [data-testid="stHeader"], .stApp [data-testid="stSidebar"] {{ direction: {dir}; }}
.stApp [data-testid="stExpander"] summary {{ direction: {dir}; }}
.stApp [data-testid="stDateInput"] [role="group"] {{ direction: ltr; }}
body [data-baseweb="popover"] {{ direction: {dir}; text-align: start; }}
.mihwar-balance > div {{ display: flex; height: 10px; border-radius: 5px; overflow: hidden; }}
.mihwar-balance > div {{ max-width: 44rem; }}
.mihwar-balance p {{ margin: 0 0 4px; font-size: 0.875rem; }}
.mihwar-balance-names {{ display: flex; flex-wrap: wrap; gap: 2px 14px; margin-block: 4px 0; }}
.mihwar-balance b {{ display: inline-block; width: 10px; height: 10px; border-radius: 50%; }}
.mihwar-balance b {{ margin-inline-end: 5px; }}
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


def fault(text: str) -> None:
    """
    Show what went wrong, which may hold words of others.

    Parameters
    ----------
    text
        Shown as it is: `st.error` would take it for Markdown, with links and pictures.
    """
    lines = "<br>".join(html.escape(line) for line in text.split("\n"))
    st.html(f'<div class="mihwar-fault" role="alert" dir="auto">{lines}</div>')


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


def show_balance(leanings: "pd.Series[str]", words: Mapping[str, str], lang: str) -> None:
    """
    Show whose outlets the reports in view come from.

    Parameters
    ----------
    leanings
        The leaning of each report's outlet.
    words
        Words of the interface.
    lang
        Its language.
    """
    counts = leanings.value_counts()
    total = int(counts.sum())
    if not total:
        return
    sides = shared_conflict().sides
    parts, names = [], []
    for leaning, count in counts.items():
        side = sides.get(str(leaning))
        own = words["neutral"] if leaning == NEUTRAL else words["unknown_leaning"]
        name = side.name(lang) if side and side.party else own
        color = (side.color if side else "") or _BALANCE_COLORS[leaning == NEUTRAL]
        share = count / total
        parts.append(f'<i style="width:{share:.2%};background:{html.escape(color)}"></i>')
        names.append(
            f'<span><b style="background:{html.escape(color)}"></b>'
            f"<bdi>{html.escape(name)}</bdi> {share:.0%}</span>"
        )
    title = html.escape(words["balance"])
    st.html(
        f'<div class="mihwar-balance"><p>{title}</p><div role="img" aria-label="{title}">'
        f"{''.join(parts)}</div><p class='mihwar-balance-names'>{''.join(names)}</p></div>"
    )
