"""One part of a large job: a file of articles read into tables, the same wherever it is run."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gazetteer import load_gazetteer
from geocode.article import Article
from geocode.conflict import load_conflict
from geocode.corrections import read_corrections
from geocode.errors import InputError
from geocode.pipeline import ArticleReader, read_each
from geocode.reading import Given, Refused, article_of_row, article_row, read_articles
from geocode.record import ReadArticle
from geocode.schema import LAYERS, Column

PART_KINDS = (".parquet", ".jsonl", ".ndjson")
# Readers of a folder of Parquet files pass over what begins like this.
DONE = "_done"
_ARTICLES = "articles"
_ROWS = 500
_TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.string(),
    "json": pa.string(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """
    What articles are read by, in words that can be sent to another process.

    Attributes
    ----------
    packs
        Files of places besides the curated ones.
    corrections
        A file of corrections, empty for none.
    given
        What is said of the articles.
    latest
        Days of publication after it are refused, where ``given`` says nothing of that. It is of
        the clock: a part that was done yesterday is not done again for it.
    """

    packs: tuple[str, ...] = ()
    corrections: str = ""
    given: Given = Given()  # noqa: RUF009 (frozen)
    latest: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDone:
    """
    What came of a part.

    Attributes
    ----------
    part
        Its name.
    articles, mentions, events
        How many.
    refused
        How many articles or rows were refused; they stand in the marker with their reasons.
    skipped
        Whether it was there already, from the same file by the same rules.
    fault
        Why nothing came of it; empty where something did.
    """

    part: str
    articles: int = 0
    mentions: int = 0
    events: int = 0
    refused: int = 0
    skipped: bool = False
    fault: str = ""


def run_part(source: str, output: str, rules: Rules) -> PartDone:
    """
    Read one part: the same for a process, a pool, Dask or Spark.

    Its tables go to ``output/articles/NAME.parquet``, ``output/mentions/…``, ``output/events/…``,
    and last its marker to ``output/_done/NAME.json``. Files are put in place whole, so that who is
    killed leaves no half ones; what has its marker, from the same bytes and rules, is passed over.

    Parameters
    ----------
    source
        A Parquet or JSON Lines file of articles.
    output
        The folder of the whole job.
    rules
        What they are read by.

    Returns
    -------
    done
        Counts; the same input gives the same bytes.
    """
    path, folder = Path(source), Path(output)
    reader = _reader(rules)
    key = f"{reader.rules_id}:{_hash_file(path)}:{_hash(rules)}"
    marker = folder / DONE / f"{path.stem}.json"
    if known := _known(marker, key):
        return PartDone(**{**known, "skipped": True})
    refused: list[Refused] = []
    tables: dict[str, list[Mapping[str, Any]]] = {_ARTICLES: [], **{layer: [] for layer in LAYERS}}
    given = replace(rules.given, latest=rules.given.latest or rules.latest)
    for batch in _batches(path, given, refused):
        for read in read_each(batch, reader, refused):
            tables[_ARTICLES].append(_article(read.article, reader))
            for layer in LAYERS:
                tables[layer] += map(_flat, getattr(read, layer))
    # An old marker goes first: who is killed in between leaves no mixture that looks done.
    marker.unlink(missing_ok=True)
    for name, rows in tables.items():
        _replace(folder / name / f"{path.stem}.parquet", _write_table(name, rows))
    done = PartDone(
        part=path.stem,
        articles=len(tables[_ARTICLES]),
        mentions=len(tables["mentions"]),
        events=len(tables["events"]),
        refused=len(refused),
    )
    said = {"key": key, "done": asdict(done), "refused": [asdict(r) for r in refused]}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    _replace(marker, lambda file: file.write_text(text, encoding="utf-8", errors="replace"))
    return done


def finished_parts(output: Path) -> list[str]:
    """
    Give the parts of a job that are done.

    Parameters
    ----------
    output
        The folder of the job.

    Returns
    -------
    parts
        Their names, in order.
    """
    return sorted(path.stem for path in (output / DONE).glob("*.json"))


def load_part(output: Path, part: str) -> tuple[list[ReadArticle], dict[str, str]]:
    """
    Take a finished part out of its files again.

    Parameters
    ----------
    output
        The folder of the job.
    part
        Its name.

    Returns
    -------
    read
        Articles with their rows, lists in them as JSON, as a store takes them.
    rules
        What each was read by, by article id.

    Raises
    ------
    InputError
        If a file is missing, damaged, or made by another version.
    """
    rows = {name: _read_table(output, name, part) for name in (_ARTICLES, *LAYERS)}
    of: dict[str, dict[str, list[Any]]] = {}
    for layer in LAYERS:
        for row in rows[layer]:
            of.setdefault(row["article_id"], {name: [] for name in LAYERS})[layer].append(row)
    empty: dict[str, list[Any]] = {name: [] for name in LAYERS}
    read = []
    for row in rows[_ARTICLES]:
        article = article_of_row(row, Given(), None)
        found = of.get(article.article_id, empty)
        read.append(ReadArticle(article=article, **{k: tuple(v) for k, v in found.items()}))
    return read, {row["id"]: row["rules"] for row in rows[_ARTICLES]}


def refused_of(output: Path, part: str) -> list[Refused]:
    """
    Give what a finished part refused.

    Parameters
    ----------
    output
        The folder of the job.
    part
        Its name.

    Raises
    ------
    InputError
        If its marker is missing or damaged.
    """
    try:
        said = json.loads((output / DONE / f"{part}.json").read_text(encoding="utf-8"))
        return [Refused(**row) for row in said["refused"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"the marker of the part {part} in {output} is damaged; run geocode --parts again"
        raise InputError(msg) from error


def made_from(rules: Rules) -> dict[str, Any]:
    """
    Say what makes the readings, for a store that they are loaded into.

    Parameters
    ----------
    rules
        What they were read by.
    """
    return _reader(rules).made_from()


@lru_cache(maxsize=2)
def _reader(rules: Rules) -> ArticleReader:
    """Make the reader once for each process."""
    gazetteer, conflict = load_gazetteer([Path(p) for p in rules.packs]), load_conflict()
    corrections = (
        read_corrections(Path(rules.corrections), gazetteer, conflict)
        if rules.corrections
        else None
    )
    return ArticleReader(gazetteer, conflict, corrections)


def _batches(path: Path, given: Given, refused: list[Refused]) -> Iterator[list[Article]]:
    once: dict[str, Article] = {}
    for article in read_articles(path, given=given, refused=refused):
        once[article.article_id] = article
    articles = list(once.values())
    for first in range(0, len(articles), _ROWS):
        yield articles[first : first + _ROWS]


def _read_table(output: Path, name: str, part: str) -> list[dict[str, Any]]:
    path = output / name / f"{part}.parquet"
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        msg = f"the part {part} in {output} cannot be read: {str(error).splitlines()[0]}"
        raise InputError(msg) from error
    if not table.schema.equals(_schema(name)):
        msg = f"{path} has other columns than this version writes; run geocode --parts again"
        raise InputError(msg)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _article(article: Article, reader: ArticleReader) -> dict[str, Any]:
    return {**article_row(article), "rules": reader.rules_for(article)}


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
        for name, value in row.items()
    }


def _write_table(name: str, rows: Sequence[Mapping[str, Any]]) -> Callable[[Path], object]:
    schema = _schema(name)
    table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    return lambda path: pq.write_table(table, path, compression="zstd")


@lru_cache(maxsize=8)
def _schema(name: str) -> pa.Schema:
    if name == _ARTICLES:
        names = ("id", "text", "title", "published", "outlet", "url", "lang", "remarks", "rules")
        return pa.schema([(column, pa.string()) for column in names])
    columns: Sequence[Column] = LAYERS[name]
    typed = [(column.name, _TYPES[column.kind]) for column in columns]
    return pa.schema([*typed, ("x", pa.float64()), ("y", pa.float64())])


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    """Put a file in place whole: written under a name of this process, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"_{path.name}.{os.getpid()}")
    try:
        write(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _known(marker: Path, key: str) -> dict[str, Any] | None:
    try:
        said = json.loads(marker.read_text(encoding="utf-8"))
        done: dict[str, Any] = said["done"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return done if said.get("key") == key else None


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _hash(rules: Rules) -> str:
    said = json.dumps(asdict(replace(rules, latest=None)), sort_keys=True, default=str)
    corrections = Path(rules.corrections).read_bytes() if rules.corrections else b""
    return hashlib.blake2b(said.encode() + corrections, digest_size=8).hexdigest()
