"""The commands ``mihwar control`` and ``mihwar compare``: who holds what, and what changed."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from gazetteer import Gazetteer, load_gazetteer, user_packs
from gazetteer.terminal import say, say_json
from geocode.change import find_changes
from geocode.conflict import load_conflict
from geocode.control import control_until
from geocode.options import Day, store_option
from geocode.store import default_store_url
from geocode.weight import known_by, two_sides, weigh_claims

if TYPE_CHECKING:
    from geocode.change import Change
    from geocode.control import Control
    from geocode.store import Store

_EPOCH = date(1970, 1, 1)
# So many claims are named beside a holder, the latest.
_SHOWN = 5
_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command(name="control")
@store_option
@click.option("--on", "on", type=Day(), help="The day; else the last one told of.")
@click.option("--as-known", is_flag=True, help="From what was published by that day only.")
@_json_option
def control_command(
    store_url: str | None, on: date | None, *, as_known: bool, as_json: bool
) -> None:
    """
    Say who holds which place on a day, how sure that is, and what it rests on.

    A claim of a side counts less than what its rival admits; old evidence fades, and then the
    neighbours along the road tell, to 80 % at most. How often it was right stands in
    benchmarks/README.md.
    """
    gazetteer = load_gazetteer(user_packs())
    with _store(store_url) as store:
        control = _control(store, gazetteer, on, as_known=as_known)
    number = (on - _EPOCH).days if on else control.last_day
    rows = _holders(control, gazetteer, number)
    if as_json:
        say_json({"day": _iso(number), "places": rows}, indent=2)
        return
    if not rows:
        say("No claim in this store tells who holds a place.")
        return
    if not any(row["claims"] for row in rows):
        say(f"Nothing is told of {_iso(number)} or before: what follows was told later.")
    say(f"{_iso(number)}: {_some(len(rows), 'place')} of which something is told")
    for row in rows:
        sure = f"{row['probability']:.0%}" if row["side"] in control.sides else ""
        say(f"{row['side']:<10} {sure:>4}  {row['place']:<32} {_told(row)}")


@click.command(name="compare")
@store_option
@click.option("--from", "first", type=Day(), required=True, help="One day.")
@click.option("--to", "last", type=Day(), required=True, help="The other.")
@_json_option
def compare_command(store_url: str | None, first: date, last: date, *, as_json: bool) -> None:
    """Say which places changed hands between two days, when, and who says so."""
    if first >= last:
        msg = f"--from {first}: expected a day before --to {last}"
        raise click.UsageError(msg)
    gazetteer = load_gazetteer(user_packs())
    with _store(store_url) as store:
        control = _control(store, gazetteer, last)
        outlets = store.outlets_of_events()
    days = [(day - _EPOCH).days for day in (first, last)]
    changes = find_changes(control, outlets, load_conflict(), *days)
    rows = [_change_row(change, gazetteer) for change in changes]
    if as_json:
        shown = {"from": _iso(days[0]), "to": _iso(days[1]), "changes": rows}
        say_json(shown, indent=2)
        return
    told_rows = [row for row in rows if row["claims"]]
    count = _some(len(told_rows), "place")
    say(f"{count} changed hands from {_iso(days[0])} to {_iso(days[1])}")
    for row in told_rows:
        told = f"{_some(row['claims'], 'claim')}, {_some(row['outlets'], 'outlet')}"
        hands = f"{row['before']} → {row['after']}, {row['day']}"
        say(f"{row['place']}: {hands}, {told}, {row['told_by']}")
    if len(told_rows) < len(rows):
        say("No claim tells that these did; it is concluded from their neighbours:")
    for row in rows:
        if not row["claims"]:
            say(f"{row['place']}: {row['before']} → {row['after']}, {row['day']}")


def _store(store_url: str | None) -> "Store":
    from geocode.store import open_store

    return open_store(store_url or default_store_url(), read_only=True)


def _control(
    store: "Store", gazetteer: Gazetteer, until: date | None, *, as_known: bool = False
) -> "Control":
    conflict = load_conflict()
    last_day = store.last_day()
    if as_known and until:
        known = known_by(store.claims_at(None), until.isoformat())
        weights, last_day = weigh_claims(known, conflict), until
        weights = weights[weights["day"] <= (until - _EPOCH).days]
    else:
        weights = store.weighed()
    last_day = max((day for day in (last_day, until) if day), default=None)
    return control_until(weights, two_sides(conflict), gazetteer, last_day)


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
                "claims": sum(len(ids) for told, ids, _ in evidence if told <= day),
                "claims_later": sum(len(ids) for told, ids, _ in evidence if told > day),
                "evidence_days": day - max(before) if before else None,
                "evidence": [event_id for _, ids, _ in latest for event_id in ids],
            }
        )
    return sorted(found, key=_surest_first)


def _told(row: dict[str, Any]) -> str:
    """Say how many claims tell of a place, and when: "6 claims, the last 3 days before"."""
    count, days, later = _some(row["claims"], "claim"), row["evidence_days"], row["claims_later"]
    if days is None:
        return f"{count}, {_some(later, 'claim')} later"
    age = f"the last {_some(days, 'day')} before" if days else "the last that day"
    return f"{count}, {age}"


def _surest_first(row: dict[str, Any]) -> tuple[str, float, str]:
    return str(row["side"]), -row["probability"], str(row["place_id"])


def _change_row(change: "Change", gazetteer: Gazetteer) -> dict[str, Any]:
    told_by = _TOLD_BY.get(len(change.sides)) or f"{change.sides[0]} outlets only"
    if not change.claims:
        told_by = "no claim"
    return {
        "place_id": change.place_id,
        "place": gazetteer.by_id(change.place_id).name_en,
        "before": change.before,
        "after": change.after,
        "day": _iso(change.day),
        "claims": len(change.claims),
        "outlets": len(change.outlets),
        "told_by": told_by,
        "evidence": list(change.claims),
    }


_TOLD_BY = {0: "no side's outlet", 2: "both sides"}


def _some(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _iso(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).isoformat()
