"""The ``mihwar quarantine`` commands: what was refused, and reading it again."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gazetteer import load_gazetteer, user_packs
from gazetteer.terminal import say, say_json
from geocode.conflict import load_conflict
from geocode.correction_commands import known_corrections
from geocode.errors import GeocodeError, StoreError
from geocode.options import finish, given_of, given_options, store_option
from geocode.pipeline import ArticleReader
from geocode.reading import Given, Refused, article_of_row, parse_object, read_articles
from geocode.refusals import Refusals
from geocode.store import default_store_url

if TYPE_CHECKING:
    from geocode.store import Store
    from geocode.store.quarantine import Kept


@click.group(name="quarantine")
def quarantine_commands() -> None:
    """
    List what `ingest` and `watch` refused, and read it again.

    Rows, entries and articles that could not be read are kept in the store with their reason;
    files that could not be read at all are only told.
    """


@quarantine_commands.command(name="list")
@store_option
@click.option("--json", "as_json", is_flag=True, help="One JSON line each, with what it says.")
def list_command(store_url: str | None, as_json: bool) -> None:  # noqa: FBT001
    """Show what is in quarantine, and why."""
    from geocode.store import open_store

    with open_store(store_url or default_store_url(), read_only=True) as store:
        found = store.quarantine.list()
    for one in found:
        if as_json:
            row = {"id": one.quarantine_id, "since": str(one.since), **asdict(one.refused)}
            say_json(row)
        else:
            line = str(one.refused)
            say(f"{one.quarantine_id}  {one.since}  {line}")
    say(f"{len(found)} in quarantine", err=True)


@quarantine_commands.command(name="retry")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@store_option
@given_options
def retry_command(
    ids: tuple[str, ...],
    store_url: str | None,
    quiet: bool,  # noqa: FBT001
    **said: Any,  # noqa: ANN401 (the options of what is given)
) -> None:
    """
    Read again what is in quarantine: all of it, or the named rows.

    What is read now leaves the quarantine. Options given here count over those of the first
    reading: --date-order dmy reads days that could be meant in two ways.
    """
    from geocode.store import open_store

    url, told = store_url or default_store_url(), given_of(said)
    gazetteer, conflict = load_gazetteer(user_packs()), load_conflict()
    reader = ArticleReader(gazetteer, conflict, known_corrections(url, gazetteer, conflict))
    with open_store(url) as store:
        kept = [k for k in store.quarantine.list() if not ids or k.quarantine_id in ids]
        refused = Refusals(lambda _: None)
        read = _retry(store, kept, told, reader, refused)
    if not quiet:
        say(f"{read} read now, {len(kept) - read} still in quarantine")
    if kept:
        finish(refused.shown, done=read, count=refused.total)


@quarantine_commands.command(name="drop")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@store_option
def drop_command(ids: tuple[str, ...], store_url: str | None) -> None:
    """Throw rows of the quarantine away."""
    from geocode.store import open_store

    with open_store(store_url or default_store_url()) as store:
        before = store.quarantine.count()
        store.quarantine.remove(ids)
        say(f"{before - store.quarantine.count()} thrown away")


def _retry(
    store: "Store", kept: Sequence["Kept"], told: Given, reader: ArticleReader, refused: Refusals
) -> int:
    """Read rows again; give how many left the quarantine."""
    from geocode.ingest import conclude

    read = 0
    whole: dict[tuple[str, Given], list[Kept]] = {}
    for one in kept:
        given = _meant(one.given, told)
        if one.refused.content is None:
            whole.setdefault((one.refused.source, given), []).append(one)
        else:
            read += _retry_row(store, one, given, reader, refused)
    for (source, given), rows in whole.items():
        read += _retry_source(store, source, given, rows, reader, refused)
    conclude(store, reader)
    return read


def _retry_row(
    store: "Store", one: "Kept", given: Given, reader: ArticleReader, refused: Refusals
) -> int:
    from geocode.ingest import save_articles

    item = one.refused
    faults: list[Refused] = []
    try:
        article = article_of_row(parse_object(item.content or ""), given, _folder_of(item.source))
        list(save_articles([article], store, reader=reader, refused=faults))
    except GeocodeError as error:
        if isinstance(error, StoreError):
            raise
        faults.append(replace(item, reason=str(error)))
    if faults:
        told = replace(item, reason=faults[0].reason)
        refused.append(told)
        store.quarantine.add([told], one.given, day=one.since)
        return 0
    store.quarantine.remove([one.quarantine_id])
    return 1


def _folder_of(source: str) -> Path | None:
    """Only a list on disk may name text files; what came from an archive or the web may not."""
    path = Path(source)
    return path.parent if path.is_file() else None


def _retry_source(
    store: "Store",
    source: str,
    given: Given,
    rows: Sequence["Kept"],
    reader: ArticleReader,
    refused: Refusals,
) -> int:
    """Read a file again for those of its rows that could not be kept; once for all of them."""
    from geocode.ingest import save_articles

    faults: list[Refused] = []
    articles = read_articles(source, given=given, refused=faults)
    for _ in save_articles(articles, store, reader=reader, refused=faults):
        pass
    whole = [fault for fault in faults if not fault.where and fault.content is None]
    still = {fault.where: fault for fault in faults}
    read = []
    for one in rows:
        fault = whole[0] if whole else still.get(one.refused.where)
        if fault is None:
            read.append(one.quarantine_id)
        else:
            refused.append(replace(one.refused, reason=fault.reason))
    store.quarantine.remove(read)
    return len(read)


def _meant(before: Given, told: Given) -> Given:
    """Put what is said now over what was said at first."""
    said: dict[str, str | bool | date | None] = {k: v for k, v in asdict(told).items() if v}
    return replace(before, **said)  # type: ignore[arg-type]
