"""Web pages: the article's text by trafilatura, its date by what the page declares."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import trafilatura
from lxml import html

from geocode.article import parse_published
from geocode.errors import ArticleError, InputError

_META_DATES = (
    "article:published_time",
    "og:article:published_time",
    "datePublished",
    "date",
    "pubdate",
    "publish_date",
    "dc.date.issued",
)
# lxml refuses a decoded text that still declares an encoding.
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ADDRESS_DATE = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:/|-|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says: its text, headline, address, outlet and, as printed, its date."""

    text: str
    title: str = ""
    url: str = ""
    outlet: str = ""
    published: str = ""


def read_page(source: str) -> Page:
    """
    Read a web page.

    Parameters
    ----------
    source
        The HTML, decoded.

    Returns
    -------
    page
        The date only where the page declares it (JSON-LD, meta, its address); dates in the running
        text date other things and are never taken.

    Raises
    ------
    InputError
        If there is no article in it.
    """
    source = _DECLARATION.sub("", source)
    text = trafilatura.extract(
        source, include_comments=False, include_tables=False, favor_recall=True
    )
    if not text or not text.strip():
        msg = "no article text was found in the page"
        raise InputError(msg)
    tree = html.fromstring(source)
    linked = list(_linked_data(tree))
    url = _meta(tree, "og:url") or _first(tree.xpath("//link[@rel='canonical']/@href"))
    return Page(
        text=text,
        title=_meta(tree, "og:title") or _first(tree.xpath("//title/text()")),
        url=url,
        outlet=_meta(tree, "og:site_name"),
        published=_declared_date(tree, linked, url),
    )


def _declared_date(tree: html.HtmlElement, linked: list[dict[str, Any]], url: str) -> str:
    declared = [record.get("datePublished") for record in linked]
    declared += [_meta(tree, name) for name in _META_DATES]
    for found in declared:
        if isinstance(found, str) and _is_date(found):
            return found
    match = _ADDRESS_DATE.search(url)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else ""


def _is_date(text: str) -> bool:
    try:
        parse_published(text)
    except ArticleError:
        return False
    return True


def _linked_data(tree: html.HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            data = json.loads(script)
        except (ValueError, RecursionError):
            continue
        records = data if isinstance(data, list) else [data]
        for record in records:
            if isinstance(record, dict):
                yield record
                graph = record.get("@graph")
                if isinstance(graph, list):
                    yield from (r for r in graph if isinstance(r, dict))


def _meta(tree: html.HtmlElement, name: str) -> str:
    path = "//meta[@property=$name or @name=$name or @itemprop=$name]/@content"
    return _first(tree.xpath(path, name=name))


def _first(found: list[Any]) -> str:
    return str(found[0]).strip() if found else ""
