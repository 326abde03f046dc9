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
# Arms of a side may be shot down or destroyed; they do not do it.
_NEVER_BY_EQUIPMENT = frozenset({"aircraft_downed", "strike_on_equipment"})


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
    if not _is_party(speaker, conflict):
        inside = [a for a in inside if a.side != speaker.side or a.text != speaker.text]
    if event_type != "other":
        inside = [a for a in inside if conflict.sides[a.side].party]
    actor, target = _named(document, governor, inside, rules)
    if actor.side is not None and actor.side == target.side:
        sufferer = governor.trigger is not None and governor.trigger.form in ("objects", "passive")
        actor, target = (NOBODY, target) if sufferer else (actor, NOBODY)
    return _concluded(event_type, actor, target, speaker, conflict)


def _named(
    document: Document,
    governor: Governor,
    inside: Sequence[ActorMention],
    rules: LanguageRules,
) -> tuple[Party, Party]:
    trigger = governor.trigger
    if trigger is None:
        return NOBODY, NOBODY
    within = [a for a in inside if a.first < governor.last and governor.first < a.last]
    before = [a for a in inside if a.last <= governor.first]
    after = [a for a in inside if a.first >= governor.last]
    before = [a for a in before if not _is_target(document, a, rules)]
    if trigger.event_type in _NEVER_BY_EQUIPMENT:
        struck = [a for a in (*within, *after) if a.equipment]
        within = [a for a in within if not a.equipment]
        before = [a for a in before if not a.equipment]
        after = [a for a in after if not a.equipment]
        if struck:
            doers = _doers(document, governor, after, rules)
            return _party((within + doers[:1] + before[::-1] + [None])[0]), _party(struck[0])
    agents = [a for a in after if _is_agent(document, a, rules)]
    if agents:
        others = [a for a in inside if a.side != agents[0].side]
        return _party(agents[0]), _party(others[0] if others else None)
    if within:
        return _party(within[0]), _party(after[0] if after else None)
    if trigger.form == "suffer":
        return NOBODY, _party(before[-1] if before else None)
    if document.article.lang != "ar":
        return _western(document, governor, before, after, rules)
    return _arabic(document, governor, before, after, rules)


def _arabic(
    document: Document,
    governor: Governor,
    before: Sequence[ActorMention],
    after: Sequence[ActorMention],
    rules: LanguageRules,
) -> tuple[Party, Party]:
    """Arabic: who acts stands after the verb, or before it; after a noun it depends on the noun."""
    form = governor.trigger.form if governor.trigger else "own"
    nearest = before[-1] if before else None
    close = [a for a in after if a.first < governor.last + _AFTER_NOUN]
    if form in ("objects", "passive"):
        if close and _armed(document, close[0], rules):
            return _party(close[0]), NOBODY
        return _party(nearest), _party(close[0] if close else None)
    doers = _doers(document, governor, after, rules)
    actor = doers[0] if doers else nearest
    others = [a for a in after if a is not actor and (actor is None or a.side != actor.side)]
    return _party(actor), _party(others[0] if others else None)


def _doers(
    document: Document, governor: Governor, after: Sequence[ActorMention], rules: LanguageRules
) -> list[ActorMention]:
    trigger = governor.trigger
    verb = trigger is not None and trigger.form == "verbs"
    near = [a for a in after if a.first < governor.last + (_AFTER_VERB if verb else _AFTER_NOUN)]
    if trigger is not None and trigger.event_type == "withdrawal":
        return near  # «انسحاب رتل من مرتزقة»: nobody suffers a withdrawal
    return [a for a in near if not _is_target(document, a, rules)]


def _is_agent(document: Document, actor: ActorMention, rules: LanguageRules) -> bool:
    """Tell «قصف من قبل قوات حفتر» and "carried out by", after which the doer stands."""
    return bool(rules.agent_before.ends_at(document.keys, actor.first, reach=3))


def _armed(document: Document, actor: ActorMention, rules: LanguageRules) -> bool:
    """Tell «قصف طيران حفتر», where the arms of a side act, from «قصف الميليشيات»."""
    first = document.keys[actor.first]
    before = document.keys[actor.first - 1] if actor.first else ""
    return bool((word_forms(first) | word_forms(before)) & rules.doer_words)


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
    doers = _doers(document, governor, after, rules)
    return _party(doers[0] if doers else None), NOBODY


def _is_target(document: Document, actor: ActorMention, rules: LanguageRules) -> bool:
    if actor.first == 0:
        return False
    before = document.keys[actor.first - 1]
    label = document.keys[actor.first]
    clitic = label.startswith("لل") or (
        label.startswith("ل") and not label.startswith(("لو", "لي"))
    )
    return bool(word_forms(before) & rules.target_before) or (
        document.article.lang == "ar" and clitic
    )


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
