"""How far apart places are along the main roads."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gazetteer import Gazetteer
from gazetteer.place import great_circles_km
from gazetteer.shapes import load_roads

Floats = NDArray[np.float64]
# Quarters and camps of one town; two at one point are still two.
_SAME_TOWN_KM, _LEAST_KM = 8.0, 0.1


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

    row = {place_id: at for at, place_id in enumerate(ids)}
    ways: dict[tuple[int, int], float] = {}
    for road in load_roads(gazetteer).roads:
        if road.from_id in row and road.to_id in row:
            ways[row[road.from_id], row[road.to_id]] = road.length_km
    places = [gazetteer.by_id(place_id) for place_id in ids]
    lat, lon = (np.array([getattr(p, name) for p in places]) for name in ("lat", "lon"))
    narrow = np.array([not p.is_wide for p in places])
    for at in range(len(places)):
        apart = great_circles_km(lat[at], lon[at], lat, lon)
        for other in ((apart <= _SAME_TOWN_KM) & narrow & narrow[at]).nonzero()[0].tolist():
            if other > at:
                ways.setdefault((at, other), max(float(apart[other]), _LEAST_KM))
    ends = np.array(list(ways), dtype=np.int64).reshape(-1, 2)
    net = csr_array((list(ways.values()), (ends[:, 0], ends[:, 1])), shape=(len(ids), len(ids)))
    return np.asarray(dijkstra(net, directed=False, limit=limit_km))
