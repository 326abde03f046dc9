"""Which event claims may tell of one event: columns, candidate pairs and how well they agree."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gazetteer.place import great_circles_km
from geocode.conflict import Conflict

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_EPOCH = np.datetime64("1970-01-01", "D")
UNKNOWN = -1
# How near two sites are: one point; within each other's radii; the smaller within the wider.
SAME, NEAR, INSIDE = 3, 2, 1
# Types that may be words for one act. Fights over ground: what one side calls a capture the other
# calls an attack repelled, or leaves out; strikes: what was hit and by what.
_FAMILIES = {
    "ground": ("clash", "advance", "repelled_attack", "capture", "withdrawal"),
    "strike": ("airstrike", "strike_on_equipment", "shelling"),
    "aircraft_downed": ("aircraft_downed",),
    "arms_delivery": ("arms_delivery",),
    "ultimatum": ("ultimatum",),
    "deployment": ("deployment",),
    "other": ("other",),
}
_TYPES = tuple(t for types in _FAMILIES.values() for t in types)
_FAMILY_OF = {t: number for number, types in enumerate(_FAMILIES.values()) for t in types}
# Acts that happen once: reports go on telling of them for days, by the day of the report.
_ONCE = ("capture", "withdrawal", "aircraft_downed")
_ONCE_LAG_DAYS, _LAG_DAYS = 2, 1
# An event told for longer than this is a summary of many.
_LONGEST_DAYS = 3
# Two towns of the Libyan coast are 10 km apart and more; quarters and the camps in them 1 to 3.
NEAR_KM = 2.5
# A city is told of for one of its quarters; a region is told of for anything.
_WIDE_KM, _WIDEST_KM = 8.0, 20.0
_KM_A_DEGREE = 111.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """
    Event claims as columns of numbers; each array has one entry a claim.

    Attributes
    ----------
    types, families
        Positions in the list of types, and what they may be another word for.
    planned
        Whether the act is only planned.
    once
        Whether it is an act that happens once, of which reports go on telling for days.
    attacker
        Camp that goes forward: who captures, advances, from whom others withdraw, whose attack is
        repelled; of other acts who does it. `UNKNOWN` where not told.
    actor, target
        Camps of actor and target as told.
    first_day, last_day
        Days since 1970; where only the publication dates an event, some days before it are in.
    told_day
        Whether the text itself tells the day.
    site
        Number of the geometry: claims with the same number lie at the same point.
    place
        Number of the place.
    x, y, radius_km
        By number of the site: longitude, latitude, 90 % radius.
    article
        Number of the article; copies of one text have the same.
    killed
        The highest number of dead told, `UNKNOWN` for none.
    usable
        Whether a claim can be compared at all: it has a place, and a date short enough.
    """

    types: Ints
    families: Ints
    planned: Mask
    once: Mask
    attacker: Ints
    actor: Ints
    target: Ints
    first_day: Ints
    last_day: Ints
    told_day: Mask
    site: Ints
    place: Ints
    x: Floats
    y: Floats
    radius_km: Floats
    article: Ints
    killed: Ints
    usable: Mask


def camps(conflict: Conflict) -> dict[str, int]:
    """
    Give each camp of a war a number: a side and those who fight its opponent are one.

    Parameters
    ----------
    conflict
        The conflict pack.

    Returns
    -------
    camps
        By id of the side.
    """
    numbers: dict[str, int] = {}
    found: dict[str, int] = {}
    for side_id in conflict.sides:
        opponent = conflict.opponent(side_id)
        leader = (conflict.opponent(opponent) if opponent else None) or side_id
        found[side_id] = numbers.setdefault(leader, len(numbers))
    return found


def type_number(event_type: str) -> int:
    """
    Give the number of a type of event, as in `Claims`.

    Parameters
    ----------
    event_type
        One of the types of the schema.
    """
    return _TYPES.index(event_type)


def make_claims(events: pd.DataFrame, conflict: Conflict) -> Claims:
    """
    Make columns of numbers of an events layer.

    Parameters
    ----------
    events
        Columns of the events layer, with ``x`` and ``y`` or a geometry.
    conflict
        The conflict pack: who fights whom.
    """
    types = _coded(events["type"], {name: n for n, name in enumerate(_TYPES)})
    families = np.array([_FAMILY_OF[name] for name in _TYPES])[types]
    sides = camps(conflict)
    actor, target = _coded(events["actor_side"], sides), _coded(events["target_side"], sides)
    status = events["status"].astype("str").to_numpy()
    first, last = _days(events["date_start"]), _days(events["date_end"])
    dated = (first != UNKNOWN) & (last != UNKNOWN)
    precision = events["date_precision"].astype("str").to_numpy()
    told = (precision != "report") & dated
    once = np.isin(types, [_TYPES.index(name) for name in _ONCE])
    lag = np.where(once, _ONCE_LAG_DAYS, _LAG_DAYS)
    lon, lat = _lon_lat(events)
    radius = events["precision_km"].to_numpy(dtype=np.float64, na_value=np.nan)
    placed = np.isfinite(lon) & np.isfinite(lat) & events["place_id"].notna().to_numpy()
    site, sites = _sites(lon, lat, radius, placed)
    reports = events["copy_group"].where(events["copy_group"].notna(), events["article_id"])
    return Claims(
        types=types,
        families=families,
        planned=status == "planned",
        once=once,
        attacker=_attackers(types, actor, target),
        actor=actor,
        target=target,
        first_day=np.where(told, first, first - lag),
        last_day=last,
        told_day=told,
        site=site,
        place=pd.factorize(events["place_id"].astype("str"))[0].astype(np.int64),
        x=sites[:, 0],
        y=sites[:, 1],
        radius_km=sites[:, 2],
        article=pd.factorize(reports.astype("str"))[0].astype(np.int64),
        killed=_killed(events["losses"]),
        usable=placed & dated & (last - first < _LONGEST_DAYS),
    )


def _coded(cells: "pd.Series[str]", numbers: Mapping[str, int]) -> Ints:
    return cells.map(dict(numbers)).fillna(UNKNOWN).to_numpy().astype(np.int64)


def _days(cells: "pd.Series[str]") -> Ints:
    days = pd.to_datetime(cells, errors="coerce").to_numpy().astype("datetime64[D]")
    numbers = (days - _EPOCH).astype(np.int64)
    return np.where(np.isnat(days), UNKNOWN, numbers)


def _lon_lat(events: pd.DataFrame) -> tuple[Floats, Floats]:
    if "geometry" in events:
        points = events["geometry"]
        return points.x.to_numpy(dtype=float), points.y.to_numpy(dtype=float)
    return events["x"].to_numpy(dtype=float), events["y"].to_numpy(dtype=float)


def _sites(lon: Floats, lat: Floats, radius: Floats, placed: Mask) -> tuple[Ints, Floats]:
    """Give points numbers; those that are ten metres apart have two."""
    table = np.column_stack([lon.round(4), lat.round(4), np.nan_to_num(radius).round(2)])
    table[~placed] = 0
    sites, numbers = np.unique(table, axis=0, return_inverse=True)
    return numbers.reshape(-1).astype(np.int64), sites


def _attackers(types: Ints, actor: Ints, target: Ints) -> Ints:
    """Say who goes forward; in a clash nobody is said to."""
    number = {name: n for n, name in enumerate(_TYPES)}
    found = actor.copy()
    turned = np.isin(types, [number["withdrawal"], number["repelled_attack"]])
    found[turned] = target[turned]
    found[types == number["clash"]] = UNKNOWN
    return found


def _killed(cells: "pd.Series[str]") -> Ints:
    """Give the highest number of dead; most claims tell none, and are not parsed."""
    found = np.full(len(cells), UNKNOWN, dtype=np.int64)
    texts = cells.to_numpy()
    told = cells.astype("str").str.contains('"killed"', regex=False).to_numpy()
    for at in told.nonzero()[0]:
        losses = json.loads(texts[at]) if isinstance(texts[at], str) else texts[at]
        found[at] = max((x["high"] for x in losses if x["what"] == "killed"), default=UNKNOWN)
    return found


def near_sites(claims: Claims) -> tuple[Ints, Ints, Ints]:
    """
    Give the pairs of sites whose claims may tell of one event.

    Parameters
    ----------
    claims
        Claims.

    Returns
    -------
    one, other, nearness
        Numbers of sites, the first not after the second; `SAME`, `NEAR` (within each other's
        radii and `NEAR_KM`) or `INSIDE` (the smaller within the wider).
    """
    order = np.argsort(claims.y)
    x, y, radius = claims.x[order], claims.y[order], claims.radius_km[order]
    ones, others, nearness = [order], [order], [np.full(len(order), SAME)]
    widest_deg = _WIDEST_KM / _KM_A_DEGREE
    ends = np.searchsorted(y, y + widest_deg, side="right")
    for at in range(len(order)):
        rest = np.arange(at + 1, ends[at])
        if not len(rest):
            continue
        apart = great_circles_km(y[at], x[at], y[rest], x[rest])
        small, wide = np.minimum(radius[at], radius[rest]), np.maximum(radius[at], radius[rest])
        near = (apart <= NEAR_KM) & (apart <= small + wide)
        city = (wide >= _WIDE_KM) & (wide <= _WIDEST_KM)
        inside = ~near & city & (small < wide) & (apart <= wide)
        for found, value in ((near, NEAR), (inside, INSIDE)):
            ones.append(np.full(int(found.sum()), order[at]))
            others.append(order[rest[found]])
            nearness.append(np.full(int(found.sum()), value))
    one, other = np.concatenate(ones), np.concatenate(others)
    return np.minimum(one, other), np.maximum(one, other), np.concatenate(nearness)
