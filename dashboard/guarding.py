"""What stands before the pages: headers, hosts, and how much may be uploaded in all."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any

from dashboard.access import is_loopback

MAX_UPLOADS_BYTES = 200_000_000
MAX_SESSION_BYTES = 50_000_000
_UPLOAD = "/_stcore/upload_file/"
_METRICS = "/_stcore/metrics"
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
# Streamlit's pages need inline styles and scripts of their own and compile some; nothing of them
# needs another server, so that whatever got into a page could send nothing away.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:{images}; "
    "font-src 'self' data:; connect-src 'self' blob: data:; worker-src 'self' blob:; "
    "frame-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
Stored = Callable[[], dict[str, int]]


class Guarding:
    """
    Middleware before Streamlit: refuses what no viewer sends, and tells browsers what to refuse.

    Parameters
    ----------
    app
        What it stands before.
    hosts
        Names under which the dashboard may be asked; others are a name that was turned to this
        machine (DNS rebinding).
    stored
        Gives how many bytes each session has uploaded that are still kept.
    images
        Servers that pages may take pictures from.
    max_bytes, max_session_bytes
        How much may be kept in all, and of one session.
    """

    def __init__(
        self,
        app: App,
        *,
        hosts: Collection[str],
        stored: Stored,
        images: Collection[str] = (),
        max_bytes: int = MAX_UPLOADS_BYTES,
        max_session_bytes: int = MAX_SESSION_BYTES,
    ) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._stored = stored
        self._max_bytes = max_bytes
        self._max_session_bytes = max_session_bytes
        self._coming: Counter[str] = Counter()
        policy = _POLICY.format(images="".join(f" {i}" for i in images))
        self._headers = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"referrer-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
        ]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refused = self._refusal(scope)
        if refused is None:
            session, size = _upload_of(scope)
            self._coming[session] += size
            try:
                await self._app(scope, receive, self._sending(send))
            finally:
                self._coming[session] -= size
                if not self._coming[session]:
                    del self._coming[session]
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await _answer(send, *refused, headers=self._headers)

    def _refusal(self, scope: Message) -> tuple[int, str] | None:
        headers = {k.lower(): v for k, v in scope["headers"]}
        host = _host(headers.get(b"host", b"").decode("latin-1"))
        if host not in self._hosts:
            return 421, "This server answers to other names."
        path = str(scope.get("path", ""))
        if path.endswith(_METRICS):
            return 404, "Not found."
        if scope.get("method") == "PUT" and _UPLOAD in path:
            return self._upload_refusal(path, headers)
        return None

    def _upload_refusal(self, path: str, headers: dict[bytes, bytes]) -> tuple[int, str] | None:
        length = headers.get(b"content-length", b"").decode("latin-1")
        if not length.isdecimal():
            return 411, "The size of an upload has to be said."
        session = _session_of(path)
        # What is on its way counts too: many may come at once.
        stored = self._coming + Counter(self._stored())
        if sum(stored.values()) + int(length) > self._max_bytes:
            return 413, "All uploads together are too large now; try again later."
        if stored[session] + int(length) > self._max_session_bytes:
            return 413, "Your uploads together are too large; save some of them first."
        return None

    def _sending(self, send: Send) -> Send:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in self._headers}
                kept = [(k, v) for k, v in message.get("headers", ()) if k.lower() not in ours]
                message["headers"] = [*kept, *self._headers]
            await send(message)

        return with_headers


def _session_of(path: str) -> str:
    return path.partition(_UPLOAD)[2].partition("/")[0]


def _upload_of(scope: Message) -> tuple[str, int]:
    """Give the session and the size of an upload that was let in; nought for all else."""
    path = str(scope.get("path", ""))
    if scope.get("method") != "PUT" or _UPLOAD not in path:
        return "", 0
    headers = {k.lower(): v for k, v in scope["headers"]}
    return _session_of(path), int(headers[b"content-length"])


def _host(header: str) -> str:
    """Give the name in a Host header, without its port."""
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower()


async def _answer(
    send: Send, status: int, text: str, *, headers: list[tuple[bytes, bytes]]
) -> None:
    kind = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [kind, *headers]})
    await send({"type": "http.response.body", "body": text.encode()})


def hosts_of(address: str, named: str = "") -> frozenset[str]:
    """
    Give the names under which a server may be asked.

    Parameters
    ----------
    address
        What it is bound to.
    named
        Under which name viewers reach it, where that is another.
    """
    names = {"127.0.0.1", "localhost", "::1"} if is_loopback(address) else {address}
    return frozenset(names | ({named.lower()} if named else set()))
