"""What announces a name, and what tells that a word is not one."""

from dataclasses import dataclass
from typing import Literal, get_args

Need = Literal["", "soft", "strict", "person"]
NEEDS: frozenset[str] = frozenset(get_args(Need))
Position = Literal["before", "after"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """
    How far a name can be trusted when it stands alone.

    Attributes
    ----------
    name
        The name, in its usual spelling.
    need
        Empty: the name is enough. ``soft``: a place word, a preposition or another place must
        stand near. ``strict``: a place word or another place must stand directly beside.
        ``person``: as strict, and never beside titles and family names.
    reject_before, reject_after
        Words that, directly before or after, tell that no place is meant.
    note
        What else the word is.
    """

    name: str
    need: str
    reject_before: tuple[str, ...] = ()
    reject_after: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """
    A noun that announces a place and tells its kind («مطار», "air base").

    Attributes
    ----------
    kind
        The kind of place it asks for, or ``any``.
    lang
        ``ar``, ``en`` or ``fr``.
    singulars, plurals
        Its forms as printed; a dual or plural announces several names at once.
    position
        Whether it stands before or after the name.
    in_name
        Whether it is part of the name, so that a mention takes it in.
    """

    kind: str
    lang: str
    singulars: tuple[str, ...]
    plurals: tuple[str, ...] = ()
    position: Position
    in_name: bool

    @property
    def words(self) -> tuple[str, ...]:
        """All forms, singulars first."""
        return self.singulars + self.plurals
