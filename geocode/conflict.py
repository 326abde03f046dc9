"""A conflict: its sides, how the press names them, its outlets and the words for what happens."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from geocode.errors import ConflictError
from geocode.phrases import FirstWords, PhraseIndex, fold_phrase, learn_phrases, texts_in
from geocode.triggers import EVENT_TYPES, TriggerIndex, read_triggers

_FILES = ("conflict.toml", "sides.toml", "actors.toml", "outlets.toml", "triggers.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """
    A side.

    Attributes
    ----------
    side_id, name_en, name_ar
        What it is called.
    opponent
        The side it fights, None for none.
    party
        Whether it is a party to the war at all.
    bystander
        Whether it only ever suffers (civilians).
    color
        What it is drawn in, as #rrggbb; empty for the colour of all others.
    state
        Whether it is the recognised state: tables of others tell its gains from those of others.
    """

    side_id: str
    name_en: str
    name_ar: str
    opponent: str | None = None
    party: bool = False
    bystander: bool = False
    color: str = ""
    state: bool = False

    def name(self, lang: str) -> str:
        """
        Give its name in Arabic, or in English for all other languages.

        Parameters
        ----------
        lang
            A language code.
        """
        return self.name_ar if lang == "ar" else self.name_en


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorLabel:
    """
    A label for a side.

    Attributes
    ----------
    side
        Id of the side.
    by_stance
        Whether it means another side in other outlets.
    equipment
        Whether it names arms, which act for a side but down no aircraft.
    """

    side: str
    by_stance: bool = False
    equipment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refinement:
    """Words beside which a trigger of one type tells of another («قصف» with «طيران»)."""

    from_type: str
    to_type: str
    words: Mapping[str, PhraseIndex[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """
    A conflict pack.

    Attributes
    ----------
    conflict_id, name_en, name_ar
        What it is called.
    country
        ISO code of the country it is fought in.
    capital
        Id of the place «العاصمة» means; empty for none.
    codes
        What others call the country: ``iso_numeric``, ``gwno``, ``country_name``,
        ``acled_region``, ``ucdp_region``; may be empty.
    armies
        Sides of «الجيش» in reports about other countries, by country.
    plausible
        First and last day an event may have.
    sides
        By id.
    labels
        Actor labels.
    adjectives
        Adjectives that tell whose forces are meant («تركية», "Misratan").
    towns
        Sides of the forces called after a town, by place id.
    leaning
        Labels that tell on whose side a report is written.
    outlets
        Side of each outlet with a known one; "" for neutral ones.
    triggers
        Trigger words by language.
    no_triggers
        Phrases by language in which a trigger tells of no act («وقف إطلاق النار»).
    everyday
        Phrases by language beside which a sentence without sides or soldiers tells of no fight.
    refinements
        Rules for triggers that may tell of either of two types.
    fingerprint
        A hash of its files: readings depend on them.
    first_words
        What `beginnings` made.
    """

    conflict_id: str
    name_en: str
    name_ar: str
    country: str
    capital: str
    codes: Mapping[str, str]
    armies: Mapping[str, str]
    plausible: tuple[date, date]
    sides: Mapping[str, Side]
    labels: PhraseIndex[ActorLabel]
    adjectives: PhraseIndex[str]
    towns: Mapping[str, str]
    leaning: PhraseIndex[str]
    outlets: PhraseIndex[str]
    triggers: TriggerIndex
    no_triggers: Mapping[str, PhraseIndex[bool]]
    everyday: Mapping[str, PhraseIndex[bool]]
    refinements: tuple[Refinement, ...]
    fingerprint: str
    first_words: dict[tuple[str, str], FirstWords] = field(
        default_factory=dict, compare=False, repr=False
    )

    def beginnings(self, purpose: str, lang: str, *indexes: PhraseIndex[Any] | None) -> FirstWords:
        """
        Give the words with which to begin to look, made once for a purpose and a language.

        Parameters
        ----------
        purpose, lang
            What they are for.
        *indexes
            The lexicons that are looked up.
        """
        known = self.first_words.get((purpose, lang))
        if known is None:
            known = self.first_words[purpose, lang] = FirstWords(*indexes)
        return known

    def outlet_side(self, outlet: str) -> str | None:
        """
        Give the side of an outlet: an id, "" for a neutral one, None for an unknown one.

        Parameters
        ----------
        outlet
            Its name as printed; a known name inside a longer one counts.
        """
        hits = self.outlets.find(fold_phrase(outlet))
        longest = max(hits, key=lambda hit: hit.last - hit.first, default=None)
        return None if longest is None else longest.meaning

    def opponent(self, side: str | None) -> str | None:
        """
        Give the side that a side fights, None where that is not one.

        Parameters
        ----------
        side
            A side id, or None.
        """
        known = self.sides.get(side or "")
        return known.opponent if known else None


def load_conflict(folder: Path | None = None) -> Conflict:
    """
    Load a conflict pack.

    Parameters
    ----------
    folder
        A folder with ``conflict.toml``, ``sides.toml``, ``actors.toml``, ``outlets.toml`` and
        ``triggers.toml``; None for the Libyan war.

    Raises
    ------
    ConflictError
        If a file is missing or wrong; the message names file and entry.
    """
    return _load(folder)


@lru_cache(maxsize=4)
def _load(named: Path | None) -> Conflict:
    folder = named or resources.files("geocode") / "conflicts" / "libya"
    for name in _FILES:
        learn_phrases(texts_in(_read(folder, name)))
    head = _read(folder, "conflict.toml")
    sides = {s.side_id: s for s in map(_side, _entries(folder, "sides.toml", "side"))}
    actors = list(_entries(folder, "actors.toml", "actor"))
    _check_sides(folder, actors, sides)
    try:
        return Conflict(
            conflict_id=head["id"],
            name_en=head["name_en"],
            name_ar=head["name_ar"],
            country=head["country"],
            capital=head.get("capital", ""),
            codes={name: str(code) for name, code in head.get("codes", {}).items()},
            armies=head.get("armies", {}),
            plausible=(head["plausible_from"], head["plausible_to"]),
            sides=sides,
            labels=PhraseIndex(_labels(actors)),
            adjectives=_by_side(actors, "adjectives"),
            towns={town: a["side"] for a in actors for town in a.get("towns", ())},
            leaning=_by_side(actors, "leaning"),
            outlets=_outlets(folder),
            triggers=read_triggers(_read(folder, "triggers.toml"), f"{folder.name}/triggers.toml"),
            no_triggers=_phrases(folder, "not"),
            everyday=_phrases(folder, "everyday"),
            refinements=tuple(map(_refinement, _entries(folder, "triggers.toml", "refine"))),
            fingerprint=_fingerprint(folder),
        )
    except KeyError as error:
        msg = f"{folder.name}/conflict.toml lacks {error.args[0]!r}"
        raise ConflictError(msg) from error


def _fingerprint(folder: Path | Traversable) -> str:
    digest = hashlib.sha256()
    for name in _FILES:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]


def _read(folder: Path | Traversable, name: str) -> dict[str, Any]:
    try:
        return _parse((folder / name).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{folder.name}/{name} cannot be read: {error}"
        raise ConflictError(msg) from error


@lru_cache(maxsize=16)
def _parse(text: str) -> dict[str, Any]:
    """Parse a file once; its tables are looked up one by one."""
    return tomllib.loads(text)


def _entries(folder: Path | Traversable, name: str, table: str) -> Iterator[dict[str, Any]]:
    for entry in _read(folder, name).get(table, ()):
        yield {"_file": f"{folder.name}/{name}", **entry}


def _side(entry: Mapping[str, Any]) -> Side:
    try:
        return Side(
            side_id=entry["id"],
            name_en=entry["name_en"],
            name_ar=entry["name_ar"],
            opponent=entry.get("opponent"),
            party=bool(entry.get("party", False)),
            bystander=bool(entry.get("bystander", False)),
            color=entry.get("color", ""),
            state=bool(entry.get("state", False)),
        )
    except KeyError as error:
        msg = f"{entry['_file']}: side {entry.get('id', '?')!r} lacks {error.args[0]!r}"
        raise ConflictError(msg) from error


def _check_sides(
    folder: Path | Traversable, actors: list[dict[str, Any]], sides: Mapping[str, Side]
) -> None:
    unknown = {a.get("side") for a in actors} - set(sides)
    if unknown:
        msg = (
            f"{folder.name}/actors.toml: sides {sorted(map(str, unknown))!r} are not in "
            f"sides.toml, which has {sorted(sides)!r}"
        )
        raise ConflictError(msg)


def _labels(actors: list[dict[str, Any]]) -> Iterator[tuple[str, ActorLabel]]:
    for actor in actors:
        for key in ("labels", "by_stance", "equipment"):
            label = ActorLabel(
                side=actor["side"], by_stance=key == "by_stance", equipment=key == "equipment"
            )
            yield from ((word, label) for word in actor.get(key, ()))


def _by_side(actors: list[dict[str, Any]], key: str) -> PhraseIndex[str]:
    return PhraseIndex((word, a["side"]) for a in actors for word in a.get(key, ()))


def _outlets(folder: Path | Traversable) -> PhraseIndex[str]:
    return PhraseIndex(
        (name, entry.get("side", ""))
        for entry in _entries(folder, "outlets.toml", "outlet")
        for name in entry["names"]
    )


def _phrases(folder: Path | Traversable, name: str) -> dict[str, PhraseIndex[bool]]:
    table = _read(folder, "triggers.toml").get(name, {})
    return {
        lang: PhraseIndex((words, True) for words in phrases) for lang, phrases in table.items()
    }


def _refinement(entry: Mapping[str, Any]) -> Refinement:
    types = {entry.get("from"), entry.get("to")}
    if not types <= set(EVENT_TYPES):
        expected = ", ".join(EVENT_TYPES)
        msg = f"{entry['_file']}: refine {sorted(map(str, types))!r}, expected {expected}"
        raise ConflictError(msg)
    words = {k: PhraseIndex((w, True) for w in v) for k, v in entry.items() if isinstance(v, list)}
    return Refinement(from_type=entry["from"], to_type=entry["to"], words=words)
