"""Importers: big public files of places made into a pack of one's own."""

import contextlib
import csv
import io
import json
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gazetteer.catalogue import Gazetteer
from gazetteer.cells import csv_text
from gazetteer.errors import GazetteerError, PackError, PlaceError
from gazetteer.names import fold_name, is_arabic
from gazetteer.place import KINDS, Place, distance_km
from gazetteer.reader import PLACE_COLUMNS, read_pack
from gazetteer.shapes import position_doubt

# Two rows with a name in common are one place within the first distance; up to the second they
# are reported, since one of the sources may be wrong; beyond it they are namesakes.
MERGE_KM = 5.0
CONFLICT_KM = 50.0
_PRECISION_KM = {"city": 8.0, "town": 5.0, "quarter": 3.0, "airport": 3.0, "airbase": 3.0}
_DEFAULT_PRECISION_KM = 5.0
# The columns of a GeoNames country dump (readme.txt of download.geonames.org/export/dump).
_GEONAMES = (
    "geonameid", "name", "asciiname", "alternatenames", "lat", "lon", "class", "code", "country",
    "cc2", "admin1", "admin2", "admin3", "admin4", "population", "elevation", "dem", "zone",
    "changed",
)  # fmt: skip
_GEONAMES_KINDS = {
    "PPLC": "city", "PPLA": "city", "PPLX": "quarter", "AIRP": "airport", "AIRF": "airport",
    "AIRB": "airbase", "MILB": "camp", "OILF": "oilfield", "PRT": "port", "HBR": "port",
    "WAD": "valley", "VAL": "valley", "RGN": "region", "ADM1": "region", "HSP": "building",
}  # fmt: skip
_PLACE_KINDS = {
    "city": "city", "town": "town", "village": "town", "hamlet": "town", "locality": "town",
    "suburb": "quarter", "neighbourhood": "quarter", "quarter": "quarter", "region": "region",
    "aerodrome": "airport", "airfield": "airbase", "barracks": "camp", "base": "camp",
    "military": "camp", "county": "region", "airport": "airport",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two places of one name that lie too far apart to be one, and too near to be namesakes."""

    kept: str
    other: str
    name: str
    distance_km: float

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.name}: {self.kept} and {self.other} are {self.distance_km:.1f} km apart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """
    What an import brought.

    Attributes
    ----------
    places
        New places, in the order of the file.
    known
        How many rows are places the gazetteer has.
    merged
        How many rows were joined to another of the file.
    conflicts
        Places that may be one.
    refused
        Rows that could not be read, with their reasons.
    """

    places: tuple[Place, ...]
    known: int
    merged: int
    conflicts: tuple[Conflict, ...]
    refused: tuple[str, ...]


def import_places(
    kind: str,
    path: Path,
    gazetteer: Gazetteer,
    *,
    country: str = "",
    merge_km: float = MERGE_KM,
) -> Imported:
    """
    Read a file of places and compare it with what is known.

    Parameters
    ----------
    kind
        One of `SOURCES`.
    path
        The file.
    gazetteer
        What is known already.
    country
        ISO code for rows that do not tell theirs.
    merge_km
        Within this distance two rows with a name in common are one place.

    Returns
    -------
    imported
        Places with their provenance in ``sources``; a row without an Arabic or a Latin name is
        kept under the name it has, which its note says.

    Raises
    ------
    PackError
        If the file cannot be read at all.
    """
    if kind not in SOURCES:
        msg = f"There is no importer {kind!r}; expected one of {', '.join(SOURCES)}."
        raise PackError(msg)
    places: list[Place] = []
    refused: list[str] = []
    for number, row in enumerate(_rows(kind, path), start=1):
        try:
            places.append(_place(SOURCES[kind][1](row), country))
        except PlaceError as error:
            refused.append(f"{path.name}, record {number}: {error}")
        except (LookupError, ValueError, TypeError, AttributeError, OverflowError) as error:
            refused.append(f"{path.name}, record {number}: no {kind} record ({error!r})")
    return _compared(places, refused, gazetteer, merge_km)


def write_pack(places: Sequence[Place], path: Path) -> None:
    """
    Write places as a pack.

    Parameters
    ----------
    places
        The places.
    path
        The CSV file; an old one is replaced.

    Raises
    ------
    PackError
        If it cannot be written.
    """
    text = csv_text(PLACE_COLUMNS, map(_pack_row, places), header=True)
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(text.encode())
        read_pack(part)  # what could not be read again never takes the place of what can
        os.replace(part, path)  # noqa: PTH105 (the atomic call itself)
    except (OSError, UnicodeError, GazetteerError) as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        msg = f"{path} cannot be written: {getattr(error, 'strerror', None) or error}"
        raise PackError(msg) from error


def _pack_row(place: Place) -> dict[str, str]:
    arabic = [name for name in place.variants if is_arabic(name)]
    latin = [name for name in place.variants if not is_arabic(name)]
    return {
        "id": place.place_id,
        "kind": place.kind,
        "name_en": place.name_en,
        "name_ar": place.name_ar,
        "name_fr": place.name_fr,
        "variants_ar": "|".join(arabic),
        "variants_latin": "|".join(latin),
        "lat": f"{place.lat:.5f}",
        "lon": f"{place.lon:.5f}",
        "precision_km": f"{place.precision_km:g}",
        "fame": str(place.fame),
        "admin": place.admin,
        "country": place.country,
        "sources": "|".join(place.sources),
        "note": place.note,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """A row of any source, brought to one shape."""

    place_id: str
    kind: str
    names: tuple[str, ...]
    lat: float
    lon: float
    source: str
    country: str = ""


def _place(record: _Record, country: str) -> Place:
    arabic = [name for name in record.names if is_arabic(name)]
    latin = [name for name in record.names if _is_latin(name)]
    if not arabic and not latin:
        msg = f"no name in Arabic or Latin letters, found {record.names!r}"
        raise PlaceError(msg)
    country = record.country or country
    if doubt := position_doubt(record.lat, record.lon, country):
        raise PlaceError(doubt)
    lacking = "" if arabic and latin else "no Arabic name" if latin else "no Latin name"
    name_en, name_ar = (latin or arabic)[0], (arabic or latin)[0]
    kind = record.kind if record.kind in KINDS else "other"
    return Place(
        place_id=record.place_id,
        kind=kind,
        name_en=name_en,
        name_ar=name_ar,
        variants=tuple(
            name for name in dict.fromkeys((*arabic, *latin)) if name not in (name_en, name_ar)
        ),
        lat=record.lat,
        lon=record.lon,
        precision_km=_PRECISION_KM.get(kind, _DEFAULT_PRECISION_KM),
        fame=0,
        country=country,
        sources=(record.source,),
        note=f"{lacking} in the source" if lacking else "",
    )


def _is_latin(name: str) -> bool:
    return any("a" <= char.lower() <= "z" for char in name) and not is_arabic(name)


def _compared(
    places: Iterable[Place], refused: list[str], gazetteer: Gazetteer, merge_km: float
) -> Imported:
    kept: dict[str, Place] = {}
    by_name: dict[str, list[str]] = defaultdict(list)
    conflicts: dict[tuple[str, str], Conflict] = {}
    known = merged = 0
    for place in places:
        if place.place_id in kept:
            refused.append(f"id {place.place_id!r} stands more than once; the first was kept")
            continue
        keys = {fold_name(name) for name in place.names} - {""}
        namesakes = [p for key in keys for p in gazetteer.by_name(key)]
        own = [kept[place_id] for key in keys for place_id in by_name[key]]
        if _nearest(place, namesakes) <= merge_km:
            known += 1
            continue
        twin = min(own, key=lambda other: distance_km(place, other), default=None)
        if twin is not None and distance_km(place, twin) <= merge_km:
            kept[twin.place_id] = _joined(kept[twin.place_id], place)
            merged += 1
            place_id = twin.place_id
        else:
            kept[place.place_id] = place
            place_id = place.place_id
            for other in (*namesakes, *own):
                found = _conflict(place, other)
                if found is not None:
                    conflicts.setdefault((found.kept, found.other), found)
        for key in keys:
            by_name[key].append(place_id)
    return Imported(
        places=tuple(kept.values()),
        known=known,
        merged=merged,
        conflicts=tuple(conflicts.values()),
        refused=tuple(refused),
    )


def _nearest(place: Place, others: Iterable[Place]) -> float:
    return min((distance_km(place, o) for o in others if not o.is_wide), default=float("inf"))


def _joined(one: Place, other: Place) -> Place:
    """Keep the first position, with the names and the provenance of both."""
    variants = tuple(
        name for name in dict.fromkeys((*one.variants, *other.names))
        if name not in (one.name_en, one.name_ar)
    )  # fmt: skip
    return replace(
        one, variants=variants, sources=tuple(dict.fromkeys((*one.sources, *other.sources)))
    )


def _conflict(place: Place, other: Place) -> Conflict | None:
    apart_km = distance_km(place, other)
    if apart_km > CONFLICT_KM or other.is_wide or place.is_wide:
        return None
    return Conflict(
        kept=other.place_id, other=place.place_id, name=place.name_ar, distance_km=apart_km
    )


def _rows(kind: str, path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        yield from SOURCES[kind][0](text)
    except (OSError, ValueError, RecursionError, csv.Error) as error:
        msg = f"{path.name} cannot be read as {kind}: {error}"
        raise PackError(msg) from error
    except (KeyError, TypeError) as error:
        msg = f"{path.name} is no {kind} file: {error!r} is missing or of another type"
        raise PackError(msg) from error


def _tab_rows(text: str) -> Iterator[Mapping[str, Any]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    for row in reader:
        yield dict(zip(_GEONAMES, row, strict=False))


def _csv_rows(text: str) -> Iterator[Mapping[str, Any]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    names = next(reader, [])
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        msg = f"the columns {', '.join(doubled)} stand twice"
        raise ValueError(msg)
    for row in reader:
        # A row that does not fit has no value in any column: it is refused as a record.
        yield dict(zip(names, row, strict=True)) if len(row) == len(names) else {}


def _overpass_rows(text: str) -> Iterator[Mapping[str, Any]]:
    yield from json.loads(text)["elements"]


def _geojson_rows(text: str) -> Iterator[Mapping[str, Any]]:
    yield from json.loads(text)["features"]


def _from_geonames(row: Mapping[str, Any]) -> _Record:
    kind = _GEONAMES_KINDS.get(row["code"]) or ("town" if row["class"] == "P" else "other")
    names = (row["name"], row["asciiname"], *row["alternatenames"].split(","))
    return _Record(
        place_id=f"gn:{row['geonameid']}",
        kind=kind,
        names=_clean(names),
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        source=f"GeoNames:{row['geonameid']}",
        country=row["country"],
    )


def _from_overpass(row: Mapping[str, Any]) -> _Record:
    tags = row["tags"]
    names = [tags.get(key, "") for key in ("name:en", "name", "name:ar", "int_name")]
    names += [name for key in ("alt_name", "old_name") for name in tags.get(key, "").split(";")]
    told = (tags.get(key) for key in ("aeroway", "military", "place"))
    point = row.get("center", row)
    return _Record(
        place_id=f"osm:{row['type'][0]}{row['id']}",
        kind=next((_PLACE_KINDS[kind] for kind in told if kind in _PLACE_KINDS), "other"),
        names=_clean(names),
        lat=float(point["lat"]),
        lon=float(point["lon"]),
        source=f"OSM:{row['id']}",
    )


def _from_whosonfirst(row: Mapping[str, Any]) -> _Record:
    lists = (row.get(key) or "" for key in ("name", "names_en", "names_ar"))
    names = [name for names in lists for name in names.split("|")]
    kinds = {"locality": "town", "neighbourhood": "quarter", "region": "region"}
    told = row.get("id") or f"{row['name']}@{row['lat']},{row['lon']}"
    return _Record(
        place_id="wof:" + re.sub(r"[^\w.@,-]+", "-", told).strip("-"),
        kind=kinds.get(row["placetype"], "other"),
        names=_clean(names),
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        source=f"WOF:{told}",
    )


def _from_geojson(row: Mapping[str, Any]) -> _Record:
    if row["geometry"]["type"] != "Point":
        msg = f"geometry is a {row['geometry']['type']}, expected a Point"
        raise PlaceError(msg)
    lon, lat = row["geometry"]["coordinates"][:2]
    return _from_columns({**row["properties"], "lon": lon, "lat": lat, "id": row.get("id", "")})


def _from_columns(row: Mapping[str, Any]) -> _Record:
    """Read a table of anybody's, by the names its columns usually have."""
    names = [
        str(row.get(key) or "") for key in ("name_en", "name", "name_ar", "name:ar", "name:en")
    ]
    for key in ("names_ar", "alternatenames", "alt_names", "variants"):
        names += re.split(r"[|;]", str(row.get(key) or ""))
    told = next(
        (str(row[k]) for k in ("id", "geonameid", "pcode", "osm_node_id") if row.get(k)), ""
    )
    lat, lon = _coordinate(row, "lat", "latitude"), _coordinate(row, "lon", "lng", "longitude")
    kind = str(row.get("kind") or row.get("place") or row.get("type") or "town")
    plain = told or f"{fold_name(_clean(names)[0] if _clean(names) else '')}-{lat:.3f}-{lon:.3f}"
    return _Record(
        place_id="own:" + re.sub(r"[^\w.-]+", "-", plain).strip("-"),
        kind=_PLACE_KINDS.get(kind, kind),
        names=_clean(names),
        lat=lat,
        lon=lon,
        source=" ".join(
            str(row.get("source") or row.get("sources") or f"own file:{told or 'row'}").split()
        ),
        country=" ".join(str(row.get("country") or "").split()),
    )


def _coordinate(row: Mapping[str, Any], *names: str) -> float:
    for name in names:
        if row.get(name) not in (None, ""):
            return float(row[name])
    msg = f"no column {' or '.join(names)}"
    raise PlaceError(msg)


def _clean(names: Iterable[str]) -> tuple[str, ...]:
    """Give names once each; a bar would part them in a pack, a line break would part the row."""
    plain = (" ".join(name.replace("|", " ").split()) for name in names)
    return tuple(dict.fromkeys(name for name in plain if name))


Rows = Callable[[str], Iterator[Mapping[str, Any]]]
SOURCES: Mapping[str, tuple[Rows, Callable[[Mapping[str, Any]], _Record]]] = {
    "geonames": (_tab_rows, _from_geonames),
    "overpass": (_overpass_rows, _from_overpass),
    "whosonfirst": (_csv_rows, _from_whosonfirst),
    "geojson": (_geojson_rows, _from_geojson),
    "csv": (_csv_rows, _from_columns),
}
