"""The ``mihwar corrections`` commands: list, apply, export as annotated passages."""

from pathlib import Path

import click

from gazetteer import Gazetteer, load_gazetteer, user_packs
from gazetteer.terminal import say
from geocode.conflict import Conflict, load_conflict
from geocode.corrections import Corrections, corrections_path, read_corrections
from geocode.errors import CorrectionError
from geocode.options import store_option
from geocode.pipeline import ArticleReader
from geocode.store import default_store_url


def known_corrections(store_url: str, gazetteer: Gazetteer, conflict: Conflict) -> Corrections:
    """
    Read the corrections that belong to a store.

    Parameters
    ----------
    store_url
        The store.
    gazetteer, conflict
        For the places and sides that may be named.

    Raises
    ------
    CorrectionError
        If a row is wrong.
    """
    return read_corrections(corrections_path(store_url), gazetteer, conflict)


@click.group(name="corrections")
def corrections_commands() -> None:
    """
    List, apply and export what readers corrected.

    Corrections stand in a CSV file beside the store (FILE.corrections.csv, or MIHWAR_CORRECTIONS):
    read it, edit it, keep it under version control.
    """


@corrections_commands.command(name="list")
@store_option
def list_command(store_url: str | None) -> None:
    """Show the corrections, and which no longer hold because the text changed."""
    from geocode.store import open_store

    url = store_url or default_store_url()
    corrections = known_corrections(url, load_gazetteer(user_packs()), load_conflict())
    with open_store(url, read_only=True) as store:
        articles = {a.article_id: a for a in store.articles(corrections.articles)}
    for one in corrections:
        article = articles.get(one.article_id)
        gone = "" if article and one.holds(article) else "  [its words are not in the store]"
        said = " ".join(part for part in (one.when, one.who) if part)
        value = one.value or "-"
        say(
            f"{said}  {one.article_id}  {one.start}-{one.end} {one.text!r}  "
            f"{one.field}: {one.was or '-'} -> {value}{'  ' + one.why if one.why else ''}{gone}"
        )
    say(f"{len(corrections)} corrections; {corrections_path(url)}", err=True)


@corrections_commands.command(name="apply")
@store_option
def apply_command(store_url: str | None) -> None:
    """Read stored articles again whose corrections, or whose rules, have changed."""
    from geocode.ingest import ingest_articles
    from geocode.store import Saved, open_store

    url = store_url or default_store_url()
    gazetteer, conflict = load_gazetteer(user_packs()), load_conflict()
    reader = ArticleReader(gazetteer, conflict, known_corrections(url, gazetteer, conflict))
    total = Saved()
    with open_store(url) as store:
        for saved in ingest_articles(list(store.articles()), store, reader=reader):
            total += saved
    say(f"{total.changed} articles read again, {total.known} as they were")


@corrections_commands.command(name="export")
@store_option
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def export_command(store_url: str | None, output: Path) -> None:
    """Write the corrected articles as annotated passages, for `mihwar evaluate`."""
    from geocode.evaluation import write_gold
    from geocode.store import open_store

    url = store_url or default_store_url()
    gazetteer, conflict = load_gazetteer(user_packs()), load_conflict()
    corrections = known_corrections(url, gazetteer, conflict)
    if not len(corrections):
        msg = f"There are no corrections in {corrections_path(url)}; nothing to export."
        raise CorrectionError(msg)
    reader = ArticleReader(gazetteer, conflict, corrections)
    with open_store(url, read_only=True) as store:
        read = [reader.read(article) for article in store.articles(corrections.articles)]
    write_gold(read, output)
    say(f"{len(read)} passages in {output}")
