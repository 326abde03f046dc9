"""Words of others as labels: no mark in them turns or hides what stands beside them."""

import hashlib
import unicodedata

# Both shape letters: the first keeps Persian endings apart, the second joins.
_JOINERS = "\u200c\u200d"
_ISOLATE, _END = "\u2068", "\u2069"


def plain_label(text: str) -> str:
    """
    Take out of a name what nobody sees: control characters, and marks of direction.

    Parameters
    ----------
    text
        Words of others.

    Examples
    --------
    >>> plain_label("Town" + chr(0x202E) + "=1")
    'Town=1'
    """
    unseen = ("Cc", "Cf", "Cs")
    return "".join(c for c in text if c in _JOINERS or unicodedata.category(c) not in unseen)


def joined(*parts: object) -> str:
    """
    Join words of others to one label, each with a direction of its own.

    Parameters
    ----------
    *parts
        What is no text, or empty, is left out.
    """
    shown = (plain_label(part) for part in parts if isinstance(part, str))
    return " · ".join(f"{_ISOLATE}{part}{_END}" for part in shown if part)


def key_of(name: str) -> str:
    """
    Give a key for a widget of a thing, whatever it is called.

    Parameters
    ----------
    name
        Its id; Streamlit (1.67) refuses some as keys of components.
    """
    return hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).hexdigest()
