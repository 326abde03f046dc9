"""What is watched, and how it answered last: kept in the store, so that a restart goes on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from geocode.article import clean_text
from geocode.store.backend import Backend
from geocode.store.tables import watched


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """
    How an address, or a file, answered last.

    Attributes
    ----------
    address
        Its name.
    etag, last_modified
        To be handed in next time; of a file its size and time.
    failures
        How often in a row it failed.
    checked_at, next_at
        When it was asked, and when it may be asked again; seconds since 1970.
    state
        What came of it, in words.
    """

    address: str
    etag: str = ""
    last_modified: str = ""
    failures: int = 0
    checked_at: int = 0
    next_at: int = 0
    state: str = ""


class WatchedList:
    """
    What is watched for a store.

    Parameters
    ----------
    backend
        The database of the store.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def get(self, address: str) -> Watched:
        """
        Give how an address answered last.

        Parameters
        ----------
        address
            Its name; one that was never asked is new.
        """
        wanted = sa.select(watched).where(watched.c.address == address)
        row = self._backend.read(lambda c: c.execute(wanted).mappings().first())
        return _watched(dict(row)) if row else Watched(address=address)

    def list(self) -> list[Watched]:
        """Give all, by address."""
        wanted = sa.select(watched).order_by(watched.c.address)
        rows = self._backend.read(lambda c: c.execute(wanted).mappings().all())
        return [_watched(dict(row)) for row in rows]

    def put(self, one: Watched) -> None:
        """
        Note how an address answered.

        Parameters
        ----------
        one
            The address.

        Raises
        ------
        StoreError
            If the store cannot be written.
        """
        row = {k: clean_text(v) if isinstance(v, str) else v for k, v in asdict(one).items()}

        def work(connection: sa.Connection) -> None:
            connection.execute(sa.delete(watched).where(watched.c.address == row["address"]))
            connection.execute(sa.insert(watched).values(**row))

        self._backend.write(work)


def _watched(row: Mapping[str, object]) -> Watched:
    return Watched(**row)  # type: ignore[arg-type]
