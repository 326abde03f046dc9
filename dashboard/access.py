"""Who may see the dashboard and who may write, where it is open to others than this machine."""

import ipaddress
import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dashboard.errors import AccessError

_NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
# As many random bytes in hex as a key of 128 bits has.
_MIN_SECRET = 32
# Clocks of two machines may differ by so much.
_LEEWAY_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """
    Who may do what.

    Attributes
    ----------
    see, edit
        Addresses of mail, or ``@example.org`` for all of a domain; in lower case. Who may edit may
        see.
    any_mail
        Whether addresses count that the provider does not call verified.
    auth
        The table ``[auth]`` for the log-in; secret, and never shown.
    """

    see: frozenset[str]
    edit: frozenset[str]
    any_mail: bool
    auth: Mapping[str, Any]

    def __repr__(self) -> str:
        """Leave the secrets out."""
        return f"Access(see={sorted(self.see)}, edit={sorted(self.edit)})"

    @property
    def host(self) -> str:
        """The host under which viewers reach the dashboard."""
        return urlsplit(str(self.auth["redirect_uri"])).hostname or ""

    @property
    def is_https(self) -> bool:
        """Whether viewers reach it by https."""
        return urlsplit(str(self.auth["redirect_uri"])).scheme == "https"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """
    Who is logged in.

    Attributes
    ----------
    mail
        The address of mail; empty for nobody, or nobody who may see anything.
    may_edit
        Whether they may add reports and correct.
    reason
        Why they may see nothing: ``login``, ``expired``, ``unverified`` or ``unknown``; empty where
        they may.
    """

    mail: str = ""
    may_edit: bool = False
    reason: str = ""


def judge(access: Access, claims: Mapping[str, Any], now: float) -> Visitor:
    """
    Say what a visitor may do.

    Streamlit (1.67) keeps a log-in for thirty days whatever its token says, and asks nobody who may
    come in: both are looked at here, with every run of a page.

    Parameters
    ----------
    access
        Who may do what.
    claims
        Of the visitor's ID token; empty for nobody.
    now
        Seconds since 1970.

    Returns
    -------
    visitor
        With a reason where they may see nothing.
    """
    if not claims.get("is_logged_in"):
        return Visitor(reason="login")
    expires = claims.get("exp")
    if isinstance(expires, bool) or not isinstance(expires, int | float):
        return Visitor(reason="expired")
    if expires + _LEEWAY_S < now:
        return Visitor(reason="expired")
    mail = str(claims.get("email") or "").strip().lower()
    if not access.any_mail and claims.get("email_verified") not in (True, "true"):
        return Visitor(reason="unverified")
    may_edit = _is_of(mail, access.edit)
    if not (may_edit or _is_of(mail, access.see)):
        return Visitor(reason="unknown")
    return Visitor(mail=mail, may_edit=may_edit)


def _is_of(mail: str, named: frozenset[str]) -> bool:
    name, at, domain = mail.rpartition("@")
    return bool(name and at and domain) and (mail in named or f"@{domain}" in named)


def read_access(path: Path) -> Access:
    """
    Read who may do what, and how they log in.

    Parameters
    ----------
    path
        A TOML file that nobody else may read: ``[auth]`` as for Streamlit's ``st.login``
        (``redirect_uri, cookie_secret, client_id, client_secret, server_metadata_url``), and
        ``[users]`` with ``see`` and ``edit``, lists of addresses or of ``@domain``.

    Raises
    ------
    AccessError
        If it cannot be read, others may read it, or something in it is missing or unsafe. The
        message never holds a value of ``[auth]``.
    """
    try:
        if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            msg = f"{path} holds secrets and others may read it; run: chmod 600 {path}"
            raise AccessError(msg)
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        if isinstance(error, AccessError):
            raise
        # What TOML says of a fault may quote a line with a secret.
        reason = getattr(error, "strerror", None) or "it is not TOML"
        msg = f"{path} cannot be read: {reason}"
        raise AccessError(msg) from None
    auth, users = data.get("auth"), data.get("users")
    faults = [] if isinstance(auth, dict) else ["there is no table [auth]"]
    faults += [] if isinstance(users, dict) else ["there is no table [users]"]
    auth, users = auth if isinstance(auth, dict) else {}, users if isinstance(users, dict) else {}
    faults += _auth_faults(auth)
    see, edit = _names(users, "see", faults), _names(users, "edit", faults)
    if not see | edit:
        faults.append("[users] names nobody in see or edit")
    any_mail = users.get("any_mail", False)
    if not isinstance(any_mail, bool):
        faults.append("[users] any_mail is neither true nor false")
    if faults:
        msg = f"{path}: " + "; ".join(faults)
        raise AccessError(msg)
    return Access(see=see, edit=edit, any_mail=any_mail, auth=auth)


def _auth_faults(auth: Mapping[str, Any]) -> list[str]:
    missing = [n for n in _NEEDED if not isinstance(auth.get(n), str) or not auth[n].strip()]
    if missing:
        return [f"[auth] lacks {', '.join(missing)}"]
    faults = []
    if len(auth["cookie_secret"]) < _MIN_SECRET:
        faults.append(
            f"[auth] cookie_secret has less than {_MIN_SECRET} characters; make one with: "
            "python -c 'import secrets; print(secrets.token_hex(32))'"
        )
    for name in ("redirect_uri", "server_metadata_url"):
        parts = urlsplit(auth[name])
        if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
            faults.append(f"[auth] {name} is not https")
    if urlsplit(auth["redirect_uri"]).path.rsplit("/", 1)[-1] != "oauth2callback":
        faults.append("[auth] redirect_uri does not end with /oauth2callback")
    return faults


def _names(users: Mapping[str, Any], name: str, faults: list[str]) -> frozenset[str]:
    found = users.get(name, [])
    if not isinstance(found, list) or not all(isinstance(n, str) and "@" in n for n in found):
        faults.append(f"[users] {name} is no list of addresses (a@example.org, @example.org)")
        return frozenset()
    return frozenset(n.strip().lower() for n in found)


def is_loopback(host: str) -> bool:
    """
    Say whether a name is one of this machine only.

    Parameters
    ----------
    host
        A name or a number.
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
