"""Filters: which mentions and events a viewer wants, the same for map, table and exports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gazetteer import Gazetteer, fold, fold_many
from geocode.article import Article
from geocode.phrases import word_forms

Point = tuple[float, float]
# Filters of several values, by the name they have in the address.
LISTS = ("speaker", "actor", "type", "role", "status", "outlet", "leaning", "place", "district")
# Of these the event must fit, all of one event together.
_OF_EVENTS = {"actor": "actor_side", "type": "type", "status": "status"}
_OF_MENTIONS = {
    "speaker": "speaker",
    "role": "role",
    "outlet": "outlet",
    "leaning": "leaning",
    "place": "place_id",
    "district": "district",
}
# What is counted on the map.
COUNTED = ("front", "all", "events")
MAX_CORNERS = 100
_MAX_TEXT = 200
_MIN_CORNERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """
    What is wanted; empty means everything.

    Attributes
    ----------
    layer
        One of `COUNTED`: mentions of the front line, all mentions, or events, each once however
        many reports tell it.
    contested
        Only events whose claims exclude each other.
    speaker, actor
        Sides that speak, sides that act; "" for neither side.
    type, role, status
        Of events, of mentions, of events.
    outlet, leaning
        Outlets, and the sides they write for.
    place, district
        Place ids, names of districts.
    area
        Corners of a polygon, (lon, lat) in degrees on EPSG:4326.
    min_score
        The least trust in the place, 0 to 1.
    text
        Words the sentence or the place's names must hold, in any spelling.
    """

    layer: str = COUNTED[0]
    contested: bool = False
    speaker: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    leaning: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    district: tuple[str, ...] = ()
    area: tuple[Point, ...] = ()
    min_score: float = 0.0
    text: str = ""

    @property
    def count(self) -> int:
        """How many filters are set, beside the choice of layer."""
        return sum(bool(getattr(self, f.name)) for f in fields(self) if f.name != "layer")


def read_filters(params: Mapping[str, str]) -> Filters:
    """
    Read filters from an address.

    Parameters
    ----------
    params
        Its parameters; what cannot be understood is left out, never an error.
    """
    lists: dict[str, Any] = {name: _values(params.get(name, "")) for name in LISTS}
    layer = params.get("layer", "")
    return Filters(
        layer=layer if layer in COUNTED else COUNTED[0],
        contested=params.get("contested", "") == "1",
        area=read_area(params.get("area", "")),
        min_score=_share(params.get("score", "")),
        text=params.get("q", "")[:_MAX_TEXT].strip(),
        **lists,
    )


def write_filters(filters: Filters) -> dict[str, str]:
    """
    Write filters as parameters of an address; `read_filters` reads them again.

    Parameters
    ----------
    filters
        The filters.
    """
    lists = {name: "~".join(map(_escaped, getattr(filters, name))) for name in LISTS}
    params = {
        "layer": filters.layer,
        "contested": "1" if filters.contested else "",
        **lists,
        "area": " ".join(f"{x:g},{y:g}" for x, y in filters.area),
        "score": f"{filters.min_score:g}" if filters.min_score else "",
        "q": filters.text,
    }
    return {name: value for name, value in params.items() if value}


def read_area(text: str) -> tuple[Point, ...]:
    """
    Read the corners of a polygon.

    Parameters
    ----------
    text
        As ``12.5,32 13.5,32 13.5,33``.

    Returns
    -------
    area
        Empty for what is no polygon.
    """
    try:
        points = [tuple(map(float, pair.split(","))) for pair in text.split()]
    except ValueError:
        return ()
    return clean_area(points)


def clean_area(points: Sequence[Sequence[float]]) -> tuple[Point, ...]:
    """
    Check the corners of a polygon that came from outside.

    Parameters
    ----------
    points
        Pairs (lon, lat).

    Returns
    -------
    area
        Empty for what is no polygon.
    """
    if not _MIN_CORNERS <= len(points) <= MAX_CORNERS:
        return ()
    if any(len(p) != 2 or not (abs(p[0]) <= 180 and abs(p[1]) <= 90) for p in points):  # noqa: PLR2004 (lon, lat)
        return ()
    return tuple((float(x), float(y)) for x, y in points)


def _values(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_unescaped(part) for part in text.split("~"))) if text else ()


def _escaped(value: str) -> str:
    # "-" for a value that is empty (the neutral side), so that it is told from no value.
    return value.replace("%", "%25").replace("~", "%7E") if value else "-"


def _unescaped(value: str) -> str:
    return "" if value == "-" else value.replace("%7E", "~").replace("%25", "%")


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0 <= value <= 1 else 0.0


# Of a word begun: shorter ones begin too many others.
_SHORTEST_BEGINNING = 3


class SentenceSearch:
    """
    Search sentences, in any spelling, with or without clitics.

    Parameters
    ----------
    mentions
        Rows of the mention layer.
    articles
        Their articles, by id.
    gazetteer
        So that "Tarhuna" finds «ترهونة».
    """

    def __init__(
        self, mentions: pd.DataFrame, articles: Mapping[str, Article], gazetteer: Gazetteer
    ) -> None:
        spans = mentions[["article_id", "sentence_start", "sentence_end"]]
        keys = list(spans.itertuples(index=False, name=None))
        known = {key: number for number, key in enumerate(dict.fromkeys(keys))}
        sentences = [
            articles[a].text[int(s) : int(e)].replace("\n", " ") if a in articles else ""
            for a, s, e in known
        ]
        self._row = np.array([known[key] for key in keys], dtype=np.intp)
        self._places = mentions["place_id"]
        self._with_word: dict[str, list[int]] = {}
        for number, sentence in enumerate(fold_many(sentences)):
            for word in set(sentence.split()):
                self._with_word.setdefault(word, []).append(number)
        self._count = len(sentences)
        self._gazetteer = gazetteer

    def find(self, text: str) -> NDArray[np.bool_]:
        """
        Tell which rows' sentences hold all words of a text, or name the place it names.

        Parameters
        ----------
        text
            Words in Arabic or Latin letters.
        """
        words = fold(text).text.split()
        if not words:
            return np.zeros(len(self._row), dtype=np.bool_)
        hits = np.ones(self._count, dtype=np.bool_)
        for word in words:
            hits &= self._sentences_with(word)
        # A place under any of its names: the sentences that name it under another.
        for name in {text, *self._without_clitics(text)}:
            named = {place.place_id for place in self._gazetteer.by_name(name)}
            if named:
                rows = self._places.isin(named).to_numpy(np.bool_)
                hits[self._row[rows]] = True
        return hits[self._row]

    def _sentences_with(self, word: str) -> NDArray[np.bool_]:
        """Find a word with and without clitics, and longer words that begin with it."""
        forms = word_forms(word)
        begun = tuple(form for form in forms if len(form) >= _SHORTEST_BEGINNING)
        found = np.zeros(self._count, dtype=np.bool_)
        for known, numbers in self._with_word.items():
            other = word_forms(known)
            if not forms.isdisjoint(other) or any(form.startswith(begun) for form in other):
                found[numbers] = True
        return found

    @staticmethod
    def _without_clitics(text: str) -> set[str]:
        first, *rest = fold(text).text.split()
        return {" ".join([form, *rest]) for form in word_forms(first)}


def kept_rows(
    filters: Filters,
    mentions: gpd.GeoDataFrame,
    told: pd.DataFrame,
    search: SentenceSearch | None = None,
) -> NDArray[np.bool_]:
    """
    Tell which mentions pass.

    Parameters
    ----------
    filters
        The filters.
    mentions
        Rows as `dashboard.timemap.rows.MapRows` holds them.
    told
        Events by the mention they are told at (``told_at``).
    search
        For ``filters.text``; without it the text is not looked for.

    Returns
    -------
    keep
        One truth value a row.
    """
    keep = np.ones(len(mentions), dtype=np.bool_)
    if filters.layer == COUNTED[0]:
        keep &= mentions["front_line"].fillna(value=False).to_numpy(dtype=np.bool_)
    for name, column in _OF_MENTIONS.items():
        if wanted := getattr(filters, name):
            values = mentions[column]
            keep &= values.where(values.notna(), "").isin(wanted).to_numpy(dtype=np.bool_)
    fitting = told[kept_events(filters, told)] if _asks_events(filters) else told
    if _asks_events(filters):
        keep &= mentions["mention_id"].isin(fitting["told_at"]).to_numpy(dtype=np.bool_)
    if filters.min_score:
        keep &= mentions["score"].to_numpy(dtype=float) >= filters.min_score
    if filters.area:
        inside = shapely.Polygon(filters.area).buffer(0)
        points = mentions.geometry
        keep &= shapely.contains_xy(inside, points.x.to_numpy(), points.y.to_numpy())
    if filters.text and search is not None:
        keep &= search.find(filters.text)
    if filters.layer == "events":
        keep &= _once_an_event(mentions["mention_id"], fitting, keep)
    return keep


def _asks_events(filters: Filters) -> bool:
    return filters.contested or any(getattr(filters, name) for name in _OF_EVENTS)


def _once_an_event(
    mention_ids: "pd.Series[str]", told: pd.DataFrame, keep: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Tell the rows at which each event is told first, of those that pass."""
    order = pd.Series(np.arange(len(mention_ids)), index=mention_ids)[keep]
    told = told.assign(row=told["told_at"].map(order)).dropna(subset="row").sort_values("row")
    first = np.zeros(len(mention_ids), dtype=np.bool_)
    first[told.drop_duplicates("cluster_id")["row"].to_numpy(dtype=np.intp)] = True
    return first


def kept_events(filters: Filters, events: pd.DataFrame) -> NDArray[np.bool_]:
    """
    Tell which events fit the filters that are about events.

    Parameters
    ----------
    filters
        The filters.
    events
        Rows of the event layer, with ``contested``.
    """
    keep = np.ones(len(events), dtype=np.bool_)
    for name, column in _OF_EVENTS.items():
        if wanted := getattr(filters, name):
            values = events[column]
            keep &= values.where(values.notna(), "").isin(wanted).to_numpy(dtype=np.bool_)
    if filters.contested:
        keep &= events["contested"].to_numpy(dtype=np.bool_)
    return keep


def without(filters: Filters) -> Filters:
    """
    Clear the filters, but not the choice of layer.

    Parameters
    ----------
    filters
        The filters.
    """
    return replace(Filters(), layer=filters.layer)
