"""The words of the interface, in Arabic and English."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=4)
def load_words(lang: str) -> Mapping[str, str]:
    """
    Load the words of the interface.

    Parameters
    ----------
    lang
        ``ar`` or ``en``.

    Returns
    -------
    words
        By key, the same keys in all languages; tables are joined by a dot (``role.event``).
    """
    text = (resources.files("dashboard.language") / f"{lang}.toml").read_text(encoding="utf-8")
    words: dict[str, str] = {}
    for key, value in tomllib.loads(text).items():
        if isinstance(value, dict):
            words.update({f"{key}.{name}": word for name, word in value.items()})
        else:
            words[key] = value
    return words


def direction(lang: str) -> str:
    """
    Give the direction of a language: ``rtl`` or ``ltr``.

    Parameters
    ----------
    lang
        A language code.
    """
    return "rtl" if lang == "ar" else "ltr"
