"""Start the Streamlit server: on this machine only, unless it is said who may come in."""

import errno
import os
import socket
from contextlib import closing
from dataclasses import dataclass
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

from starlette.middleware import Middleware
from streamlit import App, runtime

from dashboard.access import Access, is_loopback, read_access
from dashboard.errors import ServeError
from dashboard.guarding import Guarding, hosts_of
from dashboard.returning import Returning
from dashboard.settings import read_settings

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8501
_TRIED_PORTS = 20
_TILES = "https://tile.openstreetmap.org"
_OPTIONS: dict[str, str | int | bool] = {
    # Dark enough on light, light enough on dark: text in these colours can be read.
    "theme.light.primaryColor": "#9a3412",
    "theme.dark.primaryColor": "#fb923c",
    "server.headless": True,
    "server.showEmailPrompt": False,
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    "server.maxUploadSize": 25,
    "server.maxMessageSize": 50,
    "server.enableXsrfProtection": True,
    "server.xsrfCookieSameSite": "lax",
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.disconnectedSessionTTL": 60,
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.toolbarMode": "viewer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """
    Where the server listens, and to whom.

    Attributes
    ----------
    port
        None for 8501 or the first free one after it.
    address
        An address of this machine; one that others reach wants `access`.
    access
        The file that says who may come in; None for whoever is on this machine.
    read_only
        Whether nobody may add reports or correct.
    """

    port: int | None = None
    address: str = LOOPBACK
    access: Path | None = None
    read_only: bool = False


def serve(store_url: str, door: Door | None = None) -> None:
    """
    Serve the dashboard until it is interrupted.

    Parameters
    ----------
    store_url
        The store to show.
    door
        Where, and to whom; None for this machine only.

    Raises
    ------
    ServeError
        If the port is in use, or it would be open to others without a log-in.
    AccessError
        If the file that says who may come in is wrong.
    SettingsError
        If a setting of the environment is.
    """
    door = door or Door()
    access = read_access(door.access) if door.access else None
    check_door(door, access)
    port = _chosen_port(door)
    os.environ["MIHWAR_STORE"] = store_url
    os.environ["MIHWAR_ADDRESS"] = door.address
    if door.access:
        os.environ["MIHWAR_ACCESS"] = str(door.access.resolve())
    if door.read_only:
        os.environ["MIHWAR_READ_ONLY"] = "1"
    tiles = read_settings(os.environ).online_tiles
    hosts = hosts_of(door.address, access.host if access else "")
    before = [Middleware(Guarding, hosts=hosts, stored=_stored, images=[_TILES] if tiles else [])]
    if access:
        before.append(Middleware(Returning, hosts=hosts, secure=access.is_https))
    app = App(
        str(resources.files("dashboard") / "app.py"),
        secrets={"auth": dict(access.auth)} if access else None,
        middleware=before,
    )
    options = {
        **_OPTIONS,
        "server.address": door.address,
        "server.port": port,
        "server.allowedHosts": sorted(hosts),
    }
    app.run(config=options)


def check_door(door: Door, access: Access | None) -> None:
    """
    Refuse to be open to others without a log-in.

    Parameters
    ----------
    door
        Where the server listens.
    access
        Who may come in.

    Raises
    ------
    ServeError
        If others reach it and nobody says who they may be, or the log-in is not installed.
    """
    if not is_loopback(door.address) and access is None:
        msg = (
            f"{door.address} can be reached from other machines, and nobody is asked who they "
            "are; say who may come in with --access FILE (docs/deploy.md), or serve this machine "
            f"only: --address {LOOPBACK}"
        )
        raise ServeError(msg)
    if access is not None and find_spec("authlib") is None:
        msg = "The log-in needs what is not installed: pip install 'mihwar[auth]'"
        raise ServeError(msg)


def _stored() -> dict[str, int]:
    """Count the uploads that Streamlit keeps, by session."""
    if not runtime.exists():
        return {}
    files = getattr(runtime.get_instance().uploaded_file_mgr, "file_storage", {})
    return {name: sum(len(f.data) for f in kept.values()) for name, kept in list(files.items())}


def _chosen_port(door: Door) -> int:
    if door.port is None:
        return _free_port(door.address, DEFAULT_PORT, _TRIED_PORTS)
    if not _is_free(door.address, door.port):
        msg = f"Port {door.port} on {door.address} is in use; choose another with --port."
        raise ServeError(msg)
    return door.port


def _free_port(address: str, first: int, tries: int) -> int:
    for port in range(first, first + tries):
        if _is_free(address, port):
            return port
    last = first + tries - 1
    msg = f"Ports {first} to {last} on {address} are all in use; name one with --port."
    raise ServeError(msg)


def _is_free(address: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno in (errno.EADDRNOTAVAIL, errno.EINVAL) or isinstance(
                error, socket.gaierror
            ):
                msg = f"{address!r} is no address of this machine"
                raise ServeError(msg) from error
            return False
    return True
