"""Step 7: the role of each mention, what the place is in its sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geocode.actors import ActorMention
from geocode.dateline import dateline_end, is_dateline
from geocode.document import starting_in
from geocode.governing import (
    LONGEST_LABEL,
    Reading,
    governing,
    governor_before,
    preposition_before,
)
from geocode.governor import Governor
from geocode.mention import Mention
from geocode.placement import Placement
from geocode.relation import BEARINGS, Relation
from geocode.triggers import COMBAT_TYPES

ROLES = ("event", "setting", "actor", "origin", "name-part", "background")
# Acts after which the place they come from is where they happen («انسحبت من», «طرد من»).
_FROM_IS_SITE = frozenset({"withdrawal", "capture", "repelled_attack", "ultimatum"})
# Acts after which the place they go to is not yet where anything happened.
_TO_IS_GOAL = frozenset({"withdrawal", "deployment", "arms_delivery", "ultimatum"})
# Acts that are done where one stands, not where one is heading for.
_NOT_AHEAD = frozenset({"capture", "repelled_attack"})
# "X, the supply hub south of Y": the most words between a name and where it lies.
_APPOSITION_WORDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """
    The role of a mention.

    Attributes
    ----------
    role
        One of `ROLES`.
    governor
        Index of the governor it follows from, else None.
    preposition
        ``locative``, ``from``, ``to``, ``via`` or empty.
    """

    role: str
    governor: int | None = None
    preposition: str = ""


def find_roles(reading: Reading) -> list[Role]:
    """
    Give each mention its role.

    Parameters
    ----------
    reading
        What is known of the document.

    Returns
    -------
    roles
        One for each mention, in the same order.
    """
    end = dateline_end(reading.document, reading.mentions, reading.rules)
    reading = replace(reading, dateline=end)
    roles: list[Role] = []
    for index in range(len(reading.mentions)):
        roles.append(_role(reading, index, roles))
    return roles


def actors_proper(
    actors: Sequence[ActorMention], mentions: Sequence[Mention], roles: Sequence[Role]
) -> list[ActorMention]:
    """
    Leave out the labels that are place names standing for a place.

    Parameters
    ----------
    actors
        All labels.
    mentions, roles
        The mentions and their roles.

    Returns
    -------
    actors
        «مصر» in «في مصر» is no actor, «مصر ترفض» is one.
    """
    places = {(m.first, m.last) for m, r in zip(mentions, roles, strict=True) if r.role != "actor"}
    return [actor for actor in actors if (actor.first, actor.last) not in places]


def _role(reading: Reading, index: int, known: Sequence[Role]) -> Role:
    mention = reading.mentions[index]
    if mention.end <= reading.dateline:
        return Role(role="setting")
    own = preposition_before(reading, index)
    acting = not own and _is_state(reading.placements[index])
    if acting and _state_acts_after(reading, mention) and not _in_a_name(reading, mention):
        return Role(role="actor")
    if mention.joined is not None and not own and known[mention.joined].role != "background":
        return known[mention.joined]
    named = _fixed_role(reading, index, known)
    if named is not None:
        return Role(role=named, preposition=own)
    if mention.joined is not None and not own:
        return known[mention.joined]
    if _is_state(reading.placements[index]):
        state = _state_role(reading, index, own)
        if state is not None:
            return state
    return _governed_role(reading, index, own)


def _in_a_name(reading: Reading, mention: Mention) -> bool:
    """Tell «مؤتمر برلين», the name of something that is no place."""
    document = reading.document
    hits = reading.rules.governors.governs(document.keys, mention.context)
    after = (
        reading.rules.governors.at(document.keys, mention.last)
        if document.article.lang == "en" and mention.last < len(document.keys)
        else []
    )
    return any(h.meaning == "name_part" and document.touches(h.last) for h in hits) or any(
        h.meaning == "name_part" for h in after
    )


def _fixed_role(reading: Reading, index: int, known: Sequence[Role]) -> str | None:
    """Give the role that the words directly beside a name decide, whatever the sentence tells."""
    mention, document = reading.mentions[index], reading.document
    hits = reading.rules.governors.governs(document.keys, mention.context)
    kinds = {h.meaning for h in hits if document.touches(h.last)}
    if _in_a_name(reading, mention) or _continues_name(reading, index, known):
        return "name-part"
    if mention.prefix.endswith("ك"):
        return "background"  # «ليست كترهونة»: a comparison
    if "actor_before" in kinds or _inside_label(reading, mention) or _leads(reading, mention):
        return "actor"
    if "mere" in kinds:
        return "background"
    if "people_of" in kinds:
        return "setting"
    if _is_locator(reading, index, known):
        return "background"
    if is_dateline(document, mention):
        return "setting"
    return None


def _leads(reading: Reading, mention: Mention) -> bool:
    """Tell "Misrata-led forces" and "Tripoli-backed fighters", named for who leads them."""
    document = reading.document
    if (
        mention.last >= len(document.keys)
        or document.between(mention.last - 1, mention.last) != "-"
    ):
        return False
    return document.keys[mention.last] in reading.rules.actor_after


def _continues_name(reading: Reading, index: int, known: Sequence[Role]) -> bool:
    """Tell the second place of a name that holds two («غرفة عمليات سرت الجفرة»)."""
    if index == 0 or known[index - 1].role != "name-part":
        return False
    before = reading.mentions[index - 1]
    between = reading.document.article.text[before.end : reading.mentions[index].start]
    return between.strip(" \u00a0-–") == ""


def _inside_label(reading: Reading, mention: Mention) -> bool:
    """Tell a name that is part of an actor's label («ميليشيات مصراتة»)."""
    for at in starting_in(reading.actors, mention.first - LONGEST_LABEL, mention.first + 1):
        actor = reading.actors[at]
        if mention.last <= actor.last:
            return actor.last - actor.first > mention.last - mention.first
    return False


def _is_locator(reading: Reading, index: int, known: Sequence[Role]) -> bool:
    """Tell the Y of «X جنوب Y», «X في Y» and "X, south of Y", which only says where X lies."""
    if index == 0:
        return False
    mention, before = reading.mentions[index], reading.mentions[index - 1]
    relation = reading.relations[index]
    if before.sentence != mention.sentence:
        return False
    if reading.placements[index - 1].place is None and reading.placements[index].place is None:
        return False
    if relation is not None and relation.kind != "between":
        return _lies_so(reading, before, relation)
    if mention.asked_kind == "axis":
        return False  # «مبنى الجوازات في محور صلاح الدين»: the axis is fought for too
    if known[index - 1].role == "origin":
        return False  # «اشتبك المقاتلون، وجلهم من X، في Y»
    locative = preposition_before(reading, index) == "locative"
    gap = mention.context - before.last
    return locative and gap <= 1 and not _is_wide(reading.placements[index - 1])


def _lies_so(reading: Reading, before: Mention, relation: Relation) -> bool:
    """Tell "X, the hub south of Y", where the words between only say what X is."""
    gap = range(before.last, relation.first)
    if not gap:
        return True
    if len(gap) > _APPOSITION_WORDS or relation.kind not in BEARINGS:
        return False
    near = starting_in(reading.governors, gap.start - LONGEST_LABEL, gap.stop)
    return all(reading.governors[at].last <= gap.start for at in near)


def _is_wide(placement: Placement) -> bool:
    return placement.place is not None and placement.place.is_wide


def _is_state(placement: Placement) -> bool:
    """Tell names that stand for a government: countries, and capitals of other countries."""
    place = placement.place
    if place is None or placement.kind not in ("country", "city", "building"):
        return False  # «مطار دمشق» is a place, whatever stands in for it
    return place.kind == "country" or place.is_seat_of_government


def _state_role(reading: Reading, index: int, preposition: str) -> Role | None:
    mention, document, rules = reading.mentions[index], reading.document, reading.rules
    kinds = {h.meaning for h in rules.governors.ends_at(document.keys, mention.context)}
    place = reading.placements[index].place
    home = place is not None and place.country == reading.home
    if "state_beside" in kinds and not home:
        return Role(role="actor")
    if preposition == "from":
        return Role(role="origin", preposition=preposition)
    if preposition == "to":
        governor = governor_before(reading, mention)
        moved = governor is not None and reading.governors[governor].kind in ("movement", "trigger")
        return Role(
            role="origin" if moved else "background", governor=governor, preposition=preposition
        )
    if preposition == "locative":
        return None
    if _state_acts_after(reading, mention):
        return Role(role="actor")
    before = rules.governors.ends_at(document.keys, mention.context)
    if any(h.meaning in ("state_acts", "speech", "saying") for h in before):
        return Role(role="actor")
    if reading.relations[index] is not None:
        return None
    return Role(role="background" if home else "actor")


def _state_acts_after(reading: Reading, mention: Mention) -> bool:
    """Tell «أنقرة ترفض», where the name stands for the government."""
    if mention.last >= reading.document.sentences[mention.sentence].last:
        return False
    after = reading.rules.governors.at(reading.document.keys, mention.last)
    return any(h.meaning in ("state_acts", "speech", "saying") for h in after)


def _governed_role(reading: Reading, index: int, preposition: str) -> Role:
    at = governing(reading, index, preposition)
    if preposition == "from":
        beside = _from_whom(reading, index, at)
        if beside is not None:
            return Role(role=beside, preposition=preposition)
    mention, place = reading.mentions[index], reading.placements[index].place
    if at is None:
        role = {"from": "origin", "to": "origin", "locative": "setting"}.get(
            preposition, "background"
        )
    else:
        role = _role_by(reading.governors[at], preposition)
    if role == "event" and at is not None and _is_only_ahead(reading, mention, at):
        role = "origin"
    if role == "event" and at is not None and _too_wide(reading, index, at):
        return Role(role="background", preposition=preposition)
    if role in ("setting", "background") and mention.asked_kind == "axis" and place is not None:
        return Role(role="event", governor=at, preposition=preposition)  # «في محاور طرابلس»
    if place is not None and (at is None or reading.governors[at].kind != "trigger"):
        if place.kind == "building" and role == "origin":
            role = "setting"  # people are brought to hospitals and prisons
        elif place.kind in ("country", "sea") and role == "setting":
            role = "background"  # «الأوضاع في ليبيا» sets no scene
    return Role(role=role, governor=at, preposition=preposition)


def _is_only_ahead(reading: Reading, mention: Mention, at: int) -> bool:
    """Tell "drove them out and chased them toward Y", where Y was not taken."""
    trigger = reading.governors[at].trigger
    if trigger is None or trigger.event_type not in _NOT_AHEAD:
        return False
    before = mention.context > reading.governors[at].last
    return before and bool(reading.rules.toward.ends_at(reading.document.keys, mention.context))


def _from_whom(reading: Reading, index: int, at: int | None) -> str | None:
    """Tell «قوة من مصراتة», who come from there, and «قال فلان من بنغازي», said there."""
    mention, document = reading.mentions[index], reading.document
    before = mention.context - 1
    governor = reading.governors[at] if at is not None else None
    leaves = (
        governor is not None
        and governor.first < mention.first
        and governor.trigger is not None
        and (governor.trigger.event_type in _FROM_IS_SITE - {"repelled_attack"})
    )
    if reading.rules.come_from.ends_at(document.keys, before):
        return None if leaves else "origin"
    speaks = governor is not None and governor.kind == "speech"
    beside = starting_in(reading.actors, before - LONGEST_LABEL, before)
    named = any(reading.actors[i].last == before and not reading.actors[i].relative for i in beside)
    adjacent = governor is not None and governor.last == before
    return "setting" if speaks and (named or adjacent) else None


def _too_wide(reading: Reading, index: int, at: int) -> bool:
    """Say whether a country or sea is no site: a fight is never there, and no act told later."""
    place, governor = reading.placements[index].place, reading.governors[at]
    if place is None or place.kind not in ("country", "sea") or governor.trigger is None:
        return False
    fight = governor.trigger.event_type in COMBAT_TYPES
    return fight or governor.first >= reading.mentions[index].last


def _role_by(governor: Governor, preposition: str) -> str:
    if governor.kind == "trigger" and governor.trigger is not None:
        event_type = governor.trigger.event_type
        if preposition == "from":
            return "event" if event_type in _FROM_IS_SITE else "origin"
        if preposition == "to" and event_type in _TO_IS_GOAL:
            return "origin"
        return "origin" if preposition == "via" else "event"
    if governor.kind == "movement":
        return "setting" if preposition == "locative" else "origin"
    if preposition == "from":
        return "origin"
    return "setting" if preposition == "locative" or governor.kind == "setting" else "background"
