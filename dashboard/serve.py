"""Start the Streamlit server, on this machine only, asking nothing and telling nobody."""

import os
import socket
import sys
from contextlib import closing
from importlib import resources

from streamlit.web import cli as streamlit_cli

from dashboard.errors import ServeError

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8501
_TRIED_PORTS = 20
_OPTIONS = {
    # Dark enough on light, light enough on dark: text in these colours can be read.
    "theme.light.primaryColor": "#9a3412",
    "theme.dark.primaryColor": "#fb923c",
    "server.headless": "true",
    "server.showEmailPrompt": "false",
    "server.fileWatcherType": "none",
    "server.runOnSave": "false",
    "server.maxUploadSize": "25",
    "server.maxMessageSize": "50",
    "server.enableXsrfProtection": "true",
    "server.enableCORS": "true",
    "browser.gatherUsageStats": "false",
    "client.showErrorDetails": "none",
    "client.toolbarMode": "viewer",
}


def serve(store_url: str, *, port: int | None = None) -> None:
    """
    Serve the dashboard until it is interrupted.

    Parameters
    ----------
    store_url
        The store to show.
    port
        The port on 127.0.0.1; None for 8501 or the first free one after it.

    Raises
    ------
    ServeError
        If the port is in use.
    """
    chosen = _free_port(DEFAULT_PORT, _TRIED_PORTS) if port is None else port
    if port is not None and not _is_free(port):
        msg = f"Port {port} on {LOOPBACK} is in use; choose another with --port."
        raise ServeError(msg)
    os.environ["MIHWAR_STORE"] = store_url
    app = str(resources.files("dashboard") / "app.py")
    options = {**_OPTIONS, "server.address": LOOPBACK, "server.port": str(chosen)}
    sys.argv = ["streamlit", "run", app, *(f"--{name}={value}" for name, value in options.items())]
    streamlit_cli.main()


def _free_port(first: int, tries: int) -> int:
    for port in range(first, first + tries):
        if _is_free(port):
            return port
    last = first + tries - 1
    msg = f"Ports {first} to {last} on {LOOPBACK} are all in use; name one with --port."
    raise ServeError(msg)


def _is_free(port: int) -> bool:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
