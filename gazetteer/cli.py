"""The commands ``mihwar gazetteer …``."""

import dataclasses
import json
from pathlib import Path

import click

from gazetteer.catalogue import Gazetteer
from gazetteer.check import check_places
from gazetteer.place import Place
from gazetteer.reader import load_gazetteer, read_pack

PACK_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(name="gazetteer")
def gazetteer_commands() -> None:
    """Look places up and check tables of places."""


@gazetteer_commands.command()
@click.argument("name")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
@click.option("--json", "as_json", is_flag=True, help="One JSON line a place.")
def search(name: str, limit: int, as_json: bool) -> None:  # noqa: FBT001 (click hands flags in)
    """Find places by NAME, in any spelling of Arabic, English or French."""
    ranked = load_gazetteer().search(name, limit=limit)
    for result in ranked:
        if as_json:
            click.echo(
                json.dumps({"score": result.score, **_record(result.place)}, ensure_ascii=False)
            )
        else:
            click.echo(f"{result.score:5.1f}  {_line(result.place)}")
    if not ranked:
        click.echo(f"No place is called {name!r} or nearly so.", err=True)
        raise SystemExit(2)


@gazetteer_commands.command()
@click.argument("place_id")
def show(place_id: str) -> None:
    """Print all that is known about the place with this id, as JSON."""
    gazetteer = load_gazetteer()
    place = gazetteer.by_id(place_id)
    record = _record(place)
    record["same_name"] = sorted(_namesakes(place, gazetteer))
    record["near"] = [
        f"{other.place_id} {km:.1f} km"
        for other, km in gazetteer.near(place.lat, place.lon, limit=6)
        if other != place
    ]
    click.echo(json.dumps(record, ensure_ascii=False, indent=2))


@gazetteer_commands.command()
@click.argument("packs", nargs=-1, type=PACK_FILE)
def check(packs: tuple[Path, ...]) -> None:
    """
    Look over the curated tables, or PACKS of your own.

    Faults (a bad number, an id used twice) end it; findings to look at again are listed.
    """
    gazetteer = load_gazetteer(packs)
    places: list[Place] = [p for pack in packs for p in read_pack(pack)] or list(gazetteer)
    findings = check_places(places, gazetteer)
    for finding in findings:
        click.echo(finding)
    click.echo(f"{len(places)} places, {len(findings)} to look at again.")
    if findings:
        raise SystemExit(1)


def _record(place: Place) -> dict[str, object]:
    return dataclasses.asdict(place)


def _line(place: Place) -> str:
    where = ", ".join(part for part in (place.kind, place.admin, place.country) if part)
    return (
        f"{place.place_id}  {place.name_en} · {place.name_ar}  ({where})  "
        f"{place.lat:.4f}, {place.lon:.4f} ±{place.precision_km:g} km"
    )


def _namesakes(place: Place, gazetteer: Gazetteer) -> set[str]:
    named = {other.place_id for name in place.names for other in gazetteer.by_name(name)}
    return named - {place.place_id}
