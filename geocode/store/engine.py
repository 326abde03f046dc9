"""The way to an SQLite file, and what its errors mean."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from geocode.errors import StoreError

_BUSY_TIMEOUT_MS = 10_000
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}",
    "PRAGMA foreign_keys=ON",
)


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """
    Say in words what a database error means and what to do.

    Parameters
    ----------
    path
        The file of the store.

    Raises
    ------
    StoreError
        In place of what the database says.
    """
    try:
        yield
    except StoreError:
        raise
    except sa.exc.DBAPIError as error:
        raise StoreError(_advice(path, str(error.orig))) from error
    except (sqlite3.Error, OSError) as error:
        raise StoreError(_advice(path, str(error))) from error


def _advice(path: Path, fault: str) -> str:
    known = {
        "no such column": "it is not a Mihwar store; choose another with --store",
        "directory": "it is a folder, or lies where a file is; choose another with --store",
        "File exists": "it lies where a file is; choose another with --store",
        "locked": "another process has been writing for long; wait and run it again",
        "readonly": "the file or its folder may not be written; choose another with --store",
        "unable to open": "its folder is missing or may not be used; choose another with --store",
        "not a database": "it is not a Mihwar store; choose another with --store",
        "malformed": "the file is damaged; restore a copy, or ingest into a new store",
        "full": "the disk is full; free some space and run it again, nothing was half stored",
        "no such table": "it is not a Mihwar store; choose another with --store",
    }
    advice = next((text for word, text in known.items() if word in fault), "see above")
    return f"The store {path} failed: {fault}; {advice}."


def make_engine(path: Path, *, read_only: bool) -> sa.Engine:
    """
    Give the way to an SQLite file.

    Parameters
    ----------
    path
        The file; its folder is made where there is none.
    read_only
        Whether nothing may be written.

    Raises
    ------
    StoreError
        If the folder cannot be made.
    """
    if not read_only:
        with plain_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
    mode = "ro" if read_only else "rwc"
    address = f"file:{_quoted(path)}?mode={mode}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            address, uri=True, isolation_level=None, check_same_thread=False
        )
        for pragma in _PRAGMAS[2:] if read_only else _PRAGMAS:
            connection.execute(pragma)
        return connection

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.QueuePool)
    if not read_only:

        def begin(connection: sa.Connection) -> None:
            # A deferred BEGIN that writes after another commit fails at once, timeout or not.
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        sa.event.listen(engine, "begin", begin)
    return engine


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
