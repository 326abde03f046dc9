"""One row an event: what its claims tell together, for tables that know events and no claims."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from geocode.losses import told_losses

# Claims that something happened; what is only planned, or only denied, is no event elsewhere.
_TOLD = ("reported", "claimed")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredEvent:
    """
    An event, told by one or several reports.

    Attributes
    ----------
    event_id
        That of its cluster.
    best
        The claim that tells it best: with a day of its own, then surest, then first.
    claims
        All claims that it happened, as rows of the events layer.
    first_day, last_day
        ISO: the days all claims agree on, else those of the best; empty where none is told.
    killed
        The lowest and the highest number told; None where none is.
    sources
        How many independent reports: copies of one text count once.
    """

    event_id: str
    best: Row
    claims: tuple[Row, ...]
    first_day: str
    last_day: str
    killed: tuple[int, int] | None
    sources: int

    def span_code(self, codes: Mapping[int, int]) -> int | str:
        """
        Say in the code of a table how long the time is in which it happened.

        Parameters
        ----------
        codes
            By the most days each code may stand for, ascending.

        Returns
        -------
        code
            Empty where no day is told, or none stands for so long a time.
        """
        if not self.first_day:
            return ""
        first, last = map(date.fromisoformat, (self.first_day, self.last_day))
        days = (last - first).days + 1
        return next((code for most, code in codes.items() if days <= most), "")

    def joined(self, column: str, mark: str = "; ") -> str:
        """
        Give what the claims say in a column, each once.

        Parameters
        ----------
        column
            Of the events layer.
        mark
            What parts them.
        """
        values = (claim[column] for claim in self.claims)
        return mark.join(dict.fromkeys(v for v in values if isinstance(v, str) and v))

    def side(self, name: str) -> str:
        """
        Give the side that acts or suffers, where claims tell one and no other; else empty.

        Parameters
        ----------
        name
            ``actor_side`` or ``target_side``.
        """
        told = {claim[name] for claim in self.claims if isinstance(claim[name], str)}
        return told.pop() if len(told) == 1 else text_of(self.best[name])


def gather_events(events: pd.DataFrame) -> Iterator[GatheredEvent]:
    """
    Gather the claims of each event.

    Parameters
    ----------
    events
        Rows of the events layer, with ``cluster_id``.

    Yields
    ------
    event
        By day and id. Clusters of which nobody says that it happened are left out.
    """
    told = events[events["status"].isin(_TOLD)].drop(columns="geometry", errors="ignore")
    keys = told["cluster_id"].fillna(told["event_id"])
    found = [_gathered(str(key), group) for key, group in told.groupby(keys)]
    yield from sorted(found, key=lambda event: (event.first_day, event.event_id))


def _gathered(event_id: str, claims: pd.DataFrame) -> GatheredEvent:
    records: Any = claims.to_dict("records")
    ordered: Sequence[Row] = sorted(records, key=_how_well)
    best = ordered[0]
    first, last = _days(ordered)
    killed = [(low, high) for what, low, high in told_losses(claims["losses"]) if what == "killed"]
    groups = claims["copy_group"].where(claims["copy_group"].notna(), claims["article_id"])
    return GatheredEvent(
        event_id=event_id,
        best=best,
        claims=tuple(ordered),
        first_day=first,
        last_day=last,
        killed=killed[0] if killed else None,
        sources=len(set(groups)),
    )


def _how_well(claim: Row) -> tuple[bool, float, str, str]:
    own_day = claim["date_precision"] == "day"
    return (not own_day, -claim["confidence"], text_of(claim["published"]), claim["event_id"])


def _days(claims: Sequence[Row]) -> tuple[str, str]:
    spans = [(c["date_start"], c["date_end"]) for c in claims if isinstance(c["date_start"], str)]
    if not spans:
        return "", ""
    first, last = max(s[0] for s in spans), min(s[1] for s in spans)
    return (first, last) if first <= last else spans[0]


def text_of(value: object) -> str:
    """
    Give a text, empty for none.

    Parameters
    ----------
    value
        A cell.
    """
    return value if isinstance(value, str) else ""


def labels_of(event: GatheredEvent, column: str) -> str:
    """
    Give the labels as printed by the claims, each once.

    Parameters
    ----------
    event
        An event.
    column
        ``actor`` or ``target``.
    """
    return event.joined(column)


def source_chains(event: GatheredEvent) -> str:
    """
    Give who is quoted: speakers and those who passed it on, as printed.

    Parameters
    ----------
    event
        An event.
    """
    told = [text_of(claim["claimed_by"]) for claim in event.claims]
    passed = [link for claim in event.claims for link in json.loads(claim["source_chain"])]
    return "; ".join(dict.fromkeys(name for name in (*told, *passed) if name))
