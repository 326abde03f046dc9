"""Read packs: tables of places, head nouns and clues, with errors that name file and line."""

import csv
import hashlib
import io
import os
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar, cast

import platformdirs

from gazetteer.catalogue import Gazetteer
from gazetteer.cells import plain_cell
from gazetteer.clue import NEEDS, Clue, Head, Position
from gazetteer.errors import PackError, PlaceError
from gazetteer.place import KINDS, Place

PLACE_COLUMNS = (
    "id",
    "kind",
    "name_en",
    "name_ar",
    "name_fr",
    "variants_ar",
    "variants_latin",
    "lat",
    "lon",
    "precision_km",
    "fame",
    "admin",
    "country",
    "sources",
    "note",
)
HEAD_COLUMNS = ("kind", "lang", "words", "plurals", "position", "in_name")
CLUE_COLUMNS = ("name", "need", "reject_before", "reject_after", "note")
CURATED_PACKS = ("libya.csv", "world.csv")

Record = TypeVar("Record")


def read_pack(path: Path | Traversable) -> list[Place]:
    """
    Read a table of places.

    Parameters
    ----------
    path
        A CSV file in UTF-8 with `PLACE_COLUMNS`; lists inside a cell are parted by ``|``.

    Returns
    -------
    places
        In the order of the file; empty for a table with no rows.

    Raises
    ------
    PackError
        If any row is wrong; the message lists every fault with its line.
    """
    places = read_table(path, PLACE_COLUMNS, _place)
    seen: dict[str, int] = {}
    faults = []
    for number, place in enumerate(places, start=2):
        if place.place_id in seen:
            first = seen[place.place_id]
            faults.append(f"{path.name}:{number}: id {place.place_id!r} stands in row {first} too")
        seen.setdefault(place.place_id, number)
    _raise_faults(faults)
    return places


def read_heads(path: Path | Traversable) -> list[Head]:
    """
    Read the table of head nouns.

    Parameters
    ----------
    path
        A CSV file in UTF-8 with `HEAD_COLUMNS`.

    Raises
    ------
    PackError
        If any row is wrong.
    """
    return read_table(path, HEAD_COLUMNS, _head)


def read_clues(path: Path | Traversable) -> list[Clue]:
    """
    Read the table of names that are also words.

    Parameters
    ----------
    path
        A CSV file in UTF-8 with `CLUE_COLUMNS`.

    Raises
    ------
    PackError
        If any row is wrong.
    """
    return read_table(path, CLUE_COLUMNS, _clue)


def user_packs() -> list[Path]:
    """
    Give the packs of whoever is working here.

    Returns
    -------
    packs
        The files named in ``MIHWAR_PACKS`` (parted as in ``PATH``), else ``places.csv`` in the
        user's data folder if there is one.
    """
    named = os.environ.get("MIHWAR_PACKS")
    if named is not None:
        return [Path(name) for name in named.split(os.pathsep) if name]
    return [path for path in (user_pack(),) if path.exists()]


def user_pack() -> Path:
    """Give the file of a user's own places, whether or not it exists."""
    return Path(platformdirs.user_data_dir("mihwar")) / "places.csv"


def load_gazetteer(packs: Sequence[Path] = ()) -> Gazetteer:
    """
    Load the curated packs, and a user's own ones after them.

    Parameters
    ----------
    packs
        Tables of places to add; a place with the id of a curated one takes its seat.

    Returns
    -------
    gazetteer
        All places with the head nouns and clues of the package.

    Raises
    ------
    PackError
        If a table is wrong or cannot be read.

    Examples
    --------
    >>> load_gazetteer().by_name("Syrte")[0].name_ar
    'سرت'
    """
    return _load(tuple(packs))


@lru_cache(maxsize=4)
def _load(packs: tuple[Path, ...]) -> Gazetteer:
    data = resources.files("gazetteer") / "data"
    files: list[Path | Traversable] = [data / name for name in CURATED_PACKS]
    files.extend(packs)
    places: dict[str, Place] = {}
    for file in files:
        places.update({place.place_id: place for place in read_pack(file)})
    rules = [data / "heads.csv", data / "clues.csv"]
    return Gazetteer(
        places.values(),
        heads=read_heads(rules[0]),
        clues=read_clues(rules[1]),
        fingerprint=_fingerprint([*files, *rules]),
    )


def _fingerprint(files: Sequence[Path | Traversable]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def read_table(
    path: Path | Traversable,
    columns: Sequence[str],
    make: Callable[[dict[str, str]], Record],
) -> list[Record]:
    """
    Read a CSV table into records.

    Parameters
    ----------
    path
        A CSV file in UTF-8.
    columns
        The columns it must have.
    make
        Makes a record of a row, or raises a ValueError that says what is wrong with it.

    Raises
    ------
    PackError
        If the file or any row is wrong; the message lists every fault with its line.
    """
    records, faults = [], []
    for number, row in _rows(path, columns):
        try:
            records.append(make(row))
        except ValueError as error:
            faults.append(f"{path.name}:{number}: {error}")
    _raise_faults(faults)
    return records


def _rows(path: Path | Traversable, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path.name} cannot be read as UTF-8 text: {error}"
        raise PackError(msg) from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="")
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        msg = (
            f"{path.name}:1: columns {', '.join(missing)} are missing; "
            f"found {', '.join(reader.fieldnames or ['nothing'])}"
        )
        raise PackError(msg)
    for row in reader:
        if row.get("") or None in row.values():
            where = f"{path.name}:{reader.line_num}"
            msg = f"{where}: expected {len(columns)} cells; is a comma not quoted?"
            raise PackError(msg)
        yield reader.line_num, {name: plain_cell((row[name] or "").strip()) for name in columns}


def _raise_faults(faults: Sequence[str]) -> None:
    if faults:
        raise PackError("\n".join(faults))


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _number(row: dict[str, str], column: str) -> float:
    try:
        return float(row[column])
    except ValueError:
        msg = f"{column}={row[column]!r}, expected a number"
        raise PlaceError(msg) from None


def _whole(row: dict[str, str], column: str) -> int:
    value = _number(row, column)
    if not value.is_integer():
        msg = f"{column}={row[column]!r}, expected a whole number"
        raise PlaceError(msg)
    return int(value)


def _place(row: dict[str, str]) -> Place:
    return Place(
        place_id=row["id"],
        kind=row["kind"],
        name_en=row["name_en"],
        name_ar=row["name_ar"],
        name_fr=row["name_fr"],
        variants=_parts(row["variants_ar"]) + _parts(row["variants_latin"]),
        lat=_number(row, "lat"),
        lon=_number(row, "lon"),
        precision_km=_number(row, "precision_km"),
        fame=_whole(row, "fame"),
        admin=row["admin"],
        country=row["country"],
        sources=_parts(row["sources"]),
        note=row["note"],
    )


def _head(row: dict[str, str]) -> Head:
    if row["kind"] not in KINDS | {"any"} or row["position"] not in ("before", "after"):
        msg = (
            f"kind={row['kind']!r}, position={row['position']!r}: expected a kind, before or after"
        )
        raise PlaceError(msg)
    return Head(
        kind=row["kind"],
        lang=row["lang"],
        singulars=_parts(row["words"]),
        plurals=_parts(row["plurals"]),
        position=cast("Position", row["position"]),
        in_name=row["in_name"] == "yes",
    )


def _clue(row: dict[str, str]) -> Clue:
    if row["need"] not in NEEDS:
        msg = f"need={row['need']!r}, expected one of {sorted(NEEDS)}"
        raise PlaceError(msg)
    return Clue(
        name=row["name"],
        need=row["need"],
        reject_before=_parts(row["reject_before"]),
        reject_after=_parts(row["reject_after"]),
        note=row["note"],
    )
