"""Lines on a terminal or in a log: words of others write none of their own, and colour nothing."""

import json
from typing import Any

import click


def plain_line(text: str) -> str:
    r"""
    Give a text as it may stand in a line.

    Parameters
    ----------
    text
        It may hold words of others.

    Returns
    -------
    line
        Control characters, ends of lines and marks of direction are shown by their numbers.

    Examples
    --------
    >>> print(plain_line("a" + chr(10) + "b" + chr(0x202E)))
    a\u000ab\u202e
    """
    return "".join(c if c.isprintable() else _number(c) for c in text)


def _number(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def say(text: str, *, err: bool = False) -> None:
    """
    Write one line.

    Parameters
    ----------
    text
        The line; it may hold words of others.
    err
        Whether it goes to standard error.
    """
    click.echo(plain_line(text), err=err)


def say_error(text: str) -> None:
    """
    Write a message of an error; one of several faults has a line for each.

    Parameters
    ----------
    text
        The message. All lines but the first are set in, so that none can pass for another's.
    """
    first, *rest = text.split("\n")
    say(first, err=True)
    for line in rest:
        say(f"  {line}", err=True)


def say_json(value: Any, *, indent: int | None = None) -> None:  # noqa: ANN401 (whatever JSON holds)
    """
    Write JSON, which is read back as it was.

    Parameters
    ----------
    value
        What is written.
    indent
        As of `json.dumps`; None for one line.
    """
    lines = json.dumps(value, ensure_ascii=False, indent=indent).split("\n")
    for line in lines:
        say(line)
