"""Inputs: files, folders, archives and standard input, each handed to the reader of its kind."""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

from geocode.article import Article
from geocode.errors import ArticleError, FetchError, InputError
from geocode.reading.archive import read_archive
from geocode.reading.encoding import decode_bytes
from geocode.reading.inputs import Given, Refused
from geocode.reading.lines import Line, open_lines
from geocode.reading.opening import (
    MAX_FILE_BYTES,
    is_packed,
    kind_of,
    load,
    opened,
    reason_of,
)
from geocode.reading.row import article_of_row, article_row, is_revision, keep_row
from geocode.reading.table import Row, read_csv, read_json, read_json_lines, read_parquet
from geocode.reading.text import find_byline_date

if TYPE_CHECKING:
    from geocode.fetching import Fetched

_LISTS: Mapping[str, Callable[[Iterable[Line]], Iterator[Row]]] = {
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".csv": read_csv,
    ".tsv": read_csv,
}
_PAGES = (".html", ".htm")
_TEXTS = (".txt", ".text")
_FEEDS = (".xml", ".rss", ".atom")
_ARCHIVE = ".zip"
KINDS = (*_TEXTS, *_PAGES, *_FEEDS, *_LISTS, ".json", ".parquet", _ARCHIVE)
_SHOWN_NAME = 120
# So many ids are remembered, so that a list of any length takes little memory.
_REMEMBERED = 20_000
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._-]{1,40})", re.IGNORECASE
)
_HEAD_BYTES = 4096
_KINDS_OF_ANSWERS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/json": ".json",
    "text/csv": ".csv",
}
_Item = Refused | tuple[str, str, Article]


def read_articles(
    *inputs: str | Path,
    given: Given | None = None,
    refused: list[Refused] | None = None,
    stdin: BinaryIO | None = None,
    fetch: "Callable[[str], Fetched] | None" = None,
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
    fetch
        Fetches addresses of the web; None to refuse them.

    Yields
    ------
    article
        In the order of the inputs, the files of a folder by name. An id that was used shortly
        before for another text is refused, but for an article that is named by its address: of
        that the later text counts.

    Raises
    ------
    InputError
        At the first input that cannot be read, where no list for `refused` is handed in.
    """
    seen: dict[str, int] = {}
    for item in _walk(inputs, given or Given(), stdin, fetch):
        if isinstance(item, Refused):
            _refuse(item, refused)
            continue
        source, where, article = item
        text = hash(article.text)
        if seen.get(article.article_id, text) != text and not is_revision(article):
            reason = f"the id {article.article_id!r} was used before for another text"
            kept = keep_row(article_row(article))
            _refuse(Refused(source=source, where=where, reason=reason, content=kept), refused)
            continue
        seen[article.article_id] = text
        if len(seen) > _REMEMBERED:
            del seen[next(iter(seen))]
        yield article


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
    for item in _from_bytes(shown_name(name), Path(name), data, given or Given()):
        if isinstance(item, Refused):
            refused.append(item)
        else:
            yield item[2]


def shown_name(name: str) -> str:
    r"""
    Give the name of a file of others as it may be shown: no marks nobody sees, and not too long.

    Parameters
    ----------
    name
        What whoever hands it in calls it.

    Examples
    --------
    >>> shown_name("../../a\u202egpj.exe")
    'agpj.exe'
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return plain[:_SHOWN_NAME] or "file"


def _from_bytes(source: str, path: Path, data: bytes, given: Given) -> Iterator[_Item]:
    """Read a file that lies nowhere: handed in, or packed in an archive."""
    yield from _guarded(source, kind_of(path), data, given, folder=None, packed=is_packed(path))


def _refuse(item: Refused, refused: list[Refused] | None) -> None:
    if refused is None:
        raise InputError(str(item))
    refused.append(item)


def _walk(
    inputs: Iterable[str | Path],
    given: Given,
    stdin: BinaryIO | None,
    fetch: "Callable[[str], Fetched] | None",
) -> Iterator[_Item]:
    for name in inputs:
        if not str(name).strip():
            yield Refused(source=repr(str(name)), where="", reason="it is no name of a file")
        elif str(name) == "-":
            yield from _read_stdin(stdin or sys.stdin.buffer, given)
        elif "://" in str(name):
            yield from _fetched(str(name), given, fetch)
        else:
            yield from _read_path(Path(name), given)


def _read_stdin(stdin: BinaryIO, given: Given) -> Iterator[_Item]:
    name = "standard input"
    try:
        data = load(stdin)
    except InputError as error:
        yield Refused(source=name, where="", reason=str(error))
        return
    yield from _guarded(name, ".jsonl", data, given, folder=None, packed=False)


def _fetched(url: str, given: Given, fetch: "Callable[[str], Fetched] | None") -> Iterator[_Item]:
    """Read a page, a feed or a list at an address; its kind is what the server calls it."""
    if fetch is None:
        reason = "addresses are not fetched here; save the page and name the file"
        yield Refused(source=url, where="", reason=reason)
        return
    try:
        answer = fetch(url)
    except FetchError as error:
        yield Refused(source=url, where="", reason=str(error))
        return
    kind = _kind_of_answer(answer)
    own = replace(given, url=given.url or url)
    yield from _guarded(url, kind, answer.content, own, folder=None, packed=False)


def _kind_of_answer(answer: "Fetched") -> str:
    """Tell a feed by how it begins: half of them are called a page or a text by their server."""
    head = answer.content[:_HEAD_BYTES].replace(b"\0", b"").lower()
    if any(tag in head for tag in (b"<rss", b"<feed", b"<rdf:rdf")):
        return ".xml"
    path = Path(urlsplit(answer.url).path)
    return _KINDS_OF_ANSWERS.get(answer.kind) or (kind_of(path) if kind_of(path) in KINDS else "")


def _read_path(path: Path, given: Given) -> Iterator[_Item]:
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.is_file() and kind_of(p) in KINDS)
        if not files:
            reason = f"the folder holds no file of a kind that is read ({' '.join(KINDS)})"
            yield Refused(source=str(path), where="", reason=reason)
        for file in files:
            yield from _read_file(file, given)
        return
    yield from _read_file(path, given)


def _read_file(path: Path, given: Given) -> Iterator[_Item]:
    yield from _guarded(
        str(path), kind_of(path), path, given, folder=path.parent, packed=is_packed(path)
    )


def _guarded(
    source: str,
    kind: str,
    content: Path | bytes,
    given: Given,
    *,
    folder: Path | None,
    packed: bool,
) -> Iterator[_Item]:
    """Read a file of a kind that is read; whatever is wrong with it is said of it."""
    if kind not in KINDS:
        known = " ".join(KINDS)
        reason = f"files of the kind {kind or 'without ending'!r} are not read; expected {known}"
        yield Refused(source=source, where="", reason=reason)
        return
    try:
        with opened(content, packed=packed) as file:
            if kind == _ARCHIVE:
                items = _archived(source, load(file), given)
            else:
                items = _articles(source, kind, file, given, folder)
            first = next(items, None)
            yield first or Refused(source=source, where="", reason="there is no article in it")
            yield from items
    except (InputError, OSError, EOFError, ValueError) as error:
        yield Refused(source=source, where="", reason=reason_of(error))


def _archived(source: str, data: bytes, given: Given) -> Iterator[_Item]:
    for name, content in read_archive(data, max_bytes=MAX_FILE_BYTES):
        inner = f"{source}, {shown_name(name)}"
        if isinstance(content, InputError):
            yield Refused(source=inner, where="", reason=str(content))
        elif not _is_hidden(name):
            yield from _from_bytes(inner, Path(name), content, given)


def _is_hidden(name: str) -> bool:
    """Pass over what archivers add by themselves."""
    return name.startswith("__MACOSX/") or Path(name).name.startswith(".")


def _articles(
    source: str, kind: str, file: BinaryIO, given: Given, folder: Path | None
) -> Iterator[_Item]:
    rows, remark = _rows(kind, file, given)
    for where, row, raw in rows:
        if isinstance(row, InputError):
            yield Refused(source=source, where=where, reason=str(row), content=raw)
            continue
        try:
            yield source, where, article_of_row(row, given, folder, remark=remark)
        except (ArticleError, InputError) as error:
            kept = raw or keep_row(row)
            yield Refused(source=source, where=where, reason=str(error), content=kept)


def _rows(kind: str, file: BinaryIO, given: Given) -> tuple[Iterator[Row], str]:
    """Give the rows of a file, and what is odd about it."""
    if kind in _LISTS:
        opened_lines = open_lines(file, given.encoding, max_bytes=MAX_FILE_BYTES)
        return _LISTS[kind](opened_lines.lines), opened_lines.remark
    if kind == ".parquet":
        return read_parquet(file), ""
    data = load(file)
    if kind in _FEEDS:
        return _entries(data), ""
    declared = _DECLARED.search(data[:_HEAD_BYTES]) if kind in _PAGES else None
    decoded = decode_bytes(data, given.encoding, declared=declared[1].decode() if declared else "")
    if kind == ".json":
        return read_json(decoded.text), decoded.remark
    return iter([("", _single(kind, decoded.text, given), None)]), decoded.remark


def _entries(data: bytes) -> Iterator[Row]:
    # The parser of feeds takes a tenth of a second to come up; only feeds need it.
    from geocode.reading.feed import read_feed

    for number, entry in enumerate(read_feed(data), start=1):
        names = ("title", "text", "url", "published", "outlet", "remarks")
        yield f"entry {number}", {name: getattr(entry, name) for name in names}, None


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
            "url": page.url or given.url,
            "outlet": page.outlet,
            "published": published,
        }
    found = None if given.published else find_byline_date(text)
    return {"text": text, "published": found.isoformat() if found else "", "url": given.url}
