"""Who did it and to whom: actor and target of a trigger."""

from collections.abc import Sequence
from dataclasses import dataclass

from geocode.actors import ActorMention, Speaker
from geocode.conflict import COMBAT_TYPES, Conflict
from geocode.document import Document
from geocode.language_rules import LanguageRules
from geocode.phrases import word_forms
from geocode.role import Governor

# How far, in words, a label may stand from the trigger it belongs to.
_AFTER_VERB = 7
_AFTER_NOUN = 4
# Acts a speaker tells of his own side when he names nobody.
_OWN_ACTS = COMBAT_TYPES - {"withdrawal", "clash"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A side in an event, with the label as printed; empty where it was only concluded."""

    side: str | None
    text: str = ""


NOBODY = Party(side=None)


def find_parties(
    document: Document,
    governor: Governor,
    event_type: str,
    actors: Sequence[ActorMention],
    speaker: Speaker,
    conflict: Conflict,
    rules: LanguageRules,
) -> tuple[Party, Party]:
    """
    Say who acts and who suffers.

    Parameters
    ----------
    document
        The document.
    governor
        The trigger.
    event_type
        What happened.
    actors
        The labels of the document.
    speaker
        Who tells it.
    conflict
        The conflict pack: whose opponent is who.
    rules
        The rules of the document's language.

    Returns
    -------
    actor, target
        Printed labels where there are any; the opponent of the one that is named, in a fight;
        the speaker, for deeds one tells of oneself.
    """
    sentence = document.sentences[governor.sentence]
    inside = [a for a in actors if sentence.first <= a.first < sentence.last]
    inside = [a for a in inside if a.first >= governor.last or a.last <= governor.first]
    actor, target = _named(document, governor, inside, rules)
    if actor.side is not None and actor.side == target.side:
        target = NOBODY
    return _concluded(event_type, actor, target, speaker, conflict)


def _named(
    document: Document, governor: Governor, inside: Sequence[ActorMention], rules: LanguageRules
) -> tuple[Party, Party]:
    form = governor.trigger.form if governor.trigger else "own"
    before = [a for a in inside if a.last <= governor.first and not _is_target(document, a, rules)]
    after = [a for a in inside if a.first >= governor.last]
    if document.article.lang != "ar":
        return _western(document, governor, before, after, rules)
    near = _AFTER_VERB if form == "verbs" else _AFTER_NOUN
    close = [a for a in after if a.first < governor.last + near]
    nearest = before[-1] if before else None
    if form in ("objects", "passive"):
        return _party(nearest), _party(close[0] if close else None)
    doers = [a for a in close if not _is_target(document, a, rules)]
    actor = doers[0] if doers else nearest
    others = [a for a in after if a is not actor and (actor is None or a.side != actor.side)]
    return _party(actor), _party(others[0] if others else None)


def _western(
    document: Document,
    governor: Governor,
    before: Sequence[ActorMention],
    after: Sequence[ActorMention],
    rules: LanguageRules,
) -> tuple[Party, Party]:
    """English and French: who acts stands before the verb, who suffers after it."""
    form = governor.trigger.form if governor.trigger else "own"
    nearest = before[-1] if before else None
    close = [a for a in after if a.first < governor.last + _AFTER_VERB]
    if form == "verbs" or nearest is not None:
        return _party(nearest), _party(close[0] if close else None)
    doers = [a for a in close if not _is_target(document, a, rules)]
    return _party(doers[0] if doers else None), NOBODY


def _is_target(document: Document, actor: ActorMention, rules: LanguageRules) -> bool:
    if actor.first == 0:
        return False
    before = document.keys[actor.first - 1]
    label = document.keys[actor.first]
    clitic = label.startswith("لل") or (label.startswith("ل") and not label.startswith(("لو", "لي")))
    return bool(word_forms(before) & rules.target_before) or (document.article.lang == "ar" and clitic)


def _party(actor: ActorMention | None) -> Party:
    return NOBODY if actor is None else Party(side=actor.side, text=actor.text)


def _concluded(
    event_type: str, actor: Party, target: Party, speaker: Speaker, conflict: Conflict
) -> tuple[Party, Party]:
    """Add the side that is not named where a fight leaves only one."""
    if event_type not in COMBAT_TYPES | {"ultimatum"}:
        return actor, target
    if actor.side is None and target.side is not None:
        actor = Party(side=conflict.opponent(target.side))
    if actor.side is None and event_type in _OWN_ACTS and _is_party(speaker, conflict):
        actor = Party(side=speaker.side)
    if target.side is None and actor.side is not None:
        target = Party(side=conflict.opponent(actor.side))
    return actor, target


def _is_party(speaker: Speaker, conflict: Conflict) -> bool:
    side = conflict.sides.get(speaker.side or "")
    return side is not None and side.party
