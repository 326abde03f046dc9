"""The commands ``mihwar export`` and ``import``: layers as files, tables as a layer."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gazetteer import load_gazetteer, user_packs
from gazetteer.terminal import say, say_json
from geocode.conflict import load_conflict
from geocode.layers import FORMATS, write_layer, write_table
from geocode.options import check_selection, finish, selection_options, store_option
from geocode.reading import Refused
from geocode.schema import (
    ALL_LAYERS,
    BESIDE_LAYERS,
    CONCLUDED_LAYERS,
    DATASET_NAMES,
    DRAWN_LAYERS,
    layer_schema,
)
from geocode.store import Selection, default_store_url
from geocode.uncertainty import uncertain_areas

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from geocode.store import Store

# Tables of others that our events are written in the shape of.
SHAPES = ("acled", "ucdp")


@click.command(name="export")
@click.option("--layer", type=click.Choice(list(ALL_LAYERS)))
@click.option(
    "--schema",
    "schema",
    type=click.Choice(list(ALL_LAYERS)),
    help="Print the JSON Schema of a layer.",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice([*FORMATS, *SHAPES]),
    default="geojson",
    show_default=True,
    help="acled and ucdp: events in the columns of those tables, as CSV.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--lang", type=click.Choice(["ar", "en", "fr"]), help="Articles in this language only."
)
@store_option
@selection_options
def export_command(
    layer: str | None,
    schema: str | None,
    file_format: str,
    output: Path | None,
    lang: str | None,
    store_url: str | None,
    **chosen: Any,  # noqa: ANN401 (the selection options)
) -> None:
    """Write a layer of the store to a file."""
    # The database library takes half a second to come up; only stores need it.
    from geocode.store import open_store

    if schema:
        say_json(layer_schema(schema), indent=2)
        return
    if layer is None or output is None:
        msg = "Give --layer and -o FILE, or --schema LAYER."
        raise click.UsageError(msg)
    check_selection(chosen)
    _check_fits(layer, lang, file_format, chosen)
    with open_store(store_url or default_store_url(), read_only=True) as store:
        rows, made_from = _rows(store, layer, Selection(**chosen), lang)
    if file_format in SHAPES:
        table = _shaped(file_format, rows)
        write_table(table, output)
        say(f"{len(table)} events in the columns of {file_format} in {output}")
        return
    write_layer(layer, rows, output, file_format=file_format, made_from=made_from)
    say(f"{len(rows)} {layer} in {output}")


@click.command(name="import")
@click.argument("dataset", type=click.Choice(DATASET_NAMES))
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@store_option
def import_command(dataset: str, files: tuple[Path, ...], store_url: str | None) -> None:
    """
    Keep event tables of others as the layer "others", beside what was read here.

    Rows that cannot be read are refused by line and reason; the others go on. Read again, rows of
    the same id are replaced.
    """
    from geocode.exchange import read_others
    from geocode.store import open_store

    refused: list[Refused] = []
    done = 0
    with open_store(store_url or default_store_url()) as store:
        for file in files:
            rows = read_others(dataset, file, refused=refused)
            new = store.keep_others(rows)
            done += len(rows)
            say(f"{new} new, {len(rows) - new} replaced from {file}")
    finish(refused, done=done)


def _shaped(shape: str, events: "gpd.GeoDataFrame") -> "pd.DataFrame":
    from geocode.exchange import to_acled, to_ucdp

    shaped = {"acled": to_acled, "ucdp": to_ucdp}[shape]
    return shaped(events, load_conflict(), load_gazetteer(user_packs()))


def _check_fits(layer: str, lang: str | None, file_format: str, chosen: Mapping[str, Any]) -> None:
    """Refuse what a layer cannot be chosen by: an empty file would say that nothing is there."""
    if file_format in SHAPES and layer != "events":
        msg = f"--format {file_format} is for --layer events; {layer} have no such columns."
        raise click.UsageError(msg)
    if chosen["event_type"] and layer not in ("events", *BESIDE_LAYERS):
        msg = f"--type chooses events; {layer} have none."
        raise click.UsageError(msg)
    if chosen["place_id"] and layer in BESIDE_LAYERS:
        msg = f"--place chooses our places; {layer} name their own."
        raise click.UsageError(msg)
    if chosen["side"] and layer not in ("events", *CONCLUDED_LAYERS):
        msg = f"--side chooses events, control and front; {layer} have none."
        raise click.UsageError(msg)
    if lang and layer in (*CONCLUDED_LAYERS, *BESIDE_LAYERS):
        msg = f"--lang chooses articles; {layer} belong to none."
        raise click.UsageError(msg)


def _rows(
    store: "Store", layer: str, selection: Selection, lang: str | None
) -> tuple["gpd.GeoDataFrame", dict[str, Any]]:
    """Give the rows of a layer, and what they were made from."""
    if layer in (*CONCLUDED_LAYERS, *BESIDE_LAYERS):
        return store.layer(layer, selection), store.made_from()
    rows = store.layer("mentions" if layer in DRAWN_LAYERS else layer, selection)
    if lang:
        ids = {article.article_id for article in store.articles() if article.lang == lang}
        rows = rows[rows["article_id"].isin(ids)].reset_index(drop=True)
    made_from = store.made_from(rows["article_id"])
    if layer not in DRAWN_LAYERS:
        return rows, made_from
    # A corridor is drawn from two mentions, of which the selection may keep one.
    whole = store.layer("mentions", Selection())
    whole = whole[whole["article_id"].isin(rows["article_id"])]
    drawn = uncertain_areas(whole, load_gazetteer(user_packs()))
    return drawn[drawn["mention_id"].isin(rows["mention_id"])].reset_index(drop=True), made_from
