"""Settings of the dashboard, read once from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.errors import SettingsError
from geocode.store import default_store_url

LANGUAGES = ("ar", "en")
_YES, _NO = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off", ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """
    What the dashboard is started with.

    Attributes
    ----------
    store_url
        ``MIHWAR_STORE``: the store to show.
    lang
        ``MIHWAR_LANG``: language of the interface until the viewer chooses, ``ar`` or ``en``.
    online_tiles
        ``MIHWAR_ONLINE_TILES``: whether viewers may switch OpenStreetMap's tiles on; then their
        browsers ask a server outside. Off unless set.
    access
        ``MIHWAR_ACCESS``: the file that says who may come in, and how they log in; empty for
        whoever is on this machine.
    address
        ``MIHWAR_ADDRESS``: where the server listens.
    may_edit
        Whether reports may be added and corrected: not where ``MIHWAR_READ_ONLY`` is set.
    """

    store_url: str
    lang: str = "en"
    online_tiles: bool = False
    access: str = ""
    address: str = "127.0.0.1"
    may_edit: bool = True


def read_settings(environment: Mapping[str, str]) -> Settings:
    """
    Read the settings.

    Parameters
    ----------
    environment
        The environment variables.

    Raises
    ------
    SettingsError
        If one has a value that cannot be used.
    """
    lang = environment.get("MIHWAR_LANG", "en").strip().lower()
    if lang not in LANGUAGES:
        msg = f"MIHWAR_LANG={lang!r}, expected one of {', '.join(LANGUAGES)}"
        raise SettingsError(msg)
    return Settings(
        store_url=environment.get("MIHWAR_STORE") or default_store_url(),
        lang=lang,
        online_tiles=_switch(environment, "MIHWAR_ONLINE_TILES"),
        access=environment.get("MIHWAR_ACCESS", ""),
        address=environment.get("MIHWAR_ADDRESS") or "127.0.0.1",
        may_edit=not _switch(environment, "MIHWAR_READ_ONLY"),
    )


def _switch(environment: Mapping[str, str], name: str) -> bool:
    value = environment.get(name, "").strip().lower()
    if value not in _YES | _NO:
        msg = f"{name}={value!r}, expected 1 or 0"
        raise SettingsError(msg)
    return value in _YES
