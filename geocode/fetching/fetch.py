"""Fetch one address: checked, limited in size and time, redirects followed by hand."""

import ssl
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin

import httpcore

from geocode.errors import AddressRefusedError, FetchError
from geocode.fetching.guard import Address, Guard, parse_address

MAX_BYTES = 10_000_000
MAX_REDIRECTS = 5
TOTAL_S = 20.0
_STEP_S = 10.0
_OK, _UNCHANGED = 200, 304
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK_BYTES = 65_536
# How zlib calls what servers call gzip and deflate (zlib.net, the manual of inflateInit2).
_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """
    What a server answered.

    Attributes
    ----------
    url
        Where it was found in the end.
    content
        The body, unpacked; empty where it has not changed.
    unchanged
        Whether it is as it was when it was fetched before.
    kind
        What the server calls it, in lower case, without parameters.
    etag, last_modified
        To be handed in next time; empty where the server gives none.
    """

    url: str
    content: bytes
    unchanged: bool
    kind: str
    etag: str
    last_modified: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """
    Fetch addresses that others wrote.

    Environment variables that name a proxy are not heeded: it would ask without our checks.

    Attributes
    ----------
    guard
        What may be asked.
    agent
        How to call oneself.
    total_s
        So long all of a fetch may take, redirects and names and all.
    max_bytes
        So large a body may be, unpacked.
    tls
        Whom to trust; None for the authorities that browsers trust.
    """

    guard: Guard = field(default_factory=Guard)
    agent: str = "Mihwar"
    total_s: float = TOTAL_S
    max_bytes: int = MAX_BYTES
    tls: ssl.SSLContext | None = None

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """
        Fetch an address.

        Parameters
        ----------
        url
            Of the web: http or https.
        etag, last_modified
            As they were given with it before; then it is only fetched if it has changed.

        Raises
        ------
        AddressRefusedError
            If it may not be asked, or leads where one may not ask.
        FetchError
            If it does not answer, in time, with what it should.
        """
        headers = [("User-Agent", self.agent), ("Accept-Encoding", "gzip"), ("Accept", "*/*")]
        headers += [("If-None-Match", _plain(etag))] if etag else []
        headers += [("If-Modified-Since", _plain(last_modified))] if last_modified else []
        ends_at = time.monotonic() + self.total_s
        guard = self.guard
        for _ in range(MAX_REDIRECTS + 1):
            address = parse_address(url)
            guard.check(address)
            found = self._ask(address, headers, ends_at, guard)
            if not guard.is_allowed(address.host, address.port):
                # What is allowed is what was named: nobody else leads there.
                guard = replace(guard, allowed=frozenset())
            if isinstance(found, Fetched):
                return found
            url = _next(address, found)
        msg = f"{url} is not fetched: too many redirects (more than {MAX_REDIRECTS})"
        raise AddressRefusedError(msg)

    def _ask(
        self, address: Address, headers: list[tuple[str, str]], ends_at: float, guard: Guard
    ) -> Fetched | str:
        """Ask once; give what was found, or where else it is."""
        backend = _GuardedBackend(guard, ends_at)
        # A pool of its own for each address: no connection outlives its check.
        with (
            _told(address),
            httpcore.ConnectionPool(
                ssl_context=self.tls, network_backend=backend, max_connections=1
            ) as pool,
            pool.stream("GET", address.url, headers=headers) as response,
        ):
            named = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in response.headers}
            if response.status in _REDIRECTS and named.get("location"):
                return named["location"]
            if response.status not in (_OK, _UNCHANGED):
                raise FetchError(_answer(address, response.status, named))
            packing = named.get("content-encoding", "").strip().lower()
            unchanged = response.status == _UNCHANGED
            parts = () if unchanged else _unpacked(response.iter_stream(), packing, self.max_bytes)
            return Fetched(
                url=address.url,
                content=b"".join(parts),
                unchanged=unchanged,
                kind=named.get("content-type", "").partition(";")[0].strip().lower(),
                etag=named.get("etag", ""),
                last_modified=named.get("last-modified", ""),
            )


def _next(address: Address, location: str) -> str:
    try:
        return urljoin(address.url, location)
    except ValueError as error:
        msg = f"{address.url} leads to what is no address: {error}"
        raise AddressRefusedError(msg) from error


def _answer(address: Address, status: int, headers: dict[str, str]) -> str:
    again = headers.get("retry-after", "")
    wait = f" and asks to wait {_plain(again)[:40]} s" if again.isdecimal() else ""
    return f"{address.url} answers {status}{wait}"


def _plain(value: str) -> str:
    """Keep a header in its line."""
    return "".join(c for c in value if " " <= c <= "~")


@contextmanager
def _told(address: Address) -> Iterator[None]:
    try:
        yield
    except (AddressRefusedError, FetchError):
        raise
    except httpcore.TimeoutException as error:
        msg = f"{address.url} took too long"
        raise FetchError(msg) from error
    except (
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
        ssl.SSLError,
        OSError,
        zlib.error,
    ) as error:
        msg = f"{address.url} cannot be fetched: {str(error) or type(error).__name__}"
        raise FetchError(msg) from error


def _unpacked(chunks: Iterable[bytes], packing: str, max_bytes: int) -> Iterator[bytes]:
    """Unpack a body, and stop as soon as it is too large, packed or unpacked."""
    if packing not in ("", "identity", *_WINDOW_BITS):
        msg = f"the server packs its answer by {_plain(packing)[:40]!r}, which was not asked for"
        raise FetchError(msg)
    packed = unpacked = 0
    unpacker = zlib.decompressobj(_WINDOW_BITS[packing]) if packing in _WINDOW_BITS else None
    for chunk in chunks:
        packed += len(chunk)
        for part in _parts(unpacker, chunk):
            unpacked += len(part)
            _check_size(unpacked, max_bytes)
            yield part
        _check_size(packed, max_bytes)
    if unpacker is not None and packed and not unpacker.eof:
        msg = "the answer is cut off"
        raise FetchError(msg)


def _parts(unpacker: Any, chunk: bytes) -> Iterator[bytes]:  # noqa: ANN401 (zlib names no type)
    if unpacker is None:
        yield chunk
        return
    rest = chunk
    while rest and not unpacker.eof:
        yield unpacker.decompress(rest, _CHUNK_BYTES)
        rest = unpacker.unconsumed_tail


def _check_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        msg = f"the answer has more than {max_bytes // 1_000_000} MB"
        raise FetchError(msg)


class _GuardedBackend(httpcore.NetworkBackend):
    """Connects to checked addresses only, and keeps one deadline for all it does."""

    def __init__(self, guard: Guard, ends_at: float) -> None:
        self._guard = guard
        self._ends_at = ends_at
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,  # noqa: ANN401 (httpcore's signature)
    ) -> httpcore.NetworkStream:
        """Resolve once, check what was found, and connect to that."""
        del timeout, local_address
        fault: Exception | None = None
        for ip in self._guard.resolve(host, port, _left(self._ends_at)):
            try:
                stream = self._inner.connect_tcp(
                    ip, port, timeout=_left(self._ends_at), socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
                continue
            return _TimedStream(stream, self._ends_at)
        raise fault or httpcore.ConnectError(host)

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Any = None,  # noqa: ANN401 (httpcore's signature)
    ) -> httpcore.NetworkStream:
        """Never: an address of the web names none."""
        del timeout, socket_options
        msg = f"{path} is not fetched: it is a socket of this machine"
        raise AddressRefusedError(msg)

    def sleep(self, seconds: float) -> None:
        """Wait between tries; there are none."""
        time.sleep(min(seconds, _left(self._ends_at)))


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step has only what is left of the whole time."""

    def __init__(self, inner: httpcore.NetworkStream, ends_at: float) -> None:
        self._inner = inner
        self._ends_at = ends_at

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come."""
        del timeout
        return self._inner.read(max_bytes, timeout=_left(self._ends_at))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        del timeout
        self._inner.write(buffer, timeout=_left(self._ends_at))

    def close(self) -> None:
        """Hang up."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Go on in secret, with whom the address names, not with whom it leads to."""
        del timeout
        inner = self._inner.start_tls(ssl_context, server_hostname, timeout=_left(self._ends_at))
        return _TimedStream(inner, self._ends_at)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 (httpcore's signature)
        """Say something about the connection."""
        return self._inner.get_extra_info(info)


def _left(ends_at: float) -> float:
    left = ends_at - time.monotonic()
    if left <= 0:
        msg = "took too long"
        raise httpcore.ReadTimeout(msg)
    return min(left, _STEP_S)
