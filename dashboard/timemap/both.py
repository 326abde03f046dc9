"""Event cards: what each side says of an event, side by side, as data for the browser."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.timemap.columns import NEUTRAL_COLOR
from gazetteer import Gazetteer
from geocode.conflict import Conflict
from geocode.versions import NOBODYS, Version, differing, find_versions

Words = Mapping[str, str]
_FIRST_STRONG, _END = "\u2068", "\u2069"


def make_card(
    claims: pd.DataFrame,
    *,
    contested: bool,
    conflict: Conflict,
    gazetteer: Gazetteer,
    lang: str,
    words: Words,
) -> dict[str, Any]:
    """
    Make the card of an event.

    Parameters
    ----------
    claims
        All its rows of the events layer.
    contested
        Whether its claims exclude each other.
    conflict, gazetteer
        For the names of sides and places.
    lang
        Language of the interface.
    words
        Its words.

    Returns
    -------
    card
        ``columns``, one a side that speaks; ``rows`` with a label, a cell a column and whether they
        differ; ``badges``. All of it plain text. No rows where one report tells it alone.
    """
    versions = find_versions(claims, conflict)
    badges = _badges(claims, versions, words, contested=contested)
    if len(versions) == 1 and len(claims["article_id"].unique()) == 1:
        return {"columns": [], "rows": [], "badges": badges}
    differs = differing(versions)
    rows: list[dict[str, Any]] = [
        {
            "label": words[f"version.{name}"],
            "cells": [_cell(name, version, gazetteer, lang, words) for version in versions],
            "differs": name in differs,
        }
        for name in ("acts", "places", "days", "losses", "labels", "outlets")
    ]
    return {
        "columns": [_column(version, conflict, lang, words) for version in versions],
        "rows": [row for row in rows if any(row["cells"])],
        "badges": badges,
    }


def _badges(
    claims: pd.DataFrame, versions: Sequence[Version], words: Words, *, contested: bool
) -> list[dict[str, str]]:
    reports = int(claims["article_id"].nunique())
    sources = sum(version.sources for version in versions)
    badges = []
    if reports > 1:
        badges.append({"kind": "count", "text": words["reports_tell"].replace("{n}", str(reports))})
    if sources < reports:
        copied = words["independent"].replace("{n}", str(sources))
        badges.append({"kind": "count", "text": copied})
    if len([version for version in versions if version.side != NOBODYS]) > 1:
        badges.append({"kind": "both", "text": words["both_sides"]})
    if contested:
        badges.append({"kind": "contested", "text": words["contested"]})
    return badges


def _column(version: Version, conflict: Conflict, lang: str, words: Words) -> dict[str, str]:
    side = conflict.sides.get(version.side)
    claims = words["claims_count"].replace("{n}", str(version.claims))
    return {
        "name": side.name(lang) if side else words["neutral"],
        "color": (side.color if side else "") or NEUTRAL_COLOR,
        "claims": claims,
    }


def _cell(name: str, version: Version, gazetteer: Gazetteer, lang: str, words: Words) -> str:
    if name == "acts":
        parts = [
            f"{words[f'type.{kind}']} {_isolated(f'«{trigger}»')} · {words[f'status.{status}']}"
            for kind, status, trigger in version.acts
        ]
    elif name == "places":
        parts = [gazetteer.by_id(p).name(lang) for p in version.places if p in gazetteer]
    elif name == "days":
        parts = [_day(first, last) for first, last in version.days]
    elif name == "losses":
        parts = [
            f"{words[f'loss.{what}']} {_range(low, high)}" for what, low, high in version.losses
        ]
    elif name == "labels":
        parts = [_isolated(f"«{label}»") for label in version.labels]
    else:
        parts = [_isolated(outlet) for outlet in version.outlets]
    return "\n".join(parts)


def _day(first: str, last: str) -> str:
    return _isolated(first if first == last else f"{first} – {last}", mark="\u2066")


def _range(low: int, high: int) -> str:
    return _isolated(str(low) if low == high else f"{low}–{high}", mark="\u2066")


def _isolated(text: str, *, mark: str = _FIRST_STRONG) -> str:
    return f"{mark}{text}{_END}"
