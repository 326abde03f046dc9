"""What is fuzzed: every reader of bytes of others, and what it may do with them.

A reader gives something or raises an error of ours; anything else is a fault. Each target has seeds
from which the fuzzer starts.
"""

import gzip
import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import pandas as pd

from gazetteer import Gazetteer, GazetteerError, load_gazetteer
from gazetteer.importers import SOURCES, import_places
from gazetteer.reader import PLACE_COLUMNS, read_pack
from geocode.article import make_article
from geocode.conflict import load_conflict
from geocode.corrections import COLUMNS, read_corrections
from geocode.errors import GeocodeError
from geocode.exchange.others import DATASETS, read_others
from geocode.fetching import parse_address
from geocode.pipeline import ArticleReader
from geocode.reading import Given, Refused, read_upload
from geocode.reading.published import read_published
from geocode.sources import read_sources

TEXT = "قصفت طائرات مجهولة مدينة سرت فجر السبت 14 ديسمبر 2019، بحسب شهود. GNA forces took Tarhuna."
ROW = {"id": "1", "text": TEXT, "published": "2019-12-14", "outlet": "o", "url": "https://e.org/a"}
PAGE = (
    "<html><head><meta charset='utf-8'><meta property='article:published_time' "
    "content='2019-12-14T10:00:00+02:00'>"
    "<script type='application/ld+json'>{\"@graph\": []}</script>"
    f"</head><body><article><h1>سرت</h1><p>{TEXT}</p><p>{TEXT}</p></article></body></html>"
)
FEED = (
    "<?xml version='1.0'?><rss version='2.0'><channel><title>F</title><item><title>t</title>"
    "<link>https://e.org/a</link><pubDate>Sat, 14 Dec 2019 08:45:00 GMT</pubDate>"
    f"<description>&lt;p&gt;{TEXT}&lt;/p&gt;</description></item></channel></rss>"
)
DATES = ("2019-12-14", "14/12/2019", "15 رجب 1446", "1576310400", "Sat, 14 Dec 2019 08:45:00 +1400")


@dataclass(frozen=True)
class Target:
    """A reader, and files to start from."""

    run: Callable[[bytes], object]
    seeds: tuple[bytes, ...]


def _upload(name: str, data: bytes) -> None:
    refused: list[Refused] = []
    for article in read_upload(name, data, refused=refused):
        article.content_hash.encode()
        article.text.encode("utf-8")


@cache
def _reader() -> ArticleReader:
    return ArticleReader()


@cache
def _scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix="mihwar-fuzz-"))


def _file(data: bytes) -> Path:
    path = _scratch() / "input"
    path.write_bytes(data)
    return path


def _read_text(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    if text.strip():
        _reader().read(make_article(text, published="2019-12-14"))


def _published(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for given in (Given(), Given(date_order="dmy", hijri=True)):
        try:
            iso = read_published(text, given)
        except GeocodeError:
            continue
        if read_published(iso, Given()) != iso:
            msg = f"{iso} is read as another day"
            raise AssertionError(msg)


def _imported(kind: str, data: bytes) -> None:
    import_places(kind, _file(data), Gazetteer([]))


def _others(dataset: str, data: bytes) -> None:
    refused: list[Refused] = []
    read_others(dataset, _file(data), refused=refused)


def _corrections(data: bytes) -> None:
    read_corrections(_file(data), load_gazetteer(), load_conflict())


def _parquet() -> bytes:
    buffer = io.BytesIO()
    pd.DataFrame([ROW]).to_parquet(buffer)
    return buffer.getvalue()


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", TEXT)
        archive.writestr("b.jsonl", json.dumps(ROW))
    return buffer.getvalue()


def _line(row: dict[str, str], mark: str = ",") -> bytes:
    return (mark.join(row) + "\n" + mark.join(f'"{v}"' for v in row.values()) + "\n").encode()


def _others_seed(dataset: str) -> bytes:
    values = dict.fromkeys(DATASETS[dataset].needed, "1")
    return _line(values, "\t" if dataset == "gdelt" else ",")


GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "id": "1", "properties": {"name": "Sirte"},
         "geometry": {"type": "Point", "coordinates": [16.59, 31.21]}},
    ],
}  # fmt: skip
PLACES = {
    "geonames": b"2210554\tSirte\tSirte\t\xd8\xb3\xd8\xb1\xd8\xaa\t31.2\t16.6\tP\tPPLA\tLY"
    + b"\t" * 9,
    "overpass": json.dumps(
        {"elements": [{"type": "node", "id": 1, "lat": 31.2, "lon": 16.6, "tags": {"name": "سرت"}}]}
    ).encode(),
    "whosonfirst": _line(
        {"id": "1", "name": "Sirte", "geom_latitude": "31", "geom_longitude": "16"}
    ),
    "geojson": json.dumps(GEOJSON).encode(),
    "csv": _line({"name_en": "Sirte", "name_ar": "سرت", "lat": "31.2", "lon": "16.6"}),
}
PACK_ROW = dict.fromkeys(PLACE_COLUMNS, "") | {
    "id": "x:1", "kind": "town", "name_en": "Sirte", "name_ar": "سرت", "lat": "31.2", "lon": "16.6",
    "precision_km": "5", "country": "LY", "sources": "x",
}  # fmt: skip
SOURCES_TOML = b'every_minutes = 5\n[[feed]]\nurl = "https://e.org/rss"\noutlet = "o"\n'
TARGETS: dict[str, Target] = {
    "txt": Target(partial(_upload, "a.txt"), (TEXT.encode(), TEXT.encode("cp1256"))),
    "html": Target(partial(_upload, "a.html"), (PAGE.encode(),)),
    "jsonl": Target(partial(_upload, "a.jsonl"), (json.dumps(ROW).encode() + b"\n{}\n",)),
    "json": Target(partial(_upload, "a.json"), (json.dumps([ROW], ensure_ascii=False).encode(),)),
    "csv": Target(partial(_upload, "a.csv"), (_line(ROW), _line(ROW, ";"))),
    "parquet": Target(partial(_upload, "a.parquet"), (_parquet(),)),
    "feed": Target(partial(_upload, "a.xml"), (FEED.encode(),)),
    "zip": Target(partial(_upload, "a.zip"), (_zip(),)),
    "gzip": Target(partial(_upload, "a.jsonl.gz"), (gzip.compress(json.dumps(ROW).encode()),)),
    "text": Target(_read_text, (TEXT.encode(),)),
    "published": Target(_published, tuple(day.encode() for day in DATES)),
    "address": Target(
        lambda d: parse_address(d.decode("utf-8", "replace")), (b"https://e.org/a?b",)
    ),
    "sources": Target(lambda d: read_sources(_file(d)), (SOURCES_TOML,)),
    "corrections": Target(_corrections, (",".join(COLUMNS).encode() + b"\n",)),
    "pack": Target(lambda d: read_pack(_file(d)), (_line(PACK_ROW),)),
    **{f"places-{kind}": Target(partial(_imported, kind), (PLACES[kind],)) for kind in SOURCES},
    **{
        f"others-{name}": Target(partial(_others, name), (_others_seed(name),)) for name in DATASETS
    },
}
EXPECTED = (GeocodeError, GazetteerError)
