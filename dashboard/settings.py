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
    """

    store_url: str
    lang: str = "en"
    online_tiles: bool = False


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
    tiles = environment.get("MIHWAR_ONLINE_TILES", "").strip().lower()
    if tiles not in _YES | _NO:
        msg = f"MIHWAR_ONLINE_TILES={tiles!r}, expected 1 or 0"
        raise SettingsError(msg)
    store_url = environment.get("MIHWAR_STORE") or default_store_url()
    return Settings(store_url=store_url, lang=lang, online_tiles=tiles in _YES)
