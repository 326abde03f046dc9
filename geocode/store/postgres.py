"""A store in a PostgreSQL database with PostGIS."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from geocode.errors import StoreError
from geocode.store.backend import Backend

SCHEMES = ("postgresql", "postgres")
# One writer at a time, as in an SQLite file: conclusions are drawn from all claims. The number is
# any that no other program would choose («Mihwar» in ASCII).
_WRITE_LOCK = 0x4D6968776172
_LOCK_TIMEOUT_MS = 60_000
_PATIENCE_S = 60.0
_POOL = 5
_SESSION = {
    # A cut-off client must not keep the lock: keepalives find it in half a minute.
    "application_name": "mihwar",
    "client_min_messages": "warning",
}
_ADVICE = {
    "password authentication failed": "the user or password is wrong; set PGPASSWORD, or ~/.pgpass",
    "no password supplied": "it asks for a password; set PGPASSWORD, or use ~/.pgpass",
    "Connection refused": "no server listens there; is PostgreSQL running, host and port right?",
    "could not translate host name": "there is no such host; check the address",
    "failed to resolve host": "there is no such host; check the address",
    "FATAL: database": "there is no such database; make it first, with: createdb NAME",
    "does not exist": "there is no store in it; make one with: mihwar ingest INPUT --store URL",
    "read-only transaction": "it was opened for reading only, or the role may not be written by",
    "permission denied": "the role lacks rights; docs/deploy.md has the roles that are needed",
    "must be owner": "another role made this store; docs/deploy.md has the roles that are needed",
    "lock timeout": "another process has been writing for long; wait and run it again",
    "statement timeout": "the answer took too long; ask for fewer days or a smaller box",
    "No space left": "its disk is full; make room and run it again, nothing was half stored",
    "could not extend file": "its disk is full; make room and run it again",
    "is not available": "PostGIS is not installed on the server; Debian: postgresql-15-postgis-3",
    "too many clients": "the server has no connection to spare; raise max_connections",
    "remaining connection slots": "the server has no connection to spare; raise max_connections",
    "invalid page": "the database is damaged; restore a backup",
}


def is_postgres(url: str) -> bool:
    """
    Say whether an address is that of a PostgreSQL database.

    Parameters
    ----------
    url
        An address of a store.
    """
    return url.partition("://")[0] in SCHEMES


def postgres_backend(url: str, *, read_only: bool) -> Backend:
    """
    Give the way to a PostgreSQL database.

    Parameters
    ----------
    url
        ``postgresql://user@host:port/database``; what is not in it is taken from libpq's own
        variables and files (``PGPASSWORD``, ``~/.pgpass``).
    read_only
        Whether nothing may be written; the database itself refuses it then.

    Raises
    ------
    StoreError
        If it is no address, or the driver is not installed.
    """
    try:
        address = sa.make_url(url).set(drivername="postgresql+psycopg")
    except (sa.exc.ArgumentError, ValueError):
        # The address is not shown: it may hold a password.
        msg = "the address of the store is none; expected postgresql://user@host:port/database"
        raise StoreError(msg) from None
    reader = _engine(address, read_only=True)
    writer = reader if read_only else _engine(address, read_only=False)
    return Backend(
        name=shown_address(url),
        writer=writer,
        reader=reader,
        advice=_ADVICE,
        patience_s=_PATIENCE_S,
    )


def shown_address(url: str) -> str:
    """
    Give an address as it may be shown: without password, and without options.

    Parameters
    ----------
    url
        An address that `is_postgres`.
    """
    try:
        address = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        return "postgresql://…"
    return address.set(password=None, query={}).render_as_string()


def _engine(address: sa.URL, *, read_only: bool) -> sa.Engine:
    try:
        engine = sa.create_engine(
            address,
            pool_pre_ping=True,
            pool_size=_POOL,
            max_overflow=_POOL,
            connect_args={
                "connect_timeout": 10,
                "keepalives_idle": 15,
                "keepalives_interval": 5,
                "keepalives_count": 3,
            },
        )
    except ModuleNotFoundError as error:
        msg = "PostgreSQL needs a driver that is not installed: pip install 'mihwar[postgres]'"
        raise StoreError(msg) from error
    settings: dict[str, str] = {**_SESSION, "lock_timeout": str(_LOCK_TIMEOUT_MS)}
    if read_only:
        settings["default_transaction_read_only"] = "on"
    sa.event.listen(engine, "connect", lambda connection, _: _prepare(connection, settings))
    if not read_only:

        def begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")

        sa.event.listen(engine, "begin", begin)
    return engine


def _prepare(connection: Any, settings: Mapping[str, str]) -> None:  # noqa: ANN401 (a driver's)
    # Outside of a transaction: what is set inside one goes with its roll-back.
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name, value in settings.items():
            cursor.execute("SELECT set_config(%s, %s, false)", (name, value))
    connection.autocommit = False
