"""Inputs: files, folders and standard input, each handed to the reader of its kind."""

import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from geocode.article import Article, hash_text, make_article
from geocode.errors import ArticleError, InputError
from geocode.reading.encoding import decode_bytes
from geocode.reading.table import read_csv, read_json, read_json_lines, read_parquet
from geocode.reading.text import find_byline_date

MAX_FILE_BYTES = 500_000_000
_TABLES: Mapping[str, Callable[[str], Iterator[Any]]] = {
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_csv,
}
_PAGES = (".html", ".htm")
_TEXTS = (".txt", ".text")
_LATER = (".xml", ".rss", ".atom")
KINDS = (*_TEXTS, *_PAGES, *_TABLES, ".parquet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the caller says of articles that do not say it themselves."""

    published: str = ""
    outlet: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """
    An input that was not read.

    Attributes
    ----------
    source
        The file.
    where
        The line or row, empty for the whole file.
    reason
        What is wrong with it.
    """

    source: str
    where: str
    reason: str

    def __str__(self) -> str:
        """Give one line for a terminal."""
        place = f"{self.source}, {self.where}" if self.where else self.source
        return f"{place}: {self.reason}"


_Item = Refused | tuple[str, str, Article]


def read_articles(
    *inputs: str | Path,
    given: Given | None = None,
    refused: list[Refused] | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Article]:
    """
    Read articles.

    Parameters
    ----------
    *inputs
        Files, folders, or ``-`` for JSON Lines on standard input.
    given
        Date, outlet and address of articles that do not tell them.
    refused
        Takes what could not be read, and reading goes on; None to raise at the first.
    stdin
        Where ``-`` reads from; None for standard input.

    Yields
    ------
    article
        In the order of the inputs, the files of a folder by name. The same id with the same text
        comes once; with another text it is refused.

    Raises
    ------
    InputError
        At the first input that cannot be read, where no list for `refused` is handed in.
    """
    seen: dict[str, str] = {}
    for item in _walk(inputs, given or Given(), stdin):
        if isinstance(item, Refused):
            _refuse(item, refused)
            continue
        source, where, article = item
        known = seen.get(article.article_id)
        if known is None:
            seen[article.article_id] = article.text
            yield article
        elif known != article.text:
            reason = f"the id {article.article_id!r} was used before for another text"
            _refuse(Refused(source=source, where=where, reason=reason), refused)


def read_upload(
    name: str, data: bytes, *, given: Given | None = None, refused: list[Refused]
) -> Iterator[Article]:
    """
    Read articles from a file that a viewer handed in; it may name no other files.

    Parameters
    ----------
    name
        What the file is called; its ending tells its kind.
    data
        What is in it.
    given
        Date, outlet and address of articles that do not tell them.
    refused
        Takes what could not be read.

    Yields
    ------
    article
        In the order of the file.
    """
    for item in _uploaded(Path(name), data, given or Given()):
        if isinstance(item, Refused):
            refused.append(item)
        else:
            yield item[2]


def _uploaded(path: Path, data: bytes, given: Given) -> Iterator[_Item]:
    kind = _kind(path)
    if kind not in KINDS:
        known = " ".join(KINDS)
        reason = f"files of the kind {kind or 'without ending'!r} are not read; expected {known}"
        yield Refused(source=path.name, where="", reason=reason)
        return
    try:
        with io.BytesIO(data) as raw:
            unpacked = _limited(gzip.GzipFile(fileobj=raw) if _is_packed(path) else raw)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        yield Refused(source=path.name, where="", reason=_reason(error))
        return
    yield from _read_bytes(path.name, kind, unpacked, given, folder=None)


def _refuse(item: Refused, refused: list[Refused] | None) -> None:
    if refused is None:
        raise InputError(str(item))
    refused.append(item)


def _walk(inputs: Iterable[str | Path], given: Given, stdin: BinaryIO | None) -> Iterator[_Item]:
    for name in inputs:
        if not str(name).strip():
            yield Refused(source=repr(str(name)), where="", reason="it is no name of a file")
        elif str(name) == "-":
            data = (stdin or sys.stdin.buffer).read(MAX_FILE_BYTES + 1)
            yield from _read_bytes("standard input", ".jsonl", data, given, folder=None)
        elif "://" in str(name):
            reason = "addresses are not fetched yet; save the page and name the file"
            yield Refused(source=str(name), where="", reason=reason)
        else:
            yield from _read_path(Path(name), given)


def _read_path(path: Path, given: Given) -> Iterator[_Item]:
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.is_file() and _kind(p) in KINDS)
        if not files:
            reason = f"the folder holds no file of a kind that is read ({' '.join(KINDS)})"
            yield Refused(source=str(path), where="", reason=reason)
        for file in files:
            yield from _read_file(file, given)
        return
    yield from _read_file(path, given)


def _read_file(path: Path, given: Given) -> Iterator[_Item]:
    kind = _kind(path)
    if kind in _LATER:
        yield Refused(source=str(path), where="", reason="feeds are not read yet")
        return
    if kind not in KINDS:
        known = " ".join(KINDS)
        reason = f"files of the kind {kind or 'without ending'!r} are not read; expected {known}"
        yield Refused(source=str(path), where="", reason=reason)
        return
    try:
        data = _load(path)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        yield Refused(source=str(path), where="", reason=_reason(error))
        return
    yield from _read_bytes(str(path), kind, data, given, folder=path.parent)


def _kind(path: Path) -> str:
    name = path.name.lower().removesuffix(".gz")
    return Path(name).suffix


def _load(path: Path) -> bytes:
    opener: Callable[..., Any] = gzip.open if _is_packed(path) else open
    with opener(path, "rb") as file:
        return _limited(file)


def _is_packed(path: Path) -> bool:
    return path.suffix.lower() == ".gz"


def _limited(file: Any) -> bytes:  # noqa: ANN401 (an open file, packed or not)
    data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        msg = f"it is larger than {MAX_FILE_BYTES // 1_000_000} MB; cut it into parts"
        raise InputError(msg)
    return bytes(data)


def _reason(error: BaseException) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    if isinstance(error, PermissionError):
        return "it may not be read (permissions)"
    return str(error)


def _read_bytes(
    source: str, kind: str, data: bytes, given: Given, *, folder: Path | None
) -> Iterator[_Item]:
    try:
        rows = read_parquet(data) if kind == ".parquet" else _rows(kind, decode_bytes(data), given)
        for where, row in rows:
            if isinstance(row, InputError):
                yield Refused(source=source, where=where, reason=str(row))
                continue
            try:
                yield source, where, _article(row, given, folder)
            except (ArticleError, InputError) as error:
                yield Refused(source=source, where=where, reason=str(error))
    except InputError as error:
        yield Refused(source=source, where="", reason=str(error))


def _rows(kind: str, text: str, given: Given) -> Iterator[Any]:
    if kind in _TABLES:
        return _TABLES[kind](text)
    return iter([("", _single(kind, text, given))])


def _single(kind: str, text: str, given: Given) -> Mapping[str, Any]:
    """Give the one article of a text file or a page."""
    if kind in _PAGES:
        # trafilatura takes a fifth of a second to come up; only pages need it.
        from geocode.reading.page import read_page

        page = read_page(text)
        published = "" if given.published else page.published
        return {
            "text": page.text,
            "title": page.title,
            "url": page.url,
            "outlet": page.outlet,
            "published": published,
        }
    found = None if given.published else find_byline_date(text)
    return {"text": text, "published": found.isoformat() if found else ""}


def _article(row: Mapping[str, Any], given: Given, folder: Path | None) -> Article:
    text = row.get("text")
    if text is None and row.get("file"):
        text = _file_text(str(row["file"]), folder)
    if not isinstance(text, str):
        msg = f"there is no 'text'; found {', '.join(map(repr, list(row)[:8])) or 'nothing'}"
        raise InputError(msg)
    return make_article(
        text,
        article_id=_field(row, "id") or hash_text(text),
        title=_field(row, "title"),
        published=_field(row, "published") or given.published,
        outlet=_field(row, "outlet") or given.outlet,
        url=_field(row, "url") or given.url,
        lang=_field(row, "lang"),
    )


def _field(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, str | int | float):
        return str(value)
    return str(value.isoformat()) if hasattr(value, "isoformat") else ""


def _file_text(name: str, folder: Path | None) -> str:
    """Read the text file a list names; it must lie in the list's own folder."""
    if folder is None:
        msg = f"file={name!r}: only lists named on the command line may name files"
        raise InputError(msg)
    if "\0" in name:
        msg = f"file={name!r} is no name of a file"
        raise InputError(msg)
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        msg = f"file={name!r} lies outside the folder of the list"
        raise InputError(msg)
    try:
        data = _load(path)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        msg = f"file={name!r}: {_reason(error)}"
        raise InputError(msg) from error
    return decode_bytes(data)
