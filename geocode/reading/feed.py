"""Feeds, RSS and Atom: the articles they carry or point to; the parser is given bytes only."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import feedparser
from lxml import etree, html

from geocode.errors import InputError
from geocode.reading.encoding import decode_bytes

MAX_ENTRIES = 2000
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# Entities are how a small feed becomes a large one, or reads another file.
_DTD = re.compile(r"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST)", re.IGNORECASE)
_BLOCKS = "p|div|br|li|h1|h2|h3|h4|blockquote|tr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    What a feed says of an article.

    Attributes
    ----------
    title, text
        Without markup.
    url
        Where the article is, empty where it is not said.
    published
        ISO 8601 in UTC, empty where it is not said.
    outlet
        The title of the feed.
    remarks
        The encoding, where it is worth a word.
    """

    title: str
    text: str
    url: str
    published: str
    outlet: str
    remarks: str = ""


def read_feed(data: bytes) -> list[Entry]:
    """
    Read a feed.

    Parameters
    ----------
    data
        RSS or Atom.

    Returns
    -------
    entries
        In the order of the feed, the first `MAX_ENTRIES`.

    Raises
    ------
    InputError
        If it is no feed, or has a document type: the entities of one read files and fill memories.
    """
    match = _DECLARED.match(data[:500])
    decoded = decode_bytes(data, declared=match[1].decode() if match else "")
    text = decoded.text
    if _DTD.search(text) or b"<!DOCTYPE" in data.replace(b"\0", b"").upper():
        msg = "a feed with a document type is not read (DTD not allowed)"
        raise InputError(msg)
    # Decoded by us and handed on as UTF-8: no declaration may call for another codec.
    plain = _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n")).encode("utf-8", "replace")
    try:
        parsed: Any = feedparser.parse(plain, sanitize_html=True, resolve_relative_uris=False)
    except Exception as error:  # its manual names none, and a character of a feed may raise any
        msg = f"the feed cannot be read ({type(error).__name__})"
        raise InputError(msg) from error
    if not parsed.get("version"):
        msg = "it is no feed (neither RSS nor Atom)"
        raise InputError(msg)
    outlet = plain_text(str(parsed.feed.get("title", "")))
    return [_entry(found, outlet, decoded.remark) for found in parsed.entries[:MAX_ENTRIES]]


def _entry(found: dict[str, Any], outlet: str, remark: str) -> Entry:
    bodies = [str(found.get("summary") or "")]
    bodies += [str(content.get("value") or "") for content in found.get("content") or ()]
    title = plain_text(str(found.get("title") or ""))
    return Entry(
        title=title,
        text=max(map(plain_text, bodies), key=len) or title,
        url=str(found.get("link") or ""),
        # By `dict` itself: feedparser's own look-up gives one day for the other, and warns of it.
        published=_time(dict.get(found, "published_parsed") or dict.get(found, "updated_parsed")),
        outlet=outlet,
        remarks=remark,
    )


def _time(parsed: Any) -> str:  # noqa: ANN401 (a struct_time, or what a feed made of it)
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC).isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        return ""


def plain_text(markup: str) -> str:
    """
    Take the markup out of a piece of HTML.

    Parameters
    ----------
    markup
        HTML, or plain text.

    Returns
    -------
    text
        A line for each block; what looks like a tag after one reading is not read again.
    """
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    try:
        tree = html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return re.sub(r"<[^>]{0,1000}>", " ", markup).strip()
    for node in tree.xpath("//script|//style"):
        node.drop_tree()
    for node in tree.xpath("//" + "|//".join(_BLOCKS.split("|"))):
        node.tail = "\n" + (node.tail or "")
    lines = (re.sub(r"[ \t\r\f\v]+", " ", line).strip() for line in tree.text_content().split("\n"))
    return "\n".join(line for line in lines if line)
