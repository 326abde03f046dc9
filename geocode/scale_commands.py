"""The commands for large jobs: ``mihwar geocode --parts`` and ``mihwar load``."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gazetteer import load_gazetteer, user_packs
from gazetteer.terminal import say
from geocode.conflict import load_conflict
from geocode.correction_commands import known_corrections
from geocode.errors import InputError
from geocode.options import NOTHING_DONE, SOME_REFUSED, given_of, store_option, today
from geocode.pipeline import ArticleReader
from geocode.reading import Given
from geocode.store import default_store_url

if TYPE_CHECKING:
    from geocode.parts import PartDone

# How many articles of a part are saved in one transaction.
_BATCH = 500
_SHOWN = 20


def parts_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """
    Add the options of a job of many parts.

    Parameters
    ----------
    command
        A click command; takes ``parts, engine, workers, scheduler``.
    """
    options = (
        click.option(
            "--parts",
            is_flag=True,
            help="INPUT are parts, .parquet or .jsonl, or folders of them; each is read into a "
            "file of its own in the output, to be taken into a store by: mihwar load.",
        ),
        click.option(
            "--engine",
            type=click.Choice(["serial", "pool", "dask"]),
            help="What runs the parts: one process, a pool of them (the default), or Dask.",
        ),
        click.option("--workers", type=click.IntRange(1, 1024), help="Processes; else one a core."),
        click.option(
            "--scheduler", default="", metavar="ADDRESS", help="A Dask scheduler, tcp://host:8786."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def check_parts(*, parts: bool, engine: str | None, workers: int | None, scheduler: str) -> None:
    """
    Refuse options that go with others only.

    Parameters
    ----------
    parts, engine, workers, scheduler
        What `parts_options` gave.

    Raises
    ------
    click.UsageError
        If they do not go together.
    """
    if not parts and (engine or workers or scheduler):
        msg = "--engine, --workers and --scheduler go with --parts only"
        raise click.UsageError(msg)
    if scheduler and engine != "dask":
        msg = "--scheduler goes with --engine dask only"
        raise click.UsageError(msg)


def geocode_parts(
    inputs: Sequence[str],
    output: Path,
    said: dict[str, Any],
    corrections: Path | None,
    *,
    engine: str,
    workers: int | None,
    scheduler: str,
    quiet: bool,
) -> None:
    """
    Read parts, and tell what came of each.

    Parameters
    ----------
    inputs
        Parts, or folders of them.
    output
        The folder of the results.
    said
        The options of what is given.
    corrections
        A file of corrections.
    engine, workers, scheduler
        As in `geocode.scale.run_parts`.
    quiet
        Whether only what went wrong is told.
    """
    from geocode.parts import Rules
    from geocode.scale import find_parts, run_parts

    parts, given = find_parts(inputs), given_of(said)
    rules = Rules(
        packs=tuple(str(path.resolve()) for path in user_packs()),
        corrections=str(corrections.resolve()) if corrections else "",
        given=given if said["latest"] else replace(given, latest=None),
        latest=given.latest,
    )
    output.mkdir(parents=True, exist_ok=True)
    done = []
    shown = sys.stderr.isatty() and not quiet
    running = run_parts(
        [str(Path(part).resolve()) for part in parts],
        str(output.resolve()),
        rules,
        engine=engine,
        workers=workers,
        scheduler=scheduler,
    )
    with click.progressbar(
        running, length=len(parts), label="parts", file=sys.stderr, hidden=not shown
    ) as bar:
        for one in bar:
            done.append(one)
            if one.fault:
                say(f"failed: {one.part}: {one.fault}", err=True)
    _tell(done, output, quiet=quiet)


def _tell(done: "Sequence[PartDone]", output: Path, *, quiet: bool) -> None:
    """Tell what came of a job, and end as its worst part did."""
    from geocode.scale import summed

    total, failed = summed(done), sum(bool(one.fault) for one in done)
    if not quiet:
        skipped = sum(one.skipped for one in done)
        say(
            f"{len(done) - failed} parts ({skipped} were there), {failed} failed; "
            f"{total.articles} articles, {total.mentions} mentions, {total.events} events, "
            f"{total.refused} refused; {output}"
        )
    if failed == len(done) or (total.refused and not total.articles):
        raise SystemExit(NOTHING_DONE)
    if failed or total.refused:
        raise SystemExit(SOME_REFUSED)


@click.command(name="load")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@store_option
@click.option("--quiet", is_flag=True, help="Say only what went wrong.")
def load_command(folder: Path, store_url: str | None, quiet: bool) -> None:  # noqa: FBT001
    """
    Take what `geocode --parts` wrote into a store; run again, nothing changes.

    One process loads; what parts refused goes into the quarantine of the store.
    """
    from geocode.ingest import conclude
    from geocode.parts import finished_parts, load_part, refused_of
    from geocode.store import Saved, open_store

    parts = finished_parts(folder)
    if not parts:
        msg = f"{folder} holds no finished part; make some with: mihwar geocode --parts"
        raise InputError(msg)
    url, gazetteer, conflict = (
        store_url or default_store_url(),
        load_gazetteer(user_packs()),
        load_conflict(),
    )
    reader = ArticleReader(gazetteer, conflict, known_corrections(url, gazetteer, conflict))
    total = Saved()
    with open_store(url) as store:
        damaged = []
        for part in parts:
            try:
                (read, rules), refused = load_part(folder, part), refused_of(folder, part)
            except InputError as error:
                damaged.append(str(error))
                continue
            for first in range(0, len(read), _BATCH):
                total += store.save(read[first : first + _BATCH], rules, reader.made_from())
            store.quarantine.add(refused, Given(), day=today())
        conclude(store, reader)
        name = store.name
    if not quiet:
        say(f"{total.new} new, {total.changed} changed, {total.known} known; {name}")
    for fault in damaged:
        say(f"failed: {fault}", err=True)
    if damaged:
        raise SystemExit(NOTHING_DONE if len(damaged) == len(parts) else SOME_REFUSED)
