"""Which addresses may be asked: http or https, and public wherever the name may lead."""

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from geocode.errors import AddressRefusedError, FetchError

SCHEMES = {"http": 80, "https": 443}
PORTS = frozenset({80, 443, 8080, 8443})
# As many bytes as an index of PostgreSQL takes with something to spare.
_MAX_BYTES = 2000
# For documentation (RFC 9637), which older Pythons take for public.
_DOCUMENTATION = ipaddress.ip_network("3fff::/20")
_HOST = re.compile(r"[a-z0-9._:%-]+")
# Addresses that hold an IPv4 address: mapped, 6to4, and translated by NAT64 (RFC 6052).
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Kept as they are in an address; all else is written in percent.
_SAFE = "%/:=&?~+!$,;'@()*[]"
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """
    The parts of an address.

    Attributes
    ----------
    scheme, host, port
        Where to ask; the host in lower case, as it is written.
    target
        Path and query, in ASCII.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        """The whole address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == SCHEMES[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target}"


def parse_address(url: str) -> Address:
    """
    Take an address apart.

    Parameters
    ----------
    url
        The address.

    Raises
    ------
    AddressRefusedError
        If it is none of the web, or has a user, or marks that no address has.
    """
    shown = url[:200]
    too_long = len(url.encode("utf-8", "replace")) > _MAX_BYTES
    if too_long or "\\" in url or any(c.isspace() or ord(c) < 32 for c in url):  # noqa: PLR2004 (control characters)
        raise AddressRefusedError(_refusal(shown, "it is too long, or has blanks or backslashes"))
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").rstrip(".").lower()
        # Other letters are folded here, «①②⑦» to figures, so that what is checked is what is asked.
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError as error:
        raise AddressRefusedError(_refusal(shown, str(error))) from error
    if parts.scheme not in SCHEMES:
        reason = f"the scheme {parts.scheme!r} is none of http, https"
        raise AddressRefusedError(_refusal(shown, reason))
    if parts.username is not None or parts.password is not None:
        # Not shown: it may hold a password.
        raise AddressRefusedError(_refusal(f"{parts.scheme}://…", "it names a user"))
    if not _HOST.fullmatch(host):
        raise AddressRefusedError(_refusal(shown, "it names no host"))
    query = f"?{parts.query}" if parts.query else ""
    return Address(
        scheme=parts.scheme,
        host=host,
        port=port or SCHEMES[parts.scheme],
        target=quote((parts.path or "/") + query, safe=_SAFE, errors="replace"),
    )


def is_public(ip: IpAddress) -> bool:
    """
    Say whether an address is one of the public internet.

    Parameters
    ----------
    ip
        The address; one that holds an IPv4 address is judged by that.
    """
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if ip.teredo or ip.scope_id or ip.is_site_local or ip in _DOCUMENTATION:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _refusal(url: str, reason: str) -> str:
    return f"{url} is not fetched: {reason}"


def system_resolver(host: str, port: int) -> list[str]:
    """
    Ask the system for the addresses of a host.

    Parameters
    ----------
    host, port
        Where to.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """
    What may be asked.

    Attributes
    ----------
    allowed
        Hosts, as ``host`` or ``host:port``, that may be asked though they are not public.
    resolver
        Gives the addresses of a host.
    """

    allowed: Collection[str] = field(default_factory=frozenset)
    resolver: Resolver = system_resolver

    def check(self, address: Address) -> None:
        """
        Refuse a port that no web server has.

        Parameters
        ----------
        address
            Where to ask.

        Raises
        ------
        AddressRefusedError
            If it is another port.
        """
        if address.port not in PORTS and not self.is_allowed(address.host, address.port):
            ports = ", ".join(map(str, sorted(PORTS)))
            reason = f"port {address.port} is none of {ports}"
            raise AddressRefusedError(_refusal(address.url, reason))

    def resolve(self, host: str, port: int, timeout_s: float) -> list[str]:
        """
        Give the addresses of a host; connect to one of these and to no other.

        Parameters
        ----------
        host, port
            Where to ask.
        timeout_s
            So long the system may take.

        Raises
        ------
        AddressRefusedError
            If any of the addresses is not public.
        FetchError
            If it has none.
        """
        found = self._ask(host, port, timeout_s)
        if self.is_allowed(host, port):
            return found
        for text in found:
            try:
                public = is_public(ipaddress.ip_address(text))
            except ValueError:
                public = False
            if not public:
                reason = f"{host} leads to {text}, which is not public"
                raise AddressRefusedError(_refusal(host, reason))
        return found

    def is_allowed(self, host: str, port: int) -> bool:
        """
        Say whether a host may be asked though it is not public.

        Parameters
        ----------
        host, port
            Where to ask.
        """
        return host in self.allowed or f"{host}:{port}" in self.allowed

    def _ask(self, host: str, port: int, timeout_s: float) -> list[str]:
        """Ask for the addresses in a thread: the system's own limit is half a minute."""
        outcome: list[list[str] | Exception] = []

        def ask() -> None:
            try:
                outcome.append(self.resolver(host, port))
            except Exception as error:  # noqa: BLE001 (told by the thread that waits)
                outcome.append(error)

        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(timeout_s)
        if not outcome or isinstance(outcome[0], Exception) or not outcome[0]:
            why = str(outcome[0]) if outcome else f"no answer within {timeout_s:.0f} s"
            msg = f"{host} has no address: {why}"
            raise FetchError(msg)
        return outcome[0]
