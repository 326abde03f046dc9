"""Clusters: the claims that tell of one event, each kept, with the reason it was joined."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geocode.alike import (
    INSIDE,
    NEAR,
    NEAR_KM,
    SAME,
    UNKNOWN,
    Claims,
    Ints,
    Mask,
    make_claims,
    near_sites,
    type_number,
)
from geocode.conflict import Conflict

# What an agreement counts for; the order in which claims are joined follows the sum.
_PLACES = {INSIDE: 2, NEAR: 4, SAME: 8}
_SAME_TYPE, _SAME_ACTOR, _SAME_TARGET, _TOLD_DAY, _SAME_DEAD = 4, 3, 1, 2, 3
JOINED_BY_READER = "joined by a reader"
_PAIRS_AT_ONCE = 2_000_000
_NEARNESS = {
    SAME: "same place",
    NEAR: f"places within {NEAR_KM} km",
    INSIDE: "one place lies in the other",
}


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Claims that may be joined: their numbers, how well they agree, how near they are."""

    one: Ints
    other: Ints
    agreement: Ints
    nearness: Ints


def cluster_events(
    events: pd.DataFrame,
    conflict: Conflict,
    *,
    together: Collection[tuple[str, str]] = (),
    apart: Collection[tuple[str, str]] = (),
) -> pd.DataFrame:
    """
    Find which claims tell of one event.

    Parameters
    ----------
    events
        Columns of the events layer; reports of one ``copy_group`` are one source.
    conflict
        The conflict pack: who fights whom.
    together, apart
        Pairs of event ids a reader joined or parted; these hold whatever the rules say.

    Returns
    -------
    clusters
        A row for each event, with its index: ``event_id``, ``cluster_id`` (that of its first claim
        in the order of days and ids) and ``reason``, the words for why it was joined, empty for
        the first.

    Notes
    -----
    Claims may be joined where their types may be words for one act, their places are equal, near
    or one in the other, their days overlap, and the camps of those who act and suffer do not
    exclude each other. The pairs that agree best are joined first, and a claim is joined only
    where it agrees with all that is in the cluster already (constrained agglomeration).
    """
    claims = make_claims(events, conflict)
    ids = events["event_id"].astype("str").to_list()
    number = {event_id: at for at, event_id in enumerate(ids)}
    grouping = _Grouping(claims, _ranks(ids, claims), _numbered(apart, number))
    for one, other in _numbered(together, number):
        grouping.join(one, other, JOINED_BY_READER, forced=True)
    grouping.join_all(_candidate_pairs(claims))
    heads = [grouping.first_of(at) for at in range(len(ids))]
    first = [head == at for at, head in enumerate(heads)]
    return pd.DataFrame(
        {
            "event_id": ids,
            "cluster_id": [f"c-{ids[head]}" for head in heads],
            "reason": [
                "" if is_head else grouping.reasons.get(at, "") for at, is_head in enumerate(first)
            ],
        },
        index=events.index,
    )


def _ranks(ids: list[str], claims: Claims) -> Ints:
    """Give the place of each claim in the order of days and ids."""
    ranks = np.empty(len(ids), dtype=np.int64)
    ranks[np.lexsort((np.array(ids, dtype="U"), claims.last_day))] = np.arange(len(ids))
    return ranks


def _numbered(
    pairs: Collection[tuple[str, str]], number: Mapping[str, int]
) -> list[tuple[int, int]]:
    return [(number[a], number[b]) for a, b in pairs if a in number and b in number]


def _candidate_pairs(claims: Claims) -> _Pairs:
    """Give the pairs of claims that agree in type, place, day and camps."""
    ones, others, nearness = near_sites(claims)
    found = [_agreeing(claims, *block) for block in _blocks(claims, ones, others, nearness)]
    names = ("one", "other", "agreement", "nearness")
    parts = {name: [getattr(p, name) for p in found] for name in names}
    return _Pairs(
        **{name: np.concatenate(p) if p else np.array([], np.int64) for name, p in parts.items()}
    )


def _blocks(
    claims: Claims, ones: Ints, others: Ints, nearness: Ints
) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Give pairs of claims of one family at near sites on one day, some at a time."""
    rows, days = _on_days(claims)
    span = int(days.max(initial=0)) + 2
    family = claims.families[rows] * 2 + claims.planned[rows]
    families = int(family.max(initial=0)) + 1
    keys = (claims.site[rows] * span + days) * families + family
    by_key = np.argsort(keys, kind="stable")
    keys, rows, days, family = keys[by_key], rows[by_key], days[by_key], family[by_key]
    site = claims.site[rows]
    first_of_site = np.searchsorted(site, np.arange(len(claims.x) + 1))
    waiting: list[tuple[Ints, Ints, Ints]] = []
    size = 0
    for one, other, near in zip(ones.tolist(), others.tolist(), nearness.tolist(), strict=True):
        here = np.arange(first_of_site[one], first_of_site[one + 1])
        wanted = (other * span + days[here]) * families + family[here]
        begins = np.searchsorted(keys, wanted, side="left")
        counts = np.searchsorted(keys, wanted, side="right") - begins
        total = int(counts.sum())
        if not total:
            continue
        left = np.repeat(here, counts)
        offsets = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
        right = np.repeat(begins, counts) + offsets
        kept = left < right if one == other else left != right
        waiting.append((rows[left[kept]], rows[right[kept]], np.full(int(kept.sum()), near)))
        size += total
        if size > _PAIRS_AT_ONCE:
            yield _joined(waiting)
            waiting, size = [], 0
    if waiting:
        yield _joined(waiting)


def _joined(parts: list[tuple[Ints, Ints, Ints]]) -> tuple[Ints, Ints, Ints]:
    one, other, near = (np.concatenate([p[at] for p in parts]) for at in range(3))
    # Claims that share two days came twice.
    low, high = np.minimum(one, other), np.maximum(one, other)
    _, unique = np.unique(low * (int(high.max(initial=0)) + 1) + high, return_index=True)
    return low[unique], high[unique], near[unique]


def _on_days(claims: Claims) -> tuple[Ints, Ints]:
    """Give each usable claim once for each day it may be of; days are counted from the first."""
    usable = claims.usable.nonzero()[0]
    counts = claims.last_day[usable] - claims.first_day[usable] + 1
    rows = np.repeat(usable, counts)
    offsets = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    days = np.repeat(claims.first_day[usable], counts) + offsets
    return rows, days - (int(days.min()) if len(days) else 0)


def _agreeing(claims: Claims, one: Ints, other: Ints, nearness: Ints) -> _Pairs:
    """Leave only pairs that agree, and say how well."""
    actor, target = (_fit(side, one, other) for side in (claims.actor, claims.target))
    attacker = _fit(claims.attacker, one, other)
    same_type = claims.types[one] == claims.types[other]
    ground = claims.families[one] == 0
    one_place = claims.place[one] == claims.place[other]
    nearness = np.where((nearness == NEAR) & one_place, SAME, nearness)
    dead_one, dead_other = claims.killed[one], claims.killed[other]
    same_dead = (dead_one == dead_other) & (dead_one > 0)
    both_told = claims.told_day[one] & claims.told_day[other]
    fits = np.where(ground, attacker.fits, actor.fits & target.fits)
    fits &= (nearness != INSIDE) | (same_type & (same_dead | _rare(claims.types[one])))
    fits &= same_type | ground | _struck(claims.types[one], claims.types[other]) | same_dead
    fits &= _same_time(claims, one, other)
    agreement = (
        sum(weight * (nearness == how) for how, weight in _PLACES.items())
        + _SAME_TYPE * same_type
        + _SAME_ACTOR * np.where(ground, attacker.same, actor.same)
        + _SAME_TARGET * target.same
        + _TOLD_DAY * both_told
        + _SAME_DEAD * same_dead
    )
    return _Pairs(one[fits], other[fits], agreement[fits], nearness[fits])


@dataclass(frozen=True, slots=True)
class _Fit:
    fits: Mask
    same: Mask


def _fit(side: Ints, one: Ints, other: Ints) -> _Fit:
    a, b = side[one], side[other]
    unknown = (a == UNKNOWN) | (b == UNKNOWN)
    return _Fit(unknown | (a == b), (a == b) & ~unknown)


def _rare(types: Ints) -> Mask:
    """Tell acts of which there is hardly a second one in a city on a day."""
    return np.asarray(types == type_number("aircraft_downed"))


def _struck(one: Ints, other: Ints) -> Mask:
    """Tell a strike told by what it hit and by what it was done with."""
    equipment = type_number("strike_on_equipment")
    return np.asarray((one == equipment) ^ (other == equipment))


def _same_time(claims: Claims, one: Ints, other: Ints) -> Mask:
    """
    Refuse acts that go on day after day where only two reports' own days would make them one.

    Fights and strikes at a place are told daily: two reports of two days that name no day tell of
    two, where they are not captures, retreats or downed aircraft.
    """
    lag = claims.last_day[one] != claims.last_day[other]
    undated = ~claims.told_day[one] & ~claims.told_day[other]
    once = claims.once[one] & claims.once[other]
    return np.asarray(~(undated & lag & ~once))


class _Grouping:
    """Clusters as they grow: what all claims of each agree on."""

    def __init__(self, claims: Claims, ranks: Ints, apart: list[tuple[int, int]]) -> None:
        self._parent = list(range(len(ranks)))
        self._rank = ranks.tolist()
        self._first = claims.first_day.tolist()
        self._last = claims.last_day.tolist()
        self._attacker = claims.attacker.tolist()
        self._actor = claims.actor.tolist()
        self._target = claims.target.tolist()
        self._ground = (claims.families == 0).tolist()
        self._place = claims.place.tolist()
        self._types = claims.types.tolist()
        self._article = claims.article.tolist()
        self._told: dict[int, dict[int, tuple[int, int]]] = {}
        self._parted = {pair for a, b in apart for pair in ((a, b), (b, a))}
        self._members: dict[int, list[int]] = {}
        self.reasons: dict[int, str] = {}

    def first_of(self, claim: int) -> int:
        """
        Give the first claim of a claim's cluster.

        Parameters
        ----------
        claim
            Its number.
        """
        root = self._root(claim)
        members = self._members.get(root)
        return root if members is None else min(members, key=self._rank.__getitem__)

    def join_all(self, pairs: _Pairs) -> None:
        """
        Join pairs whose clusters agree, those that agree best first.

        Parameters
        ----------
        pairs
            Pairs of claims.
        """
        ranks = np.array(self._rank, dtype=np.int64)
        order = np.lexsort((ranks[pairs.other], ranks[pairs.one], -pairs.agreement))
        columns = (pairs.one, pairs.other, pairs.nearness)
        for one, other, near in zip(*(c[order].tolist() for c in columns), strict=True):
            a, b = self._root(one), self._root(other)
            if a != b and self._agree(a, b, near):
                self.join(one, other, _reason(near, self._types, one, other))

    def join(self, one: int, other: int, reason: str, *, forced: bool = False) -> None:
        """
        Join the clusters of two claims.

        Parameters
        ----------
        one, other
            Their numbers.
        reason
            Why, in words.
        forced
            Whether a reader joined them: then what they agree on is what the first says.
        """
        a, b = self._root(one), self._root(other)
        if a == b:
            return
        if self._rank[other] < self._rank[one]:
            one, other = other, one
        self.reasons.setdefault(other, reason)
        self.reasons.setdefault(one, reason)
        self._parent[b] = a
        if not forced:
            self._first[a] = max(self._first[a], self._first[b])
            self._last[a] = min(self._last[a], self._last[b])
        for side in (self._attacker, self._actor, self._target):
            if side[a] == UNKNOWN:
                side[a] = side[b]
        told = self._told.setdefault(a, {self._article[a]: (self._place[a], self._types[a])})
        more = self._told.pop(b, None) or {self._article[b]: (self._place[b], self._types[b])}
        for article, what in more.items():
            told.setdefault(article, what)
        self._members.setdefault(a, [a]).extend(self._members.pop(b, [b]))

    def _root(self, claim: int) -> int:
        parent = self._parent
        while parent[claim] != claim:
            parent[claim] = parent[parent[claim]]
            claim = parent[claim]
        return claim

    def _agree(self, a: int, b: int, near: int) -> bool:
        if max(self._first[a], self._first[b]) > min(self._last[a], self._last[b]):
            return False
        sides = (self._attacker,) if self._ground[a] else (self._actor, self._target)
        if any(UNKNOWN not in (s[a], s[b]) and s[a] != s[b] for s in sides):
            return False
        if self._parted and self._is_parted(a, b):
            return False
        return near == SAME or not self._tells_apart(a, b)

    def _is_parted(self, a: int, b: int) -> bool:
        ones, others = (self._members.get(root, [root]) for root in (a, b))
        return any((x, y) in self._parted for x in ones for y in others)

    def _tells_apart(self, a: int, b: int) -> bool:
        """Tell places that one report names side by side for acts of one type: they are two."""
        ones = self._told.get(a) or {self._article[a]: (self._place[a], self._types[a])}
        others = self._told.get(b) or {self._article[b]: (self._place[b], self._types[b])}
        if len(others) < len(ones):
            ones, others = others, ones
        return any(
            article in others and others[article][1] == kind and others[article][0] != place
            for article, (place, kind) in ones.items()
        )


def _reason(near: int, types: list[int], one: int, other: int) -> str:
    words = [_NEARNESS[near], "days overlap"]
    words.append("same act" if types[one] == types[other] else "acts that may be one")
    return ", ".join(words)
