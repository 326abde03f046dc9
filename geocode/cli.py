"""The commands ``mihwar geocode``, ``ingest``, ``missing``, ``evaluate``, and all others."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gazetteer import load_gazetteer, user_packs
from gazetteer.terminal import say, say_json
from geocode.article import Article
from geocode.conflict import load_conflict
from geocode.control_commands import compare_command, control_command
from geocode.correction_commands import corrections_commands, known_corrections
from geocode.corrections import read_corrections
from geocode.errors import GeocodeError, GoldError
from geocode.export_commands import export_command, import_command
from geocode.layers import write_articles, write_layer
from geocode.missing import missing_names
from geocode.options import finish, given_of, given_options, selection_options, store_option, today
from geocode.pipeline import ArticleReader, Geocoded, geocode_articles
from geocode.quarantine_commands import quarantine_commands
from geocode.reading import Refused, read_articles
from geocode.refusals import Refusals, RefusedFile
from geocode.scale_commands import check_parts, geocode_parts, load_command, parts_options
from geocode.schema import LAYERS
from geocode.store import Selection, default_store_url
from geocode.uncertainty import uncertain_areas
from geocode.watch_commands import make_fetcher, watch_command

if TYPE_CHECKING:
    from geocode.evaluation import Figure


@click.command(name="geocode")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--corrections",
    "corrections_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of corrections to apply.",
)
@given_options
@parts_options
def geocode_command(
    inputs: tuple[str, ...],
    output: Path,
    corrections_file: Path | None,
    *,
    quiet: bool,
    parts: bool,
    engine: str | None,
    workers: int | None,
    scheduler: str,
    **said: Any,  # noqa: ANN401 (the options of what is given)
) -> None:
    """
    Read articles into layer files, keeping no store.

    INPUT is a file (.txt .html .jsonl .json .csv .parquet .xml .rss .atom .zip, also .gz), a
    folder, or - for JSON Lines on standard input. Writes articles.jsonl, mentions.geojson,
    events.geojson and uncertainty.geojson, and refused.jsonl where something was refused.
    For millions of articles see --parts.
    """
    check_parts(parts=parts, engine=engine, workers=workers, scheduler=scheduler)
    if parts:
        geocode_parts(
            inputs,
            output,
            said,
            corrections_file,
            engine=engine or "pool",
            workers=workers,
            scheduler=scheduler,
            quiet=quiet,
        )
        return
    with RefusedFile() as refused_file:
        refused = Refusals(refused_file.write)
        articles = read_articles(
            *inputs, given=given_of(said), refused=refused, fetch=make_fetcher().fetch
        )
        gazetteer, conflict = load_gazetteer(user_packs()), load_conflict()
        corrections = (
            read_corrections(corrections_file, gazetteer, conflict) if corrections_file else None
        )
        result = geocode_articles(
            _watched(articles, quiet=quiet),
            gazetteer=gazetteer,
            conflict=conflict,
            corrections=corrections,
            refused=refused,
        )
        if result.articles:
            _write_result(result, output)
            refused.flush()
            refused_file.put(output / "refused.jsonl")
    _report_undated(result.articles, quiet=quiet)
    if result.articles and not quiet:
        counts = f"{len(result.articles)} articles, {len(result.mentions)} mentions"
        unresolved = int(result.mentions["place_id"].isna().sum())
        say(f"{counts} ({unresolved} unresolved), {len(result.events)} events in {output}")
    finish(refused.shown, done=len(result.articles), count=refused.total)


@click.command(name="ingest")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@store_option
@given_options
def ingest_command(
    inputs: tuple[str, ...],
    store_url: str | None,
    quiet: bool,  # noqa: FBT001
    **said: Any,  # noqa: ANN401 (the options of what is given)
) -> None:
    """
    Read articles and save them; run again, nothing changes.

    INPUT as for geocode. Rows and articles that cannot be read are kept in quarantine with their
    reason: see mihwar quarantine.
    """
    # The database library takes half a second to come up; only stores need it.
    from geocode.ingest import ingest_articles
    from geocode.store import Saved, open_store

    total, given = Saved(), given_of(said)
    url, gazetteer, conflict = (
        store_url or default_store_url(),
        load_gazetteer(user_packs()),
        load_conflict(),
    )
    reader = ArticleReader(gazetteer, conflict, known_corrections(url, gazetteer, conflict))
    with open_store(url) as store:
        refused = Refusals(lambda some: store.quarantine.add(some, given, day=today()))
        articles = read_articles(*inputs, given=given, refused=refused, fetch=make_fetcher().fetch)
        try:
            for saved in ingest_articles(
                _watched(articles, quiet=quiet), store, reader=reader, refused=refused
            ):
                total += saved
        finally:
            refused.flush()
        if not quiet:
            say(f"{total.new} new, {total.changed} changed, {total.known} known; {store.name}")
    done = total.new + total.changed + total.known
    finish(refused.shown, done=done, count=refused.total)


@click.command(name="missing")
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@store_option
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1))
@click.option("--json", "as_json", is_flag=True, help="One JSON line a name.")
def missing_command(
    inputs: tuple[str, ...],
    store_url: str | None,
    limit: int,
    as_json: bool,  # noqa: FBT001
) -> None:
    """
    List the names that were read and could not be placed, most frequent first.

    Of the store, or of INPUT as for geocode. Add them with: mihwar gazetteer add.
    """
    refused: list[Refused] = []
    if inputs:
        articles = read_articles(*inputs, refused=refused)
        gazetteer = load_gazetteer(user_packs())
        read = geocode_articles(articles, gazetteer=gazetteer, refused=refused)
        mentions, done = read.mentions, len(read.articles)
    else:
        from geocode.store import open_store

        with open_store(store_url or default_store_url(), read_only=True) as store:
            mentions = store.layer("mentions", Selection())
        done = 1
    names = missing_names(mentions)[:limit]
    for name in names:
        line = f"{name.count:6}  {name.kind:8}  {name.text}  ({name.reason})"
        say_json(asdict(name)) if as_json else say(line)
    if not names and done and not as_json:
        say("Every name that was read has a place.")
    finish(refused, done=done)


@click.command(name="evaluate")
@click.argument("gold", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--lang",
    "langs",
    multiple=True,
    type=click.Choice(["ar", "en", "fr"]),
    help="Only passages in this language.",
)
@click.option("--rounds", default=1000, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--errors", is_flag=True, help="List every fault.")
@click.option("--json", "as_json", is_flag=True, help="All of it as one JSON object.")
def evaluate_command(
    gold: Path,
    langs: tuple[str, ...],
    rounds: int,
    errors: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> None:
    """
    Measure how well the annotated passages in GOLD are read.

    GOLD is JSON Lines: id, text, mentions, events, published, outlet, lang. Prints each figure
    with its 95 % interval (bootstrap over passages), then how many faults there are of each class.
    """
    from geocode.evaluation import evaluate, read_gold

    passages = [p for p in read_gold(gold) if not langs or p.article.lang in langs]
    if not passages:
        msg = f"{gold} has no passages" + (f" in {', '.join(langs)}" if langs else "")
        raise GoldError(msg)
    result = evaluate(passages, ArticleReader(load_gazetteer(user_packs())), rounds=rounds)
    if as_json:
        say_json(asdict(result))
        return
    say(f"{result.passages} passages")
    for name, figure in result.figures.items():
        say(f"{name:18} {_shown(figure.value):>7}  {_between(figure)}")
    say("")
    say("faults")
    for kind, count in result.budget.items():
        say(f"{count:6}  {kind}")
    for fault in result.faults if errors else ():
        say(f"{fault.kind} | {fault.passage} | {fault.expected} | {fault.got}")


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _between(figure: "Figure") -> str:
    return "" if figure.low is None else f"[{_shown(figure.low)}, {_shown(figure.high)}]"


COMMANDS = (
    geocode_command,
    ingest_command,
    export_command,
    import_command,
    evaluate_command,
    corrections_commands,
    control_command,
    compare_command,
    quarantine_commands,
    watch_command,
    load_command,
)
# Commands about the gazetteer that need to read articles.
GAZETTEER_COMMANDS = (missing_command,)


def _watched(articles: Iterable[Article], *, quiet: bool) -> Iterator[Article]:
    """Show on a terminal how far the reading is."""
    if quiet or not sys.stderr.isatty():
        yield from articles
        return
    with click.progressbar(articles, label="reading", file=sys.stderr, show_pos=True) as bar:
        yield from bar


def _write_result(result: Geocoded, output: Path) -> None:
    write_articles(result.articles, output / "articles.jsonl")
    layers = {layer: getattr(result, layer) for layer in LAYERS}
    layers["uncertainty"] = uncertain_areas(result.mentions, load_gazetteer(user_packs()))
    for layer, rows in layers.items():
        path = output / f"{layer}.geojson"
        write_layer(layer, rows, path, file_format="geojson", made_from=result.made_from)


def _report_undated(articles: Sequence[Article], *, quiet: bool) -> None:
    undated = [article.article_id for article in articles if article.published is None]
    if undated and not quiet:
        names = ", ".join(undated[:5]) + (" …" if len(undated) > 5 else "")  # noqa: PLR2004 (shown)
        say(f"{len(undated)} articles have no date (give --published): {names}", err=True)


__all__ = ["COMMANDS", "GAZETTEER_COMMANDS", "GeocodeError", "selection_options", "store_option"]
