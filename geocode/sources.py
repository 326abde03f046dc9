"""The list of feeds and folders that are watched: a TOML file, checked as it is read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geocode.errors import FetchError, SourcesError
from geocode.fetching import parse_address

_TAKEN_FROM = ("page", "feed")
_MIN_MINUTES = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """
    A feed.

    Attributes
    ----------
    url
        Its address.
    outlet
        Who prints it; empty for what the feed calls itself.
    articles
        ``page``: the text is taken from the page an entry points to; ``feed``: from the feed.
    """

    url: str
    outlet: str = ""
    articles: str = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """
    A folder that files are put into.

    Attributes
    ----------
    path
        The folder.
    outlet
        Who prints the articles that do not say it.
    """

    path: Path
    outlet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """
    All that is watched.

    Attributes
    ----------
    feeds, folders
        What is.
    every_s
        How often each is asked.
    pause_s
        So long one host is left alone between two questions.
    allowed
        Hosts that may be asked though they are not public, as ``host`` or ``host:port``.
    """

    feeds: tuple[Feed, ...] = ()
    folders: tuple[Folder, ...] = ()
    every_s: int = 1800
    pause_s: float = 2.0
    allowed: frozenset[str] = frozenset()


def read_sources(path: Path) -> Sources:
    """
    Read a list of sources.

    Parameters
    ----------
    path
        A TOML file: ``every_minutes``, ``pause_seconds``, ``allow_private``, tables ``[[feed]]``
        with ``url, outlet, articles`` and ``[[folder]]`` with ``path, outlet``. Paths count from
        the folder of the list.

    Returns
    -------
    sources
        Checked.

    Raises
    ------
    SourcesError
        If it cannot be read; the message names all entries that are wrong.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        msg = f"{path} cannot be read: {reason}"
        raise SourcesError(msg) from error
    faults: list[str] = []
    unknown = data.keys() - {"feed", "folder", "every_minutes", "pause_seconds", "allow_private"}
    faults += [f"{name!r} is no setting" for name in sorted(unknown)]
    feeds = [_feed(n, row, faults) for n, row in enumerate(_rows(data, "feed", faults), 1)]
    folders = [
        _folder(n, row, path.parent, faults)
        for n, row in enumerate(_rows(data, "folder", faults), 1)
    ]
    every = _number(data, "every_minutes", 30, _MIN_MINUTES, faults)
    pause = _number(data, "pause_seconds", 2, 0, faults)
    allowed = data.get("allow_private", [])
    if not isinstance(allowed, list) or not all(isinstance(host, str) for host in allowed):
        faults.append("allow_private is no list of hosts")
        allowed = []
    if not feeds and not folders and not faults:
        faults.append("it names neither a [[feed]] nor a [[folder]]")
    doubled = {feed.url for feed in feeds if [f.url for f in feeds].count(feed.url) > 1}
    faults += [f"the feed {url} stands twice" for url in sorted(doubled)]
    if faults:
        msg = f"{path}: " + "; ".join(faults)
        raise SourcesError(msg)
    return Sources(
        feeds=tuple(feeds),
        folders=tuple(folders),
        every_s=round(every * 60),
        pause_s=pause,
        allowed=frozenset(host.lower() for host in allowed),
    )


def _rows(data: Mapping[str, Any], name: str, faults: list[str]) -> list[Mapping[str, Any]]:
    rows = data.get(name, [])
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return rows
    faults.append(f"write [[{name}]] in two brackets")
    return []


def _feed(number: int, row: Mapping[str, Any], faults: list[str]) -> Feed:
    where = f"feed {number}"
    _check_keys(where, row, ("url", "outlet", "articles"), faults)
    url, articles = str(row.get("url", "")), row.get("articles", "page")
    try:
        parse_address(url)
    except FetchError as error:
        faults.append(f"{where}: {error}")
    if articles not in _TAKEN_FROM:
        faults.append(f"{where}: articles={articles!r}, expected one of {', '.join(_TAKEN_FROM)}")
    return Feed(url=url, outlet=str(row.get("outlet", "")), articles=str(articles))


def _folder(number: int, row: Mapping[str, Any], base: Path, faults: list[str]) -> Folder:
    where = f"folder {number}"
    _check_keys(where, row, ("path", "outlet"), faults)
    path = base / Path(str(row.get("path", ""))).expanduser()
    if not row.get("path") or not path.is_dir():
        faults.append(f"{where}: there is no folder {path}")
    return Folder(path=path, outlet=str(row.get("outlet", "")))


def _check_keys(
    where: str, row: Mapping[str, Any], known: tuple[str, ...], faults: list[str]
) -> None:
    unknown = sorted(row.keys() - set(known))
    faults.extend(f"{where}: {n!r} is none of {', '.join(known)}" for n in unknown)
    faults.extend(f"{where}: {n} is no text" for n in known if not isinstance(row.get(n, ""), str))


def _number(
    data: Mapping[str, Any], name: str, default: float, least: float, faults: list[str]
) -> float:
    value = data.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= least:
        faults.append(f"{name}={value!r}, expected a number from {least:g}")
        return default
    return float(value)
