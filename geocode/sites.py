"""Step 8a: sites, the places at which the act of a trigger took place."""

from collections.abc import Sequence

from geocode.conflict import Conflict
from geocode.document import starting_in
from geocode.governing import Reading
from geocode.governor import Governor
from geocode.phrases import PhraseHit
from geocode.role import Role
from geocode.triggers import COMBAT_TYPES, Trigger

# How far after a trigger «المدينة» may stand, and how far back what it means.
_ANAPHOR_REACH = 6
_ANTECEDENT_WORDS = 80
_MEANT_KINDS = {
    "city": frozenset({"city", "town"}),
    "airbase": frozenset({"airbase", "camp"}),
    "airport": frozenset({"airport", "airbase"}),
}
_REPEATED_TRUST = 0.7
# Acts whose goal is where they are counted: what is flown to a place happens there.
_GOAL_IS_SITE = frozenset({"arms_delivery", "deployment"})


def find_sites(
    reading: Reading, roles: Sequence[Role], at: int, conflict: Conflict
) -> tuple[list[int], float]:
    """
    Find the mentions at which a trigger's act took place.

    Parameters
    ----------
    reading
        What is known of the document.
    roles
        The role of each mention.
    at
        Index of the trigger among the governors.
    conflict
        The conflict pack.

    Returns
    -------
    sites
        Indices of mentions; none where no place is told.
    trust
        0 to 1: how far to trust that; less where the place is only meant.
    """
    governor = reading.governors[at]
    trigger = governor.trigger
    sentence = reading.document.sentences[governor.sentence]
    here = starting_in(reading.mentions, sentence.first, sentence.last)
    direct = [
        index
        for index in here
        if roles[index].governor == at
        and (roles[index].role == "event" or _is_goal(trigger, roles[index]))
    ]
    direct = [index for index in direct if not _is_everywhere(reading, index, trigger)]
    if direct:
        return direct, 1.0
    if trigger is None or trigger.weak:
        return [], 0.0
    before = [
        index
        for index in here
        if roles[index].role == "event"
        and reading.mentions[index].last <= governor.first
        and not _contrasted(reading, index, governor)
        and not _is_everywhere(reading, index, trigger)
    ]
    pointed = _pointed_at(reading, governor, roles, conflict)
    if pointed is not None:
        return [pointed], _REPEATED_TRUST
    if not before or (
        trigger.form != "suffer"
        and any(_touches_trigger(reading, roles, i, trigger.event_type) for i in before)
    ):
        return [], 0.0
    return before[-1:], _REPEATED_TRUST


def _pointed_at(
    reading: Reading, governor: Governor, roles: Sequence[Role], conflict: Conflict
) -> int | None:
    """Give the place meant by «المدينة», «منها», "there" shortly after a trigger."""
    document = reading.document
    sentence = document.sentences[governor.sentence]
    last = min(sentence.last, governor.last + _ANAPHOR_REACH)
    hits = reading.rules.anaphora.find(document.keys, governor.last, last)
    home = any(hit.meaning == "capital" for hit in hits) and _tells_of(reading, conflict.country)
    for hit in hits:
        if starting_in(reading.mentions, governor.last, hit.first):
            return None
        meant = [
            index
            for index in starting_in(reading.mentions, hit.first - _ANTECEDENT_WORDS, hit.first)
            if reading.mentions[index].last <= hit.first
            and roles[index].role != "name-part"
            and _is_meant(reading, index, hit, conflict.capital if home else None)
        ]
        sites = [index for index in meant if roles[index].role != "background"]
        if meant:
            return (sites or meant)[-1]
    return None


def _tells_of(reading: Reading, country: str) -> bool:
    return any(p.place is not None and p.place.country == country for p in reading.placements)


def _is_meant(reading: Reading, index: int, hit: PhraseHit[str], capital: str | None) -> bool:
    place, kind = reading.placements[index].place, reading.placements[index].kind
    if place is None:
        return False
    if hit.meaning == "capital":
        # In a report about this war «العاصمة» is never the foreign capital it also names.
        return place.place_id == capital if capital else place.is_seat_of_government
    if hit.meaning == "any":
        return not place.is_wide
    return kind in _MEANT_KINDS.get(hit.meaning, frozenset({hit.meaning}))


def _contrasted(reading: Reading, index: int, governor: Governor) -> bool:
    """Tell «…في سرت، فيما …»: what follows is told of another place."""
    first, last = reading.mentions[index].last, governor.first
    return bool(reading.rules.contrast.find(reading.document.keys, first, last))


def _is_goal(trigger: Trigger | None, role: Role) -> bool:
    event_type = trigger.event_type if trigger else None
    return (
        event_type in _GOAL_IS_SITE
        and role.preposition in ("to", "locative")
        and role.role != "actor"
    )


def _is_everywhere(reading: Reading, index: int, trigger: Trigger | None) -> bool:
    """Say whether a place is a whole country, which no fight takes place at."""
    place = reading.placements[index].place
    fight = trigger is not None and trigger.event_type in COMBAT_TYPES
    return fight and place is not None and place.kind in ("country", "sea")


def _touches_trigger(reading: Reading, roles: Sequence[Role], index: int, event_type: str) -> bool:
    """Say whether a place already has an event of a type from its own trigger."""
    at = roles[index].governor
    trigger = reading.governors[at].trigger if at is not None else None
    return trigger is not None and trigger.event_type == event_type
