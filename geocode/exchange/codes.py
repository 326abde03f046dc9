"""Code lists: what our event types are called by others, and theirs by us."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """
    The code lists.

    Attributes
    ----------
    acled_type
        ``event_type`` and ``sub_event_type`` by our type.
    acled_sub_type
        Our type by ``sub_event_type``.
    acled_disorder
        ``disorder_type`` by ``event_type``.
    gdelt_code
        Our type by CAMEO code.
    viina_labels, viina_actors
        Labels with our type, or with who acts; the first that is set counts.
    """

    acled_type: Mapping[str, tuple[str, str]]
    acled_sub_type: Mapping[str, str]
    acled_disorder: Mapping[str, str]
    gdelt_code: Mapping[str, str]
    viina_labels: tuple[tuple[str, str], ...]
    viina_actors: tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def load_codes() -> Codes:
    """Load the code lists of the package."""
    text = (resources.files("geocode.exchange") / "codes.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    acled, viina = data["acled"], data["viina"]
    return Codes(
        acled_type={name: (pair[0], pair[1]) for name, pair in acled["type"].items()},
        acled_sub_type=acled["sub_event_type"],
        acled_disorder=acled["disorder"],
        gdelt_code=data["gdelt"]["code"],
        viina_labels=tuple((label, kind) for label, kind in viina["labels"]),
        viina_actors=tuple((label, name) for label, name in viina["actors"]),
    )
