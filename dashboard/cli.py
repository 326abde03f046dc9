"""The ``mihwar`` command."""

import gc
import json
import sys
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any

import click

from dashboard.errors import DashboardError
from dashboard.settings import LANGUAGES
from gazetteer import GazetteerError, load_gazetteer, user_packs
from gazetteer.cli import gazetteer_commands
from gazetteer.terminal import say, say_error
from geocode.cli import COMMANDS, GAZETTEER_COMMANDS
from geocode.conflict import load_conflict
from geocode.errors import GeocodeError
from geocode.options import check_selection, selection_options, store_option
from geocode.pipeline import mihwar_version
from geocode.reading import read_articles
from geocode.store import Selection, default_store_url


class Mihwar(click.Group):
    """A group whose errors are one plain line, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 (click's signature)
        """Run a command; say what went wrong and end with 2."""
        # What was imported stays; the collector need not walk it while the gazetteer is read.
        gc.freeze()
        try:
            return super().invoke(ctx)
        except (DashboardError, GeocodeError, GazetteerError) as error:
            say_error(f"mihwar: {error}")
            raise SystemExit(2) from error
        except BrokenPipeError:
            sys.stderr.close()
            raise SystemExit(0) from None
        except OSError as error:
            say_error(f"mihwar: {error}")
            raise SystemExit(2) from error


@click.group(cls=Mihwar, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(mihwar_version(), prog_name="mihwar")
def main() -> None:
    """
    Read news articles about the Libyan war and map where the front line was mentioned.

    Ends with 0 when done, 1 when some inputs were refused (it says which and why), 2 when nothing
    was done.
    """


for _command in COMMANDS:
    main.add_command(_command)
for _command in GAZETTEER_COMMANDS:
    gazetteer_commands.add_command(_command)
main.add_command(gazetteer_commands)


@main.command()
@store_option
@click.option("--port", type=click.IntRange(1, 65535), help="Else the first free one from 8501.")
@click.option("--address", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--access",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file that says who may come in, and how they log in (docs/deploy.md).",
)
@click.option("--read-only", is_flag=True, help="Nobody adds reports or corrects.")
def serve(
    store_url: str | None,
    port: int | None,
    address: str,
    access: Path | None,
    read_only: bool,  # noqa: FBT001 (click hands flags in)
) -> None:
    """
    Open the dashboard on a store, on this machine only.

    An address that other machines reach is refused unless --access says who may come in.
    """
    from dashboard.serve import Door, check_door
    from dashboard.serve import serve as run
    from geocode.store import open_store

    url = store_url or default_store_url()
    door = Door(port=port, address=address, access=access, read_only=read_only)
    if access is None:
        check_door(door, None)
    with open_store(url, read_only=True):
        pass
    run(url, door)


@main.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Port on 127.0.0.1; else the first free one from 8501.",
)
def demo(port: int | None) -> None:
    """Read the bundled sample reports into a fresh store and open the dashboard on it."""
    from dashboard.serve import Door
    from dashboard.serve import serve as run
    from geocode.ingest import ingest_articles
    from geocode.store import open_store

    with tempfile.TemporaryDirectory(prefix="mihwar-demo-") as folder:
        url = str(Path(folder) / "demo.sqlite")
        with (
            resources.as_file(resources.files("dashboard.sample") / "reports.jsonl") as reports,
            open_store(url) as store,
        ):
            for saved in ingest_articles(read_articles(reports), store):
                say(f"{saved.new} sample reports read")
        run(url, Door(port=port))


@main.command()
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Language of the page.",
)
@click.option("--front-line", is_flag=True, help="Mentions of the front line only.")
@click.option("--time-lapse", is_flag=True, help="It plays as soon as it is opened.")
@store_option
@selection_options
def share(
    output: Path,
    lang: str,
    front_line: bool,  # noqa: FBT001 (click hands flags in)
    time_lapse: bool,  # noqa: FBT001
    store_url: str | None,
    **chosen: Any,  # noqa: ANN401 (the selection options)
) -> None:
    """Write the time map as one HTML file that opens from disk, with no network."""
    from dashboard.share import share_html, time_map
    from geocode.store import open_store

    check_selection(chosen)
    window = (chosen.pop("first_day"), chosen.pop("last_day"))
    Selection(first_day=window[0], last_day=window[1])  # refuses days that are swapped
    told = Selection(**chosen)
    named = Selection(box=told.box, place_id=told.place_id)
    with open_store(store_url or default_store_url(), read_only=True) as store:
        events, mentions = store.layer("events", told), store.layer("mentions", named)
        articles = {a.article_id: a for a in store.articles(set(mentions["article_id"]))}
        beside = {name: store.layer(name) for name in ("control", "front", "others")}
    if told.event_type or told.side:
        chosen_ids = {i for ids in events["mention_ids"] for i in json.loads(ids)}
        mentions = mentions[mentions["mention_id"].isin(chosen_ids)].reset_index(drop=True)
    page = time_map(
        mentions,
        events,
        articles,
        conflict=load_conflict(),
        gazetteer=load_gazetteer(user_packs()),
        lang=lang,
        front_only=front_line,
        window=window,
        **beside,
        time_lapse=time_lapse,
    )
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(share_html(page), encoding="utf-8")
    say(f"The map is in {output}")


if __name__ == "__main__":
    main()
