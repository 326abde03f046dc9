"""What was refused: kept with its reason, until it is read after all or thrown away."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from geocode.article import clean_text
from geocode.reading import Given, Refused
from geocode.store.backend import Backend
from geocode.store.bulk import insert_rows
from geocode.store.tables import quarantine

# The most values in one query.
_MANY = 500
_DAYS = ("earliest", "latest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """
    One row of the quarantine.

    Attributes
    ----------
    quarantine_id
        Its name.
    refused
        What was refused, and why.
    given
        What was said of the input.
    since
        The day it was refused first.
    """

    quarantine_id: str
    refused: Refused
    given: Given
    since: date


class Quarantine:
    """
    The quarantine of a store.

    Parameters
    ----------
    backend
        The database of the store.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def add(self, refused: Sequence[Refused], given: Given, *, day: date) -> None:
        """
        Keep the rows and articles among what was refused; what is there already keeps its day.

        Parameters
        ----------
        refused
            What was refused; whole files and addresses that could not be read are passed over.
        given
            What was said of the inputs.
        day
            Today.

        Raises
        ------
        StoreError
            If the store cannot be written.
        """
        kept = (item for item in refused if item.where or item.content is not None)
        rows = {row["quarantine_id"]: row for row in (_row(item, given, day) for item in kept)}
        if rows:
            self._backend.write(lambda connection: _add(connection, rows))

    def list(self) -> list[Kept]:
        """
        Give all that is in it, the oldest first.

        Returns
        -------
        kept
            Ordered by day, source and place.
        """
        columns = quarantine.c
        wanted = sa.select(quarantine).order_by(columns.since, columns.source, columns.position)
        rows = self._backend.read(lambda connection: connection.execute(wanted).mappings().all())
        return [_kept(dict(row)) for row in rows]

    def count(self) -> int:
        """Count what is in it."""
        wanted = sa.select(sa.func.count()).select_from(quarantine)
        return int(self._backend.read(lambda connection: connection.execute(wanted).scalar_one()))

    def remove(self, ids: Sequence[str]) -> None:
        """
        Throw some of it away.

        Parameters
        ----------
        ids
            Which.

        Raises
        ------
        StoreError
            If the store cannot be written.
        """
        self._backend.write(lambda connection: _remove(connection, ids))


def _add(connection: sa.Connection, rows: dict[str, dict[str, Any]]) -> None:
    ids = list(rows)
    for first in range(0, len(ids), _MANY):
        some = quarantine.c.quarantine_id.in_(ids[first : first + _MANY])
        wanted = sa.select(quarantine.c.quarantine_id, quarantine.c.since).where(some)
        for quarantine_id, since in connection.execute(wanted):
            rows[quarantine_id]["since"] = since
    _remove(connection, ids)
    insert_rows(connection, quarantine, list(rows.values()))


def _remove(connection: sa.Connection, ids: Sequence[str]) -> None:
    for first in range(0, len(ids), _MANY):
        some = quarantine.c.quarantine_id.in_(list(ids[first : first + _MANY]))
        connection.execute(sa.delete(quarantine).where(some))


def _row(item: Refused, given: Given, day: date) -> dict[str, Any]:
    said = asdict(given)
    said |= {name: said[name].isoformat() for name in _DAYS if said[name] is not None}
    parts = tuple(map(clean_text, (item.source, item.where, item.content or "")))
    named = hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=8)
    return {
        "quarantine_id": named.hexdigest(),
        "source": clean_text(item.source),
        "position": clean_text(item.where),
        "reason": clean_text(item.reason),
        "content": None if item.content is None else clean_text(item.content),
        "given": clean_text(json.dumps(said, ensure_ascii=False)),
        "since": day.isoformat(),
    }


def _kept(row: dict[str, Any]) -> Kept:
    said = json.loads(row["given"])
    said |= {name: date.fromisoformat(said[name]) for name in _DAYS if said[name] is not None}
    return Kept(
        quarantine_id=row["quarantine_id"],
        refused=Refused(
            source=row["source"],
            where=row["position"],
            reason=row["reason"],
            content=row["content"],
        ),
        given=Given(**said),
        since=date.fromisoformat(row["since"]),
    )
