"""The commands ``mihwar gazetteer …``."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import click

from gazetteer.catalogue import Gazetteer
from gazetteer.errors import GazetteerError
from gazetteer.importers import MERGE_KM, SOURCES, import_places, write_pack
from gazetteer.place import KINDS, Place
from gazetteer.reader import load_gazetteer, read_pack, user_pack, user_packs
from gazetteer.terminal import say, say_json

# Of a long list, the most lines that are shown.
_SHOWN = 10
PACK_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(name="gazetteer")
def gazetteer_commands() -> None:
    """Look places up; add, import and check tables of places."""


@gazetteer_commands.command()
@click.argument("name")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
@click.option("--json", "as_json", is_flag=True, help="One JSON line a place.")
def search(name: str, limit: int, as_json: bool) -> None:  # noqa: FBT001 (click hands flags in)
    """Find places by NAME, in any spelling of Arabic, English or French."""
    ranked = load_gazetteer(user_packs()).search(name, limit=limit)
    for result in ranked:
        if as_json:
            say(json.dumps({"score": result.score, **_record(result.place)}, ensure_ascii=False))
        else:
            say(f"{result.score:5.1f}  {_line(result.place)}")
    if not ranked:
        say(f"No place is called {name!r} or nearly so.", err=True)
        raise SystemExit(2)


@gazetteer_commands.command()
@click.argument("place_id")
def show(place_id: str) -> None:
    """Print all that is known about the place with this id, as JSON."""
    gazetteer = load_gazetteer(user_packs())
    place = gazetteer.by_id(place_id)
    record = _record(place)
    record["same_name"] = sorted(_namesakes(place, gazetteer))
    record["near"] = [
        f"{other.place_id} {km:.1f} km"
        for other, km in gazetteer.near(place.lat, place.lon, limit=6)
        if other != place
    ]
    say_json(record, indent=2)


@gazetteer_commands.command()
@click.argument("packs", nargs=-1, type=PACK_FILE)
def check(packs: tuple[Path, ...]) -> None:
    """
    Look over the curated tables, or PACKS of your own.

    Faults (a bad number, an id used twice) end it; findings to look at again are listed: places
    told twice, swapped coordinates, points in the sea or abroad, names that are common words and
    have no clue, spellings that are never found.
    """
    # Outlines need shapely, which no other command has to wait for.
    from gazetteer.check import check_places

    gazetteer = load_gazetteer(packs)
    places = [p for pack in packs for p in read_pack(pack)] if packs else list(gazetteer)
    findings = check_places(places, gazetteer)
    for finding in findings:
        say(finding)
    say(f"{len(places)} places, {len(findings)} to look at again.")
    if findings:
        raise SystemExit(1)


@gazetteer_commands.command()
@click.option("--id", "place_id", required=True, help="For example my:karama-camp.")
@click.option("--kind", required=True, type=click.Choice(sorted(KINDS)))
@click.option("--en", "name_en", required=True, help="Its usual name in English.")
@click.option("--ar", "name_ar", required=True, help="Its usual name in Arabic.")
@click.option("--fr", "name_fr", default="", help="Its usual name in French.")
@click.option("--variant", "variants", multiple=True, help="Another spelling; may be repeated.")
@click.option("--lat", required=True, type=float)
@click.option("--lon", required=True, type=float)
@click.option("--precision-km", default=5.0, show_default=True, type=float)
@click.option("--fame", default=1, show_default=True, type=click.IntRange(0, 5))
@click.option("--country", default="LY", show_default=True)
@click.option("--source", required=True, help="Where the position comes from.")
@click.option("--note", default="")
@click.option("--pack", type=click.Path(dir_okay=False, path_type=Path), help="Default: your own.")
def add(pack: Path | None, source: str, **values: Any) -> None:  # noqa: ANN401 (the options)
    """Add a place to a pack of your own, which commands then read unless MIHWAR_PACKS is set."""
    plain: dict[str, Any] = {
        k: " ".join(v.split()) if isinstance(v, str) else v for k, v in values.items()
    }
    variants = tuple(" ".join(name.split()) for name in values["variants"])
    place = Place(**{**plain, "variants": variants}, sources=(" ".join(source.split()),))
    path = pack or user_pack()
    places = read_pack(path) if path.exists() else []
    if any(known.place_id == place.place_id for known in places):
        msg = f"{path} has a place {place.place_id!r} already"
        raise GazetteerError(msg)
    write_pack([*places, place], path)
    say(f"{_line(place)} added to {path}")


@gazetteer_commands.command(name="import")
@click.argument("kind", type=click.Choice(list(SOURCES)))
@click.argument("file", type=PACK_FILE)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--country", default="", help="ISO code for rows that do not tell theirs.")
@click.option("--merge-km", default=MERGE_KM, show_default=True, type=click.FloatRange(0, 100))
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--conflicts", "listed", is_flag=True, help="List all conflicts.")
def import_command(
    kind: str,
    file: Path,
    output: Path,
    country: str,
    merge_km: float,
    force: bool,  # noqa: FBT001 (click hands flags in)
    listed: bool,  # noqa: FBT001
) -> None:
    """
    Make a pack of a big FILE of places.

    KIND is geonames (a country dump), overpass (JSON), whosonfirst (CSV), geojson (points) or csv
    (columns name, name_ar, lat, lon …). Places the gazetteer has are left out. Read the pack with
    MIHWAR_PACKS=FILE.
    """
    if output.exists() and not force:
        msg = f"{output} is there already; --force writes over it"
        raise GazetteerError(msg)
    known = load_gazetteer([pack for pack in user_packs() if pack != output])
    found = import_places(kind, file, known, country=country, merge_km=merge_km)
    if found.places or found.known:
        write_pack(found.places, output)
    say(
        f"{len(found.places)} places in {output}; {found.known} known, {found.merged} merged, "
        f"{len(found.conflicts)} conflicts, {len(found.refused)} refused"
    )
    for line in found.refused[:_SHOWN]:
        say(f"refused: {line}", err=True)
    for conflict in found.conflicts if listed else found.conflicts[:_SHOWN]:
        say(f"conflict: {conflict}", err=True)
    hidden = len(found.refused) - _SHOWN
    if hidden > 0:
        say(f"refused: {hidden} more", err=True)
    if not found.places and not found.known:
        raise SystemExit(2)
    if found.refused:
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
