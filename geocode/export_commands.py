"""The command ``mihwar export``: a layer of a store as a file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gazetteer import load_gazetteer, user_packs
from geocode.layers import FORMATS, write_layer
from geocode.options import check_selection, selection_options, store_option
from geocode.schema import ALL_LAYERS, CONCLUDED_LAYERS, DRAWN_LAYERS, layer_schema
from geocode.store import Selection, default_store_url
from geocode.uncertainty import uncertain_areas

if TYPE_CHECKING:
    import geopandas as gpd

    from geocode.store import Store


@click.command(name="export")
@click.option("--layer", type=click.Choice(list(ALL_LAYERS)))
@click.option(
    "--schema",
    "schema",
    type=click.Choice(list(ALL_LAYERS)),
    help="Print the JSON Schema of a layer.",
)
@click.option(
    "--format", "file_format", type=click.Choice(FORMATS), default="geojson", show_default=True
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
        click.echo(json.dumps(layer_schema(schema), ensure_ascii=False, indent=2))
        return
    if layer is None or output is None:
        msg = "Give --layer and -o FILE, or --schema LAYER."
        raise click.UsageError(msg)
    check_selection(chosen)
    _check_fits(layer, lang, chosen)
    with open_store(store_url or default_store_url(), read_only=True) as store:
        rows, made_from = _rows(store, layer, Selection(**chosen), lang)
    write_layer(layer, rows, output, file_format=file_format, made_from=made_from)
    click.echo(f"{len(rows)} {layer} in {output}")


def _check_fits(layer: str, lang: str | None, chosen: Mapping[str, Any]) -> None:
    """Refuse what a layer cannot be chosen by: an empty file would say that nothing is there."""
    if layer != "events" and chosen["event_type"]:
        msg = f"--type chooses events; {layer} have none."
        raise click.UsageError(msg)
    if chosen["side"] and layer not in ("events", *CONCLUDED_LAYERS):
        msg = f"--side chooses events, control and front; {layer} have none."
        raise click.UsageError(msg)
    if lang and layer in CONCLUDED_LAYERS:
        msg = f"--lang chooses articles; {layer} is concluded from all of them."
        raise click.UsageError(msg)


def _rows(
    store: "Store", layer: str, selection: Selection, lang: str | None
) -> tuple["gpd.GeoDataFrame", dict[str, Any]]:
    """Give the rows of a layer, and what they were made from."""
    if layer in CONCLUDED_LAYERS:
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
