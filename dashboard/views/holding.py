"""Who holds a place, or which way the front lies on, with the claims it rests on."""

import json
from collections.abc import Mapping, Sequence

import geopandas as gpd
import streamlit as st

from dashboard.labels import key_of
from dashboard.language import direction
from dashboard.state import Tables, iso_day, shared_conflict, shared_gazetteer
from dashboard.timemap.component import evidence_panel
from dashboard.timemap.evidence import make_evidence
from dashboard.views.frame import paragraph, subheading
from geocode.control import CONTESTED, UNKNOWN

Words = Mapping[str, str]


def show_holder(tables: Tables, place_id: str, day: int, words: Words, lang: str) -> None:
    """
    Say who holds a place on a day, how sure that is, and open the claims it rests on.

    Parameters
    ----------
    tables
        What is in the store.
    place_id
        The place.
    day
        Days since 1970.
    words
        Words of the interface.
    lang
        Its language.
    """
    date = iso_day(day)
    control = tables.control
    here = control[control["place_id"] == place_id]
    found = here[(here["date_start"] <= date) & (here["date_end"] >= date)]
    if found.empty:
        return
    row = found.iloc[0]
    held = words["holds"].replace("{side}", _holder(row["side"], words, lang))
    sure = "" if row["side"] in (CONTESTED, UNKNOWN) else f" · {row['probability']:.0%}"
    name = _isolated(row["place_name_ar" if lang == "ar" else "place_name"])
    subheading(f"{name} · {held.replace('{day}', _isolated(date))}{sure}")
    paragraph(_grounds(row, words, lang), faint=True)
    key = f"holder_{key_of(place_id)}_{date}"
    _show_claims(tables, json.loads(row["evidence"]), words, lang, key=key)


def show_front(tables: Tables, front_id: str, words: Words, lang: str) -> None:
    """
    Say between which places a stretch of the front lies, and open the claims it rests on.

    Parameters
    ----------
    tables
        What is in the store.
    front_id
        Its id.
    words
        Words of the interface.
    lang
        Its language.
    """
    found = tables.front[tables.front["front_id"] == front_id]
    if found.empty:
        return
    row = found.iloc[0]
    name = "_ar" if lang == "ar" else ""
    ends = [
        f"\u2068{row[f'place_{end}_name{name}']}\u2069 ({_holder(row[f'side_{end}'], words, lang)})"
        for end in ("a", "b")
    ]
    subheading(f"{words['front_between']} {' – '.join(ends)}")
    days = _isolated(f"{row['date_start']} – {row['date_end']}")
    length = words["km"].replace("{km}", f"{row['length_km']:g}")
    sure = words["both_ends"].replace("{n}", f"{row['probability']:.0%}")
    paragraph(f"{days} · {length} · {sure}", faint=True)
    _show_claims(tables, json.loads(row["evidence"]), words, lang, key=f"front_{key_of(front_id)}")


def _show_claims(
    tables: Tables, event_ids: Sequence[str], words: Words, lang: str, *, key: str
) -> None:
    with st.expander(words["rests_on"].replace("{n}", str(len(event_ids)))):
        show_claims(tables, event_ids, words, lang, key=key)


def show_claims(
    tables: Tables, event_ids: Sequence[str], words: Words, lang: str, *, key: str
) -> None:
    """
    Show the sentences of some claims.

    Parameters
    ----------
    tables
        What is in the store.
    event_ids
        Ids of the claims.
    words
        Words of the interface.
    lang
        Its language.
    key
        Of the panel in the session.
    """
    events = tables.events[tables.events["event_id"].isin(list(event_ids))]
    told: gpd.GeoDataFrame = tables.mentions[
        tables.mentions["mention_id"].isin(events["mention_id"])
    ]
    dates = events.drop_duplicates("mention_id").set_index("mention_id")["date_start"]
    day = told["mention_id"].map(dates)
    evidence = make_evidence(
        told.assign(date=day.where(day.notna(), told["published"])),
        events,
        tables.articles,
        conflict=shared_conflict(),
        gazetteer=shared_gazetteer(),
        lang=lang,
        words=words,
        limit=None,
    )
    evidence_panel(evidence, words=words, lang=lang, direction=direction(lang), key=key)


def _holder(side_id: str, words: Words, lang: str) -> str:
    if side_id == UNKNOWN:
        return words["holder_unknown"]
    if side_id == CONTESTED:
        return words["contested"]
    return shared_conflict().sides[side_id].name(lang)


def _grounds(row: Mapping[str, object], words: Words, lang: str) -> str:
    if row["basis"] == "neighbours":
        gazetteer = shared_gazetteer()
        near = [p for p in json.loads(str(row["inferred_from"])) if p in gazetteer]
        names = ", ".join(gazetteer.by_id(place_id).name(lang) for place_id in near)
        return f"{words['inferred']}: {names}"
    last = row["last_evidence"]
    if not isinstance(last, str):
        return words["told_later"]
    return words["last_claim"].replace("{day}", _isolated(last))


def _isolated(text: str) -> str:
    # Among Arabic words 2019-06-28 would be set as 28-06-2019.
    return f"\u2066{text}\u2069"
