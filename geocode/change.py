"""What changed hands between two days, when, and who says so."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from geocode.conflict import Conflict
from geocode.control import Control
from geocode.front import told_change


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    A place that changed hands.

    Attributes
    ----------
    place_id
        The place.
    before, after
        Side that held it on the first day, and on the last.
    day
        Day since 1970 on which the later holder is first likelier than not, and stays so.
    claims
        Ids of the claims within three days of it that tell it.
    outlets
        Who printed them.
    sides
        Of which sides these are outlets.
    """

    place_id: str
    before: str
    after: str
    day: int
    claims: tuple[str, ...]
    outlets: tuple[str, ...]
    sides: tuple[str, ...]


def find_changes(
    control: Control, events: pd.DataFrame, conflict: Conflict, first: int, last: int
) -> list[Change]:
    """
    Find the places that changed hands between two days.

    Parameters
    ----------
    control
        Who holds which place when.
    events
        ``event_id`` and ``outlet`` of the events layer.
    conflict
        The conflict pack: whose outlets.
    first, last
        Days since 1970, the first before the last.

    Returns
    -------
    changes
        By day and place. Places told of themselves only, and held by a side on both days: what is
        contested or unknown on one of them did not change hands for sure.
    """
    outlets = events.set_index("event_id")["outlet"]
    found = list(_changes(control, outlets, conflict, first, last))
    return sorted(found, key=lambda change: (change.day, change.place_id))


def _changes(
    control: Control, outlets: "pd.Series[str]", conflict: Conflict, first: int, last: int
) -> Iterator[Change]:
    for place_id in control.evidence:
        before, after = (control.holder(place_id, day) for day in (first, last))
        if before == after or not {before, after} <= set(control.sides):
            continue
        days = range(first + 1, last + 1)
        day = next(d for d in reversed(days) if control.holder(place_id, d - 1) != after)
        side = control.sides.index(after)
        ids = told_change(control, place_id, day - control.first_day, side)
        printed = outlets.reindex(ids).dropna().unique().tolist()
        sides = {conflict.outlet_side(outlet) for outlet in printed} & set(control.sides)
        yield Change(
            place_id=place_id,
            before=before,
            after=after,
            day=day,
            claims=tuple(ids),
            outlets=tuple(sorted(printed)),
            sides=tuple(sorted(str(side) for side in sides)),
        )
