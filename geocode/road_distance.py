"""How far apart places are along the main roads, and which are neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gazetteer import Gazetteer
from gazetteer.place import great_circles_km
from gazetteer.shapes import load_roads

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Quarters and camps of one town; two at one point are still two.
_SAME_TOWN_KM, _LEAST_KM = 8.0, 0.1
# Villages and camps off the roads are neighbours of those so near that none lies between.
_NEXT_KM = 15.0
_NONE = -9999  # as scipy marks a node that no way leads to


def road_km(ids: Sequence[str], gazetteer: Gazetteer, *, limit_km: float) -> Floats:
    """
    Give the way along roads between places, in km; infinite where there is none or it is long.

    A place off the roads, a quarter or a camp, is joined to all places so near that they are one
    town; nothing is joined across the desert.

    Parameters
    ----------
    ids
        Place ids.
    gazetteer
        For where they are, and the roads.
    limit_km
        The longest way that is looked for.

    Returns
    -------
    apart_km
        A row and a column for each place.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    ways = _road_ways(ids, gazetteer)
    apart, narrow = _apart_km(ids, gazetteer)
    _join(ways, apart, np.triu(apart <= _SAME_TOWN_KM, 1) & narrow)
    ends = np.array(list(ways), dtype=np.int64).reshape(-1, 2)
    net = csr_array((list(ways.values()), (ends[:, 0], ends[:, 1])), shape=(len(ids), len(ids)))
    return np.asarray(dijkstra(net, directed=False, limit=limit_km))


@dataclass(frozen=True)
class Net:
    """
    Which places are neighbours, and how far apart.

    Attributes
    ----------
    ends
        Pairs of rows, one of each pair before the other.
    km
        The way between them.
    count
        How many places there are.
    """

    ends: Ints
    km: Floats
    count: int

    def ways(self, sources: Ints, *, blocked: Ints, limit_km: float) -> tuple[Floats, Ints]:
        """
        Find the ways from some places to all others that pass through no blocked place.

        Parameters
        ----------
        sources
            Rows of places.
        blocked
            Rows at which ways may begin and end, but which none passes.
        limit_km
            The longest way that is looked for.

        Returns
        -------
        km, before
            For each source a row: the length of the way to each place, infinite where there is
            none, and, for `path`, the place before it.
        """
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        # A blocked place is left from a copy of it that nothing leads to.
        leave = np.arange(self.count)
        leave[blocked] += self.count
        one, other = self.ends[:, 0], self.ends[:, 1]
        begins, ends = np.concatenate([leave[one], leave[other]]), np.concatenate([other, one])
        size = 2 * self.count
        net = csr_array((np.concatenate([self.km, self.km]), (begins, ends)), shape=(size, size))
        km, before = dijkstra(net, indices=leave[sources], limit=limit_km, return_predecessors=True)
        return km[:, : self.count], before

    def path(self, before: Ints, source: int, target: int) -> tuple[int, ...]:
        """
        Give a way as rows of places, from end to end.

        Parameters
        ----------
        before
            The row of `ways` for the source.
        source, target
            Rows of places.
        """
        found, at = [target], target
        while at % self.count != source and before[at] != _NONE:
            at = int(before[at])
            found.append(at % self.count)
        return tuple(reversed(found))


def neighbour_net(ids: Sequence[str], gazetteer: Gazetteer) -> Net:
    """
    Join neighbours: by main roads, and where two places near each other have none between them.

    Parameters
    ----------
    ids
        Place ids; regions, seas and other wide places have no neighbours.
    gazetteer
        For where they are, and the roads.

    Returns
    -------
    net
        Off the roads the Gabriel graph (Gabriel and Sokal 1969) of places within 15 km: two are
        neighbours where no third lies in the circle of which they are the ends.
    """
    ways = _road_ways(ids, gazetteer)
    apart, narrow = _apart_km(ids, gazetteer)
    near = np.argwhere(np.triu(apart <= _NEXT_KM, 1) & narrow)
    squared = apart**2
    free = np.zeros_like(narrow)
    for one, other in near.tolist():
        third = squared[one] + squared[other] < squared[one, other]
        third &= narrow[one] & (apart[one] > _LEAST_KM) & (apart[other] > _LEAST_KM)
        free[one, other] = not third.any()
    _join(ways, apart, free)
    ends = np.array(list(ways), dtype=np.int64).reshape(-1, 2)
    return Net(ends=ends, km=np.array(list(ways.values()), dtype=np.float64), count=len(ids))


def _road_ways(ids: Sequence[str], gazetteer: Gazetteer) -> dict[tuple[int, int], float]:
    row = {place_id: at for at, place_id in enumerate(ids)}
    ways: dict[tuple[int, int], float] = {}
    for road in load_roads(gazetteer).roads:
        if road.from_id in row and road.to_id in row:
            ends = row[road.from_id], row[road.to_id]
            ways[min(ends), max(ends)] = road.length_km
    return ways


def _apart_km(ids: Sequence[str], gazetteer: Gazetteer) -> tuple[Floats, NDArray[np.bool_]]:
    """Give the distance between places, and whether both are no wide ones."""
    places = [gazetteer.by_id(place_id) for place_id in ids]
    lat, lon = (np.array([getattr(p, name) for p in places]) for name in ("lat", "lon"))
    narrow = np.array([not p.is_wide for p in places], dtype=np.bool_)
    apart = great_circles_km(lat[:, None], lon[:, None], lat[None, :], lon[None, :])
    return apart, narrow[:, None] & narrow[None, :]


def _join(ways: dict[tuple[int, int], float], apart: Floats, wanted: NDArray[np.bool_]) -> None:
    for one, other in np.argwhere(wanted).tolist():
        ways.setdefault((one, other), max(float(apart[one, other]), _LEAST_KM))
