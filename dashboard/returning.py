"""After a log-in, back to the page one came from: Streamlit (1.67) leads to the front page."""

import base64
import re
from collections.abc import Awaitable, Callable, Collection, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import cookie_parser

_LEAVING = ("auth/login", "auth/logout")
_ARRIVING = "oauth2callback"
_COOKIE = "mihwar_way"
# So long a log-in may take.
_KEPT_S = 900
# Browsers keep cookies up to 4096 bytes, in base64.
_MAX_WAY = 2900
# A path of this server with its query; a second slash or a backslash would lead to another server.
_WAY = re.compile(r"/(?![/\\])[!#-:<-\[\]-~]*")
_REDIRECTS = range(300, 400)
Message = MutableMapping[str, Any]
Headers = Iterable[tuple[bytes, bytes]]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class Returning:
    """
    Middleware before Streamlit: keeps the page that a log-in began on, with its view and language.

    It is kept in a cookie by the browser that logs in. Nothing but a path of this server is ever
    taken out of it, so that no link leads through the log-in to another one.

    Parameters
    ----------
    app
        What it stands before.
    hosts
        Names under which the dashboard may be asked.
    secure
        Whether viewers come by https.
    """

    def __init__(self, app: App, *, hosts: Collection[str], secure: bool) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._secure = secure

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on; mend where its answer leads."""
        route = _route(str(scope.get("path", ""))) if scope["type"] == "http" else ""
        if not route:
            await self._app(scope, receive, send)
            return
        leaving = route != _ARRIVING
        way = self._way_of(scope["headers"], leaving=leaving)
        front = str(scope["path"]).removesuffix(route)

        async def mended(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                if way and message["status"] in _REDIRECTS:
                    headers = [_lead(header, front, way) for header in headers]
                    headers.append((b"set-cookie", self._cookie(way if leaving else "", front)))
                message["headers"] = headers
            await send(message)

        await self._app(scope, receive, mended)

    def _way_of(self, headers: Headers, *, leaving: bool) -> str:
        found = {name.lower(): value.decode("latin-1") for name, value in headers}
        if not leaving:
            return _kept(found.get(b"cookie", ""))
        try:
            came = urlsplit(found.get(b"referer", ""))
            known = came.hostname in self._hosts
        except ValueError:
            return ""
        return _safe(f"{came.path}?{came.query}" if came.query else came.path) if known else ""

    def _cookie(self, way: str, front: str) -> bytes:
        value = base64.urlsafe_b64encode(way.encode()).decode().rstrip("=")
        life = _KEPT_S if way else 0
        secure = "; Secure" if self._secure else ""
        said = f"{_COOKIE}={value}; Path={front}; Max-Age={life}; HttpOnly; SameSite=Lax{secure}"
        return said.encode()


def _route(path: str) -> str:
    return next((r for r in (*_LEAVING, _ARRIVING) if path.endswith(f"/{r}")), "")


def _lead(header: tuple[bytes, bytes], front: str, way: str) -> tuple[bytes, bytes]:
    """Lead to the page one came from what leads to the front page."""
    name, value = header
    if name.lower() == b"location" and value.decode("latin-1") == front:
        return name, way.encode()
    return header


def _kept(cookies: str) -> str:
    value = cookie_parser(cookies).get(_COOKIE, "")
    try:
        return _safe(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode())
    except ValueError:
        return ""


def _safe(way: str) -> str:
    """Give back a way that leads to a page of this server; nothing for any other."""
    return way if len(way) <= _MAX_WAY and _WAY.fullmatch(way) else ""
