"""A store in an SQLite file."""

import sqlite3
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

from geocode.errors import StoreError
from geocode.store.backend import Backend

_BUSY_TIMEOUT_MS = 10_000
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}",
    "PRAGMA foreign_keys=ON",
)
_ADVICE = {
    "no such column": "it is not a Mihwar store; choose another with --store",
    "directory": "it is a folder, or lies where a file is; choose another with --store",
    "File exists": "it lies where a file is; choose another with --store",
    "locked": "another process has been writing for long; wait and run it again",
    "readonly": "the file or its folder may not be written; choose another with --store",
    "unable to open": "its folder is missing or may not be used; choose another with --store",
    "not a database": "it is not a Mihwar store; choose another with --store",
    "malformed": "the file is damaged; restore a copy, or ingest into a new store",
    "full": "the disk is full; free some space and run it again, nothing was half stored",
    "No space left": "the disk is full; free some space and run it again, nothing was half stored",
    "disk I/O error": "the disk is full or failing; make room and run it again",
    "no such table": "it is not a Mihwar store; choose another with --store",
}


def sqlite_backend(url: str, *, read_only: bool) -> Backend:
    """
    Give the way to an SQLite file.

    Parameters
    ----------
    url
        A path or ``sqlite:///path``; the folder is made where there is none.
    read_only
        Whether nothing may be written; then the file must be there.

    Raises
    ------
    StoreError
        If it is no name of a file, or there is none to read.
    """
    path = Path(url.removeprefix("sqlite:///")).expanduser()
    if "\0" in url or path.is_dir():
        msg = f"{url!r} is no name of a file; choose another with --store"
        raise StoreError(msg)
    if read_only and not path.exists():
        msg = f"There is no store at {path}; make one with: mihwar ingest INPUT --store {path}"
        raise StoreError(msg)
    # The writer takes the write lock with every transaction, so reading has an engine of its own.
    reader = _engine(path, read_only=True)
    writer = reader if read_only else _engine(path, read_only=False)
    backend = Backend(name=str(path), writer=writer, reader=reader, advice=_ADVICE)
    if not read_only:
        with backend.plain_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            _refuse_shared_folder(path)
    return backend


def has_content(url: str) -> bool:
    """
    Say whether there is a file with something in it, which may be of others.

    Parameters
    ----------
    url
        A path or ``sqlite:///path``.
    """
    path = Path(url.removeprefix("sqlite:///")).expanduser()
    return path.exists() and path.stat().st_size > 0


def _engine(path: Path, *, read_only: bool) -> sa.Engine:
    address = f"file:{_quoted(path)}?mode={'ro' if read_only else 'rwc'}"

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


# File systems of other machines, as Linux calls them in /proc/mounts.
_REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "afs"})


def _refuse_shared_folder(path: Path) -> None:
    """SQLite's write-ahead log does not work over a network (sqlite.org/wal.html)."""
    mounts: list[list[str]] = []
    with suppress(OSError):
        text = Path("/proc/mounts").read_text("utf-8", "replace")
        mounts = [line.split() for line in text.splitlines()]
    folder = path.resolve().parent
    holding = [
        m
        for m in mounts
        if len(m) > 2 and folder.is_relative_to(m[1].replace("\\040", " "))  # noqa: PLR2004 (columns)
    ]
    kind = max(holding, key=lambda m: len(m[1]))[2] if holding else ""
    if kind in _REMOTE or kind.startswith("fuse.sshfs"):
        msg = (
            f"{path} lies on a network file system ({kind}), where SQLite may lose what is "
            "written; use a local folder, or PostgreSQL: --store postgresql://…"
        )
        raise StoreError(msg)
