"""What holds a store: the ways in and out of a database, and what its errors mean."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import sqlalchemy as sa

from geocode.errors import StoreError

_PAUSE_S = 0.5
# What PostgreSQL calls a server that stops, starts or broke down, and two writers in each other's
# way (appendix A of its manual): all pass.
_PASSING = ("57P01", "57P02", "57P03", "40001", "40P01")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """
    A database that holds a store.

    Attributes
    ----------
    name
        What it is called in messages; never with a password.
    writer, reader
        The ways in; one and the same where nothing may be written.
    advice
        What to do, by a word of the database's own message.
    patience_s
        So many seconds a lost connection is tried again.
    """

    name: str
    writer: sa.Engine
    reader: sa.Engine
    advice: Mapping[str, str] = field(default_factory=dict)
    patience_s: float = 0.0

    def close(self) -> None:
        """Let go of the database."""
        # The writer last: of an SQLite file only it can bring what is in -wal into the file.
        self.reader.dispose()
        self.writer.dispose()

    def write(self, work: Callable[[sa.Connection], Result], *, patient: bool = True) -> Result:
        """
        Do something in one transaction, all of it or nothing.

        Parameters
        ----------
        work
            What is done; it may be done again where the connection was lost in the middle.
        patient
            Whether to wait for a database that went away.

        Raises
        ------
        StoreError
            If it cannot be done; nothing of it is stored then.
        """
        return self._run(self.writer.begin, work, patient=patient)

    def read(self, work: Callable[[sa.Connection], Result], *, patient: bool = True) -> Result:
        """
        Ask something.

        Parameters
        ----------
        work
            What is asked.
        patient
            Whether to wait for a database that went away.

        Raises
        ------
        StoreError
            If it cannot be read.
        """
        return self._run(self.reader.connect, work, patient=patient)

    def _run(
        self,
        enter: Callable[[], AbstractContextManager[sa.Connection]],
        work: Callable[[sa.Connection], Result],
        *,
        patient: bool,
    ) -> Result:
        give_up = time.monotonic() + (self.patience_s if patient else 0)
        with self.plain_errors():
            while True:
                try:
                    with enter() as connection:
                        return work(connection)
                except sa.exc.DBAPIError as error:
                    if not _passes(error) or time.monotonic() >= give_up:
                        raise
                time.sleep(_PAUSE_S)

    @contextmanager
    def plain_errors(self) -> Iterator[None]:
        """
        Say in words what a database error means and what to do.

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
            raise StoreError(self._told(_fault(error))) from error
        except (sa.exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise StoreError(self._told(str(error))) from error

    def _told(self, fault: str) -> str:
        plain = " ".join(fault.split())
        found = (text for word, text in self.advice.items() if word in plain)
        advice = next(found, "see above")
        return f"The store {self.name} failed: {plain}; {advice}."


def _fault(error: sa.exc.DBAPIError) -> str:
    """Give what the database says, without the statement it points at."""
    said = getattr(getattr(error.orig, "diag", None), "message_primary", None)
    return str(said or error.orig)


def _passes(error: sa.exc.DBAPIError) -> bool:
    """Tell a database that went away for a while from one that refuses."""
    state = getattr(error.orig, "sqlstate", None)
    gone = error.connection_invalidated or (
        isinstance(error, sa.exc.OperationalError) and state is None
    )
    return gone or state in _PASSING
