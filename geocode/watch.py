"""Watch feeds and folders, and read what is new: one that fails costs no other."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from geocode.article import TRIPOLI, Article, name_by_address
from geocode.errors import FetchError, GeocodeError, InputError, StoreError
from geocode.fetching import Address, Fetched, parse_address
from geocode.ingest import conclude, save_articles
from geocode.pipeline import ArticleReader
from geocode.reading import (
    KINDS,
    Given,
    Refused,
    article_of_row,
    keep_row,
    read_articles,
    read_upload,
)
from geocode.reading.feed import Entry, read_feed
from geocode.reading.opening import kind_of
from geocode.sources import Feed, Folder, Sources
from geocode.store import Saved, Store
from geocode.store.watched import Watched

# So long at most until one that fails is asked again.
_MAX_WAIT_S = 86_400
# A feed that names thousands of pages is read over several rounds.
MAX_PAGES = 100
# A file that changed so shortly ago may be half written.
_SETTLED_S = 2.0
_ASKS_TO_WAIT = re.compile(r"asks to wait (\d+) s")
Fetch = Callable[..., Fetched]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """
    What came of one source in a round.

    Attributes
    ----------
    source
        The feed or folder.
    saved
        What it brought.
    refused
        What could not be read.
    fault
        Why it failed as a whole, empty where it did not.
    """

    source: str
    saved: Saved = field(default_factory=Saved)
    refused: tuple[Refused, ...] = ()
    fault: str = ""

    def __str__(self) -> str:
        """Give one line for a log."""
        if self.fault:
            return f"{self.source}: {self.fault}"
        refused = f", {len(self.refused)} refused" if self.refused else ""
        brought = f"{self.saved.new} new, {self.saved.changed} changed"
        return f"{self.source}: {brought}{refused}"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """
    What lies outside: handed in, so that tests need none of it.

    Attributes
    ----------
    fetch
        Fetches an address, as `geocode.fetching.Fetcher.fetch`.
    clock
        Gives the seconds since 1970.
    sleep
        Waits some seconds.
    renew
        Gives the reader with the corrections of this moment; None to keep it as it is.
    """

    fetch: Fetch
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    renew: Callable[[ArticleReader], ArticleReader] | None = None


class Watcher:
    """
    Ask feeds and folders round by round.

    Parameters
    ----------
    sources
        What is watched.
    store
        Open for writing; keeps also how each answered, so that a restart goes on where it was.
    reader
        What reads the articles.
    given
        What is said of all articles; days of publication after tomorrow are refused unless it
        allows others.
    world
        Network and clock.
    """

    def __init__(
        self, sources: Sources, store: Store, reader: ArticleReader, given: Given, world: World
    ) -> None:
        self._sources = sources
        self._store = store
        self._reader = reader
        self._said = given
        self._given = given
        self._world = world
        self._asked: dict[str, float] = {}

    def round(self) -> Iterator[Outcome]:
        """
        Ask what is due, and save what is new.

        Yields
        ------
        outcome
            For each source that was due. After the last, claims are joined and it is found anew
            who holds what, if anything came.
        """
        came = False
        if self._world.renew is not None:
            # Read by older corrections, an article would be stored without what was corrected.
            self._reader = self._world.renew(self._reader)
        latest = self._said.latest or self._today() + timedelta(days=1)
        self._given = replace(self._said, latest=latest)
        every: list[Feed | Folder] = [*self._sources.feeds, *self._sources.folders]
        for source in every:
            name = source.url if isinstance(source, Feed) else str(source.path)
            known = self._store.watched.get(name)
            if isinstance(source, Feed) and known.next_at > self._world.clock():
                continue
            outcome = self._outcome(name, source, known)
            came = came or bool(outcome.saved.new + outcome.saved.changed)
            yield outcome
        if came:
            conclude(self._store, self._reader)

    def wait_s(self) -> float:
        """Give the seconds until the next feed is due, at most those between two rounds."""
        now, every = self._world.clock(), float(self._sources.every_s)
        due = [self._store.watched.get(feed.url).next_at - now for feed in self._sources.feeds]
        return max(1.0, min([*due, every]))

    def _today(self) -> date:
        return datetime.fromtimestamp(self._world.clock(), TRIPOLI).date()

    def _outcome(self, name: str, source: Feed | Folder, known: Watched) -> Outcome:
        refused: list[Refused] = []
        try:
            if isinstance(source, Feed):
                saved, state = self._feed(source, known, refused)
            else:
                saved, state = self._folder(source, known, refused), known
            outcome = Outcome(source=name, saved=saved, refused=tuple(refused))
        except StoreError:
            raise  # nothing can be kept then, not even that it failed
        except Exception as error:  # noqa: BLE001 (the border behind which no source ends the others)
            told = str(error) if isinstance(error, GeocodeError) else repr(error)
            outcome = Outcome(source=name, refused=tuple(refused), fault=told)
            state = known
        self._note(state, outcome)
        return outcome

    def _note(self, state: Watched, outcome: Outcome) -> None:
        """Keep how it answered, and when to ask again: later with every failure in a row."""
        now, every = self._world.clock(), self._sources.every_s
        failures = state.failures + 1 if outcome.fault else 0
        wait = min(every * 2 ** min(failures, 10), max(_MAX_WAIT_S, every)) if failures else every
        if asked := _ASKS_TO_WAIT.search(outcome.fault):
            wait = max(wait, min(int(asked[1]), _MAX_WAIT_S))
        # Not all at once, where many started together (S311: no secret is made of it).
        next_at = now + wait * (1 + random.uniform(0, 0.05))  # noqa: S311
        self._store.watched.put(
            replace(
                state,
                failures=failures,
                checked_at=int(now),
                next_at=int(next_at),
                state=outcome.fault or str(outcome),
            )
        )

    def _feed(self, feed: Feed, known: Watched, refused: list[Refused]) -> tuple[Saved, Watched]:
        answer = self._fetch(feed.url, etag=known.etag, last_modified=known.last_modified)
        if answer.unchanged:
            return Saved(), known
        entries = read_feed(answer.content)
        articles = list(self._articles(feed, entries, answer.url, refused))
        saved = sum(
            save_articles(articles, self._store, reader=self._reader, refused=refused),
            start=Saved(),
        )
        self._quarantine(refused, replace(self._given, outlet=feed.outlet))
        # Where some entries are still to be fetched, the feed is asked for as if it were new.
        open_ones = feed.articles == "page" and any(map(self._is_open, entries))
        state = replace(
            known,
            etag="" if open_ones else answer.etag,
            last_modified="" if open_ones else answer.last_modified,
        )
        return saved, state

    def _articles(
        self, feed: Feed, entries: list[Entry], base: str, refused: list[Refused]
    ) -> Iterator[Article]:
        pages = 0
        for entry in entries:
            if feed.articles == "feed" or not entry.url:
                yield from self._from_feed(feed, entry, base, refused)
            elif fault := self._unfit(feed, entry.url):
                refused.append(Refused(source=entry.url[:200], where="", reason=fault))
            elif pages < MAX_PAGES and self._is_due(entry.url):
                pages += 1
                yield from self._from_page(feed, entry, refused)

    def _unfit(self, feed: Feed, url: str) -> str:
        """Say why the page of an entry is not asked for: a feed leads to no host of ours."""
        try:
            private = [self._is_allowed(parse_address(address)) for address in (feed.url, url)]
        except FetchError as error:
            return str(error)
        if private[1] and not private[0]:
            return f"{url} is of a network of its own, to which this feed does not belong"
        return ""

    def _is_allowed(self, address: Address) -> bool:
        named = (address.host, f"{address.host}:{address.port}")
        return any(name in self._sources.allowed for name in named)

    def _is_open(self, entry: Entry) -> bool:
        """Say whether the page of an entry is not stored yet, whyever."""
        name = name_by_address(entry.url)
        return bool(name) and not self._store.has_article(name)

    def _is_due(self, url: str) -> bool:
        """Say whether a page is still to be fetched: not stored, and not failing of late."""
        name = name_by_address(url)
        if name and self._store.has_article(name):
            return False
        return self._store.watched.get(url).next_at <= self._world.clock()

    def _from_feed(
        self, feed: Feed, entry: Entry, base: str, refused: list[Refused]
    ) -> Iterator[Article]:
        row = {
            "text": entry.text,
            "title": entry.title,
            "url": entry.url,
            "published": entry.published,
            "outlet": feed.outlet or entry.outlet,
        }
        try:
            yield article_of_row(row, self._given, None)
        except GeocodeError as error:
            kept = keep_row(row)
            refused.append(Refused(source=base, where="entry", reason=str(error), content=kept))

    def _from_page(self, feed: Feed, entry: Entry, refused: list[Refused]) -> Iterator[Article]:
        """Fetch the page of an entry; what the feed says of it counts over what the page says."""
        known = self._store.watched.get(entry.url)
        given = replace(self._given, outlet=feed.outlet or entry.outlet, url=entry.url)
        if entry.published:
            given = replace(given, published=entry.published)
        faults: list[Refused] = []
        try:
            answer = self._fetch(entry.url)
            found = list(read_upload("page.html", answer.content, given=given, refused=faults))
        except FetchError as error:
            found, faults = [], [Refused(source=entry.url, where="", reason=str(error))]
        refused.extend(replace(fault, source=entry.url) for fault in faults)
        if faults:
            fault_told = Outcome(source=entry.url, fault=faults[0].reason)
            self._note(replace(known, address=entry.url), fault_told)
        for article in found:
            # Named by the address the feed gives, whatever the page calls itself: it is by this
            # that the next round knows it.
            yield replace(
                article, article_id=name_by_address(entry.url) or article.article_id, url=entry.url
            )

    def _folder(self, folder: Folder, known: Watched, refused: list[Refused]) -> Saved:
        del known
        saved = Saved()
        if not folder.path.is_dir():
            msg = f"there is no folder {folder.path}"
            raise InputError(msg)
        given = replace(self._given, outlet=folder.outlet)
        for path in sorted(p for p in folder.path.rglob("*") if kind_of(p) in KINDS):
            saved += self._file(path, given, refused)
        return saved

    def _file(self, path: Path, given: Given, refused: list[Refused]) -> Saved:
        try:
            status = path.stat()
        except OSError:
            return Saved()  # gone since the folder was listed
        mark = f"{status.st_mtime_ns}-{status.st_size}"
        known = self._store.watched.get(str(path))
        if known.etag == mark or self._world.clock() - status.st_mtime < _SETTLED_S:
            return Saved()
        faults: list[Refused] = []
        articles = read_articles(path, given=given, refused=faults)
        found = save_articles(articles, self._store, reader=self._reader, refused=faults)
        saved = sum(found, start=Saved())
        refused.extend(faults)
        self._quarantine(faults, given)
        whole = any(not fault.where and fault.content is None for fault in faults)
        self._note(
            # A file that could not be opened is looked at again, however old it is.
            replace(known, etag="" if whole else mark),
            Outcome(source=str(path), saved=saved, refused=tuple(faults)),
        )
        return saved

    def _quarantine(self, refused: list[Refused], given: Given) -> None:
        self._store.quarantine.add(refused, given, day=self._today())

    def _fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """Fetch an address, but leave its host alone for a while after the last time."""
        host = parse_address(url).host
        wait = self._asked.get(host, 0.0) + self._sources.pause_s - self._world.clock()
        if wait > 0:
            self._world.sleep(wait)
        try:
            return self._world.fetch(url, etag=etag, last_modified=last_modified)
        finally:
            self._asked[host] = self._world.clock()
