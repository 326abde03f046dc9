"""Open a store, and refuse what is none."""

from geocode.errors import StoreError
from geocode.store.backend import Backend
from geocode.store.postgres import is_postgres, postgres_backend
from geocode.store.sqlite import has_content, sqlite_backend
from geocode.store.store import Store


def open_store(url: str, *, read_only: bool = False) -> Store:
    """
    Open a store, and make it where there is none.

    Parameters
    ----------
    url
        A path, ``sqlite:///path`` or ``postgresql://user@host:port/database``.
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
    backend = _backend(url, read_only=read_only)
    store = Store(backend, read_only=read_only)
    try:
        # Look before writing: a file of others is left exactly as it is.
        if not read_only and not is_postgres(url) and has_content(url):
            with backend.plain_errors():
                store.version()
        store.prepare()
    except BaseException:
        store.close()
        raise
    return store


def _backend(url: str, *, read_only: bool) -> Backend:
    if is_postgres(url):
        return postgres_backend(url, read_only=read_only)
    if "://" in url and not url.startswith("sqlite:///"):
        kind = url.split("://", 1)[0]
        msg = (
            f"There are no stores of the kind {kind!r}; give a path, sqlite:///path or "
            "postgresql://user@host:port/database."
        )
        raise StoreError(msg)
    return sqlite_backend(url, read_only=read_only)
