"""The options that several commands share."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import click

from gazetteer import load_gazetteer, user_packs
from gazetteer.terminal import say
from geocode.article import TRIPOLI, parse_published
from geocode.conflict import load_conflict
from geocode.errors import ArticleError, LayerError
from geocode.reading import DATE_ORDERS, Given, Refused
from geocode.triggers import EVENT_TYPES

SOME_REFUSED, NOTHING_DONE = 1, 2
_SHOWN = 20
Command = TypeVar("Command", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A day, as 2019-12-14."""

    name = "date"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """
        Read a day, or say what one looks like.

        Parameters
        ----------
        value
            What was typed, or the default.
        param, ctx
            Of click, for its message.

        Raises
        ------
        click.BadParameter
            If it is none.
        """
        if isinstance(value, date):
            return value
        try:
            return parse_published(value)
        except ArticleError:
            self.fail(f"{value!r} is no day; expected for example 2019-12-14", param, ctx)


class Box(click.ParamType[tuple[float, float, float, float]]):
    """A box: west,south,east,north in degrees."""

    name = "W,S,E,N"

    def convert(
        self, value: str | Sequence[float], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float, float, float]:
        """
        Read four numbers.

        Parameters
        ----------
        value
            What was typed, or the default.
        param, ctx
            Of click, for its message.

        Raises
        ------
        click.BadParameter
            If it is none.
        """
        try:
            west, south, east, north = map(
                float, value.split(",") if isinstance(value, str) else value
            )
        except ValueError:
            self.fail(f"{value!r} is no box; expected for example 11,30,17,33", param, ctx)
        return west, south, east, north


def store_option(command: Command) -> Command:
    """
    Add ``--store``.

    Parameters
    ----------
    command
        A click command.
    """
    text = "A path or postgresql://…; else MIHWAR_STORE, else a file in your data folder."
    return click.option("--store", "store_url", metavar="URL", help=text)(command)


def selection_options(command: Command) -> Command:
    """
    Add the options that say which rows are wanted.

    Parameters
    ----------
    command
        A click command; takes ``first_day, last_day, box, event_type, side, place_id``.
    """
    options = (
        click.option("--from", "first_day", type=Day(), help="First day."),
        click.option("--to", "last_day", type=Day(), help="Last day."),
        click.option("--bbox", "box", type=Box(), help="Box in degrees."),
        click.option("--type", "event_type", help="Event type, for example capture (events only)."),
        click.option("--side", help="Side that acts or speaks, for example LNA (events only)."),
        click.option("--place", "place_id", help="Place id, for example ly:sirte."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def check_selection(chosen: Mapping[str, Any]) -> None:
    """
    Refuse a type, side or place that there is not.

    Parameters
    ----------
    chosen
        What `selection_options` gave.

    Raises
    ------
    LayerError
        If one is unknown: an empty file would say that nothing happened there.
    """
    event_type, side, place_id = (chosen[name] for name in ("event_type", "side", "place_id"))
    if event_type is not None and event_type not in EVENT_TYPES:
        msg = f"There is no event type {event_type!r}; expected one of {', '.join(EVENT_TYPES)}."
        raise LayerError(msg)
    sides = load_conflict().sides
    if side is not None and side not in sides:
        msg = f"There is no side {side!r}; expected one of {', '.join(sides)}."
        raise LayerError(msg)
    if place_id is not None:
        load_gazetteer(user_packs()).by_id(place_id)


def given_options(command: Command) -> Command:
    """
    Add the options that say what plain texts do not.

    Parameters
    ----------
    command
        A click command; takes ``quiet``, and what `given_of` takes.
    """
    options = (
        click.option("--published", type=Day(), help="Day of articles that do not tell it."),
        click.option("--outlet", default="", help="Outlet of articles that do not tell it."),
        click.option("--url", default="", help="Address of articles that do not tell it."),
        click.option("--encoding", default="", help="Encoding of the files; else UTF-8, or found."),
        click.option(
            "--date-order",
            type=click.Choice(DATE_ORDERS),
            help="How days like 01/02/2020 are meant; else they are refused.",
        ),
        click.option("--hijri", is_flag=True, help="Years like 1441 are of the Hijri calendar."),
        click.option(
            "--not-before", "earliest", type=Day(), help="Refuse earlier days of publication."
        ),
        click.option(
            "--not-after",
            "latest",
            type=Day(),
            help="Refuse later days of publication.  [default: tomorrow]",
        ),
        click.option("--quiet", is_flag=True, help="Say only what went wrong."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def given_of(said: Mapping[str, Any]) -> Given:
    """
    Give what was said of the inputs.

    Parameters
    ----------
    said
        What `given_options` gave.

    Returns
    -------
    given
        Days of publication after tomorrow are refused unless others are allowed: the clock is
        read here, and nowhere below.
    """
    published: date | None = said["published"]
    return Given(
        published=published.isoformat() if published else "",
        outlet=said["outlet"],
        url=said["url"],
        encoding=said["encoding"],
        date_order=said["date_order"] or "",
        hijri=said["hijri"],
        earliest=said["earliest"],
        latest=said["latest"] or today() + timedelta(days=1),
    )


def today() -> date:
    """Give the day it is in Libya."""
    return datetime.now(TRIPOLI).date()


def finish(refused: Sequence[Refused], *, done: int, count: int | None = None) -> None:
    """
    Tell what was refused, and end with the exit code of the contract.

    Parameters
    ----------
    refused
        What was, or the first of it.
    done
        How many were not.
    count
        How many were refused, where that is not all of them.
    """
    count = len(refused) if count is None else count
    for item in refused[:_SHOWN]:
        say(f"refused: {item!s}", err=True)
    if count > _SHOWN:
        say(f"refused: {count - _SHOWN} more", err=True)
    if not done:
        if not count:
            say("There was nothing to read.", err=True)
        raise SystemExit(NOTHING_DONE)
    if count:
        raise SystemExit(SOME_REFUSED)
