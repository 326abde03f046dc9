"""The commands ``mihwar control`` and ``mihwar compare``: who holds what, and what changed."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from gazetteer import Gazetteer, load_gazetteer, user_packs
from geocode.conflict import Conflict, load_conflict
from geocode.store import Selection, default_store_url

if TYPE_CHECKING:
    import pandas as pd

    from geocode.control import Control

_EPOCH = date(1970, 1, 1)
# So many claims are named beside a holder, the latest.
_SHOWN = 5
_store_option = click.option(
    "--store",
    "store_url",
    metavar="URL",
    help="A path or sqlite:///path; else MIHWAR_STORE, else a file in your data folder.",
)
_day = click.DateTime(["%Y-%m-%d"])
_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command(name="control")
@_store_option
@click.option("--on", "on", type=_day, metavar="DATE", help="The day; else the last one told of.")
@click.option("--hindsight/--as-known", default=True, help="With later reports, or without.")
@_json_option
def control_command(
    store_url: str | None, on: datetime | None, *, hindsight: bool, as_json: bool
) -> None:
    """
    Say who holds which place on a day, how sure that is, and what it rests on.

    A claim of a side counts less than what its rival admits; old evidence fades to unknown. How
    often it was right stands in benchmarks/README.md.
    """
    events, conflict, gazetteer = _told(store_url)
    day = on.date() if on else None
    control = _control(events, conflict, gazetteer, day, hindsight=hindsight)
    last = control.first_day + control.odds.shape[1] - 1
    number = (day - _EPOCH).days if day else last
    rows = _holders(control, gazetteer, number)
    if as_json:
        shown = {"day": _iso(number), "places": rows}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    click.echo(f"{_iso(number)}: {len(rows)} places of which something is told")
    for row in rows:
        sure = f"{row['probability']:.0%}" if row["side"] in control.sides else ""
        age = f"{row['evidence_days']} days ago" if row["evidence_days"] is not None else "later"
        told = _some(row["claims"], "claim")
        click.echo(f"{row['side']:<10} {sure:>4}  {row['place']:<32} {told}, {age}")


@click.command(name="compare")
@_store_option
@click.option("--from", "first", type=_day, metavar="DATE", required=True, help="One day.")
@click.option("--to", "last", type=_day, metavar="DATE", required=True, help="The other.")
@_json_option
def compare_command(
    store_url: str | None, first: datetime, last: datetime, *, as_json: bool
) -> None:
    """Say which places changed hands between two days, when, and who says so."""
    if first >= last:
        msg = f"--from {first:%Y-%m-%d}: expected a day before --to {last:%Y-%m-%d}"
        raise click.UsageError(msg)
    events, conflict, gazetteer = _told(store_url)
    control = _control(events, conflict, gazetteer, last.date(), hindsight=True)
    days = [(day.date() - _EPOCH).days for day in (first, last)]
    rows = sorted(_changes(control, events, conflict, gazetteer, *days), key=_by_day)
    if as_json:
        shown = {"from": _iso(days[0]), "to": _iso(days[1]), "changes": rows}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    click.echo(f"{len(rows)} places changed hands from {_iso(days[0])} to {_iso(days[1])}")
    for row in rows:
        claims, outlets = _some(row["claims"], "claim"), _some(row["outlets"], "outlet")
        told = f"{claims}, {outlets}, {row['told_by']}"
        click.echo(f"{row['place']}: {row['before']} → {row['after']}, {row['day']}, {told}")


def _told(store_url: str | None) -> tuple["pd.DataFrame", Conflict, Gazetteer]:
    from geocode.store import open_store

    with open_store(store_url or default_store_url(), read_only=True) as store:
        events = store.layer("events", Selection())
    return events, load_conflict(), load_gazetteer(user_packs())


def _control(
    events: "pd.DataFrame",
    conflict: Conflict,
    gazetteer: Gazetteer,
    until: date | None,
    *,
    hindsight: bool,
) -> "Control":
    from geocode.control import find_control

    last = (until - _EPOCH).days if until else None
    told = [date.fromisoformat(day) for day in events["date_start"].dropna()]
    if last is not None and told:
        last = max(last, (max(told) - _EPOCH).days)
    return find_control(events, conflict, gazetteer, hindsight=hindsight, last_day=last)


def _holders(control: "Control", gazetteer: Gazetteer, day: int) -> list[dict[str, Any]]:
    """Give the places of which something is told, those with the surest holder first."""
    found: list[dict[str, Any]] = []
    for place_id, evidence in control.evidence.items():
        share = control.probability(place_id, day)
        before = [told for told, _, _ in evidence if told <= day]
        latest = sorted(evidence, key=lambda item: abs(item[0] - day))[:_SHOWN]
        place = gazetteer.by_id(place_id)
        found.append(
            {
                "place_id": place_id,
                "place": place.name_en,
                "side": control.holder(place_id, day),
                "probability": round(max(share, 1 - share), 3),
                "claims": sum(len(ids) for _, ids, _ in evidence),
                "evidence_days": day - max(before) if before else None,
                "evidence": [event_id for _, ids, _ in latest for event_id in ids],
            }
        )
    return sorted(found, key=_surest_first)


def _surest_first(row: dict[str, Any]) -> tuple[str, float, str]:
    return str(row["side"]), -row["probability"], str(row["place_id"])


def _changes(
    control: "Control",
    events: "pd.DataFrame",
    conflict: Conflict,
    gazetteer: Gazetteer,
    first: int,
    last: int,
) -> Iterator[dict[str, Any]]:
    by_id = events.set_index("event_id")
    for place_id, evidence in control.evidence.items():
        before, after = (control.holder(place_id, day) for day in (first, last))
        if before == after or not {before, after} <= set(control.sides):
            continue
        days = range(first + 1, last + 1)
        day = next(d for d in reversed(days) if control.holder(place_id, d - 1) != after)
        ids = [e for told, found, _ in evidence if abs(told - day) <= _NEAR_DAYS for e in found]
        told = by_id.loc[ids]
        outlets = told["outlet"].dropna().unique()
        sides = {conflict.outlet_side(outlet) for outlet in outlets} & set(control.sides)
        yield {
            "place_id": place_id,
            "place": gazetteer.by_id(place_id).name_en,
            "before": before,
            "after": after,
            "day": _iso(day),
            "claims": len(ids),
            "outlets": len(outlets),
            "told_by": _TOLD_BY.get(len(sides)) or f"{next(iter(sides))} outlets only",
            "evidence": ids,
        }


_NEAR_DAYS = 3
_TOLD_BY = {0: "no side's outlet", 2: "both sides"}


def _some(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _by_day(row: dict[str, Any]) -> tuple[str, str]:
    return str(row["day"]), str(row["place"])


def _iso(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).isoformat()
