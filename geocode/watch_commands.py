"""The command ``mihwar watch``, and the fetcher that commands use."""

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from gazetteer import load_gazetteer, user_packs
from gazetteer.terminal import say, say_error
from geocode.conflict import load_conflict
from geocode.correction_commands import known_corrections
from geocode.errors import StoreError
from geocode.options import (
    NOTHING_DONE,
    SOME_REFUSED,
    given_of,
    given_options,
    store_option,
)
from geocode.pipeline import ArticleReader, mihwar_version
from geocode.store import default_store_url

if TYPE_CHECKING:
    from geocode.fetching import Fetcher
    from geocode.watch import Outcome, Watcher

_AFTER_FAULT_S = 60.0


def make_fetcher(allowed: Iterable[str] = ()) -> "Fetcher":
    """
    Make what fetches addresses for commands.

    Parameters
    ----------
    allowed
        Hosts that may be asked though they are not public, besides those that
        ``MIHWAR_ALLOW_HOSTS`` names, parted by commas.

    Returns
    -------
    fetcher
        With all checks.
    """
    from geocode.fetching import Fetcher, Guard

    named = (host.strip().lower() for host in os.environ.get("MIHWAR_ALLOW_HOSTS", "").split(","))
    hosts = frozenset(filter(None, named)) | frozenset(allowed)
    return Fetcher(guard=Guard(allowed=hosts), agent=f"Mihwar/{mihwar_version()}")


@click.command(name="watch")
@click.argument("sources", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--once", is_flag=True, help="Ask once what is due, and end.")
@store_option
@given_options
def watch_command(
    sources: Path,
    once: bool,  # noqa: FBT001
    store_url: str | None,
    quiet: bool,  # noqa: FBT001
    **said: Any,  # noqa: ANN401 (the options of what is given)
) -> None:
    """
    Ask feeds and folders again and again, and ingest what is new.

    SOURCES is a TOML file: tables [[feed]] with url, outlet and articles = "page" (the text is
    taken from the pages an entry points to) or "feed"; tables [[folder]] with path and outlet;
    every_minutes = 30, pause_seconds = 2 (for each host), allow_private = ["host:port"].

    A source that fails costs no other; it is asked again later and later. How each answered
    stands in the store, so that a restart goes on. --once ends with 1 where some failed, 2 where
    all did.
    """
    from geocode.sources import read_sources
    from geocode.store import open_store
    from geocode.watch import Watcher, World

    watched = read_sources(sources)
    url, gazetteer, conflict = (
        store_url or default_store_url(),
        load_gazetteer(user_packs()),
        load_conflict(),
    )
    reader = ArticleReader(gazetteer, conflict, known_corrections(url, gazetteer, conflict))
    given = given_of(said)
    if said["latest"] is None:
        given = replace(given, latest=None)  # tomorrow is another day with every round
    world = World(
        fetch=make_fetcher(watched.allowed).fetch,
        clock=time.time,
        sleep=time.sleep,
        renew=lambda r: r.corrected_by(known_corrections(url, gazetteer, conflict)),
    )
    signal.signal(signal.SIGTERM, _stop)
    with open_store(url) as store:
        watcher = Watcher(watched, store, reader, given, world)
        if once:
            _end(_round(watcher, quiet=quiet))
            return
        try:
            _go_on(watcher, quiet=quiet)
        except KeyboardInterrupt:
            say("stopped", err=True)


def _go_on(watcher: "Watcher", *, quiet: bool) -> None:
    while True:
        try:
            _round(watcher, quiet=quiet)
            wait = watcher.wait_s()
        except StoreError as error:
            say_error(f"mihwar: {error}")
            wait = _AFTER_FAULT_S
        time.sleep(wait)


def _round(watcher: "Watcher", *, quiet: bool) -> list["Outcome"]:
    outcomes = []
    for outcome in watcher.round():
        outcomes.append(outcome)
        bad = bool(outcome.fault or outcome.refused)
        if bad or not quiet:
            now = time.strftime("%Y-%m-%d %H:%M")
            say(f"{now}  {outcome!s}", err=bool(outcome.fault))
        for item in outcome.refused[:5]:
            say(f"  refused: {item!s}", err=True)
    return outcomes


def _end(outcomes: "list[Outcome]") -> None:
    faults = [outcome for outcome in outcomes if outcome.fault]
    if faults and len(faults) == len(outcomes):
        raise SystemExit(NOTHING_DONE)
    if faults or any(outcome.refused for outcome in outcomes):
        raise SystemExit(SOME_REFUSED)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
