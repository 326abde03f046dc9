"""Open a store, and refuse what is none."""

from pathlib import Path

from geocode.errors import StoreError
from geocode.store.engine import plain_errors
from geocode.store.store import Store


def open_store(url: str, *, read_only: bool = False) -> Store:
    """
    Open a store, and make it where there is none.

    Parameters
    ----------
    url
        A path or ``sqlite:///path``.
    read_only
        Open for reading only; then it must be there.

    Returns
    -------
    store
        Open; close it, or use it in a ``with``.

    Raises
    ------
    StoreError
        If it cannot be opened, is no store, or was made by a newer version.
    """
    if "://" in url and not url.startswith("sqlite:///"):
        kind = url.split("://", 1)[0]
        msg = f"Stores of the kind {kind!r} are not supported yet; give a path or sqlite:///path."
        raise StoreError(msg)
    path = Path(url.removeprefix("sqlite:///")).expanduser()
    if "\0" in url or path.is_dir():
        msg = f"{url!r} is no name of a file; choose another with --store"
        raise StoreError(msg)
    if read_only and not path.exists():
        msg = f"There is no store at {path}; make one with: mihwar ingest INPUT --store {path}"
        raise StoreError(msg)
    with plain_errors(path):
        if path.exists() and path.stat().st_size and not read_only:
            _check(path)
        store = Store(path, read_only=read_only)
        store.prepare()
    return store


def _check(path: Path) -> None:
    """Look before writing: a file of others is left exactly as it is."""
    viewer = Store(path, read_only=True)
    try:
        viewer.version()
    finally:
        viewer.close()
