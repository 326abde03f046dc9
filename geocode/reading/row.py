"""A row of any table made into an article."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geocode.article import Article, hash_text, make_article, name_by_address
from geocode.errors import InputError
from geocode.reading.encoding import decode_bytes
from geocode.reading.inputs import Given
from geocode.reading.opening import load_file, reason_of
from geocode.reading.published import read_published

_MAX_KEPT = 1_000_000


def article_of_row(
    row: Mapping[str, Any], given: Given, folder: Path | None, *, remark: str = ""
) -> Article:
    """
    Make an article of what a row says.

    Parameters
    ----------
    row
        ``text``, or ``file``; ``id, title, published, outlet, url, lang`` where it has them.
    given
        What it does not say.
    folder
        Where the text files lie that a list names; None where it may name none.
    remark
        What was odd about its file.

    Returns
    -------
    article
        Named by its ``id``, else by its own address, so that an edited text takes the place of the
        one before and a copy at another address does not, else by its text.

    Raises
    ------
    InputError
        If there is no text.
    ArticleError
        If it says what cannot be.
    """
    text = row.get("text")
    if text is None and row.get("file"):
        text, remark = _file_text(str(row["file"]), folder, given.encoding)
    if not isinstance(text, str):
        msg = f"there is no 'text'; found {', '.join(map(repr, list(row)[:8])) or 'nothing'}"
        raise InputError(msg)
    published = _field(row, "published") or given.published
    own = _field(row, "url")
    remarks = "; ".join(filter(None, (_field(row, "remarks"), remark)))
    return make_article(
        text,
        article_id=_field(row, "id") or name_by_address(own) or hash_text(text),
        title=_field(row, "title"),
        published=read_published(published, given) if published.strip() else "",
        outlet=_field(row, "outlet") or given.outlet,
        url=own or given.url,
        lang=_field(row, "lang"),
        remarks=remarks,
    )


def is_revision(article: Article) -> bool:
    """
    Say whether an article is named by its address, where its text may change.

    Parameters
    ----------
    article
        The article.
    """
    return bool(article.url) and article.article_id == name_by_address(article.url)


def article_row(article: Article) -> dict[str, str]:
    """
    Give the row of which an article is made again.

    Parameters
    ----------
    article
        The article.
    """
    return {
        "id": article.article_id,
        "text": article.text,
        "title": article.title,
        "published": article.published_at,
        "outlet": article.outlet,
        "url": article.url,
        "lang": article.lang,
        "remarks": article.remarks,
    }


def keep_row(row: Mapping[str, Any]) -> str | None:
    """
    Keep what a refused row says, to be read again.

    Parameters
    ----------
    row
        The row.

    Returns
    -------
    content
        JSON; None where it is too long to keep.
    """
    try:
        content = json.dumps(dict(row), ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):
        return None
    return content if len(content) <= _MAX_KEPT else None


def _field(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, str | int | float):
        if isinstance(value, float) and not math.isfinite(value):
            msg = f"{name} is {value}"
            raise InputError(msg)
        return _printed(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    msg = f"{name} is a {type(value).__name__}, expected a text"
    raise InputError(msg)


def _printed(value: str | float) -> str:
    try:
        return str(value)
    except ValueError as error:  # a number of thousands of digits
        msg = "a number in it has too many digits"
        raise InputError(msg) from error


def _file_text(name: str, folder: Path | None, encoding: str) -> tuple[str, str]:
    """Read the text file a list names; it must lie in the list's own folder."""
    if folder is None:
        msg = f"file={name!r}: only lists named on the command line may name files"
        raise InputError(msg)
    if "\0" in name:
        msg = f"file={name!r} is no name of a file"
        raise InputError(msg)
    try:
        path = (folder / name).resolve()
        inside = path.is_relative_to(folder.resolve())
        data = load_file(path) if inside else b""
    except (OSError, EOFError, ValueError) as error:
        msg = f"file={name!r}: {reason_of(error)}"
        raise InputError(msg) from error
    if not inside:
        msg = f"file={name!r} lies outside the folder of the list"
        raise InputError(msg)
    decoded = decode_bytes(data, encoding)
    return decoded.text, decoded.remark
