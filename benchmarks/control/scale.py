"""
Measure how long a million event claims take to be clustered, and control and front to be found.

Run as ``python benchmarks/control/scale.py [CLAIMS]``; made-up claims on 600 places and 700 days.
"""

import resource
import sys
import time

import numpy as np
import pandas as pd

from gazetteer import load_gazetteer
from geocode.cluster import cluster_events
from geocode.conflict import load_conflict
from geocode.control import find_control
from geocode.control_layer import control_rows
from geocode.front import front_rows

PLACES, DAYS = 600, 700
_FIRST = np.datetime64("2019-04-04", "D")
_TYPES = ["shelling", "airstrike", "clash", "capture", "advance", "repelled_attack", "withdrawal"]
_SHARES = [0.25, 0.2, 0.3, 0.05, 0.1, 0.07, 0.03]


def main() -> None:
    """Print seconds and memory."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    gazetteer, conflict = load_gazetteer(), load_conflict()
    events = made_up_claims(count)
    start = time.perf_counter()
    found = cluster_events(events, conflict)
    clustered = time.perf_counter() - start
    print(f"{count} claims: {found['cluster_id'].nunique()} clusters in {clustered:.1f} s")
    start = time.perf_counter()
    control = find_control(events.assign(cluster_id=found["cluster_id"]), conflict, gazetteer)
    seconds = time.perf_counter() - start
    print(
        f"control of {len(control.place_ids)} places, {control.odds.shape[1]} days: {seconds:.1f} s"
    )
    start = time.perf_counter()
    rows = sum(1 for _ in control_rows(control, gazetteer))
    print(f"control layer: {rows} rows in {time.perf_counter() - start:.1f} s")
    start = time.perf_counter()
    rows = sum(1 for _ in front_rows(control, gazetteer))
    print(f"front layer: {rows} rows in {time.perf_counter() - start:.1f} s")
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {memory_mb:.0f} MB")


def made_up_claims(count: int) -> pd.DataFrame:
    """
    Make up claims.

    Parameters
    ----------
    count
        How many.
    """
    draw = np.random.default_rng(1)
    places = [p for p in load_gazetteer() if p.country == "LY" and not p.is_wide][:PLACES]
    at = draw.integers(len(places), size=count)
    day = (_FIRST + draw.integers(DAYS, size=count)).astype(str)
    columns = {
        "event_id": [f"e{number:07d}" for number in range(count)],
        "article_id": [f"a{number // 4:07d}" for number in range(count)],
        "copy_group": None,
        "relation": None,
        "type": draw.choice(_TYPES, size=count, p=_SHARES),
        "status": draw.choice(["reported", "claimed", "denied"], size=count, p=[0.6, 0.37, 0.03]),
        "place_id": np.array([p.place_id for p in places])[at],
        "precision_km": np.array([p.precision_km for p in places])[at],
        "x": np.array([p.lon for p in places])[at],
        "y": np.array([p.lat for p in places])[at],
        "date_start": day,
        "date_end": day,
        "date_precision": draw.choice(["day", "report"], size=count),
        "actor": "x",
        "actor_side": draw.choice(["LNA", "GNA"], size=count),
        "claimed_by_side": draw.choice(["LNA", "GNA"], size=count),
        "outlet": "Sample report, neutral",
        "losses": "[]",
        "published": day,
    }
    table = pd.DataFrame(columns)
    other = {"LNA": "GNA", "GNA": "LNA"}
    return table.assign(target_side=table["actor_side"].map(other))


if __name__ == "__main__":
    main()
