"""Step 7: the role of each mention, what the place is in its sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geocode.actors import ActorMention
from geocode.dateline import dateline_end
from geocode.document import Document, starting_in
from geocode.governor import Governor
from geocode.language_rules import LanguageRules
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
# Prepositions run together with the name after them («منطرابلس»).
_GLUED = {"من": "from", "في": "locative", "الي": "to", "ومن": "from", "وفي": "locative"}
# "X, the supply hub south of Y": the most words between a name and where it lies.
_APPOSITION_WORDS = 5
_DONE_TO_BUILDINGS = frozenset({"airstrike", "shelling", "clash", "capture", "strike_on_equipment"})
# The most words between an act and the building that it was done to.
_BUILDING_REACH = 8
# The most words of a label or of a name.
_LONGEST_LABEL = 12


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """
    All that is known of a document when roles are given.

    `home` is the war's own country, `dateline` where the line ends that says where it was written.
    """

    document: Document
    mentions: Sequence[Mention]
    placements: Sequence[Placement]
    relations: Sequence[Relation | None]
    actors: Sequence[ActorMention]
    governors: Sequence[Governor]
    rules: LanguageRules
    home: str
    dateline: int = 0


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
    own = _preposition(reading, index)
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
    return any(h.meaning == "name_part" and _touching(document, h.last) for h in hits) or any(
        h.meaning == "name_part" for h in after
    )


def _fixed_role(reading: Reading, index: int, known: Sequence[Role]) -> str | None:
    """Give the role that the words directly beside a name decide, whatever the sentence tells."""
    mention, document = reading.mentions[index], reading.document
    hits = reading.rules.governors.governs(document.keys, mention.context)
    kinds = {h.meaning for h in hits if _touching(document, h.last)}
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
    if _is_dateline(document, mention):
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


def _touching(document: Document, token: int) -> bool:
    return document.between(token - 1, token).strip(" \u00a0«\"“'’") == ""


def _inside_label(reading: Reading, mention: Mention) -> bool:
    """Tell a name that is part of an actor's label («ميليشيات مصراتة»)."""
    for at in starting_in(reading.actors, mention.first - _LONGEST_LABEL, mention.first + 1):
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
    locative = _preposition(reading, index) == "locative"
    gap = mention.context - before.last
    return locative and gap <= 1 and not _is_wide(reading.placements[index - 1])


def _lies_so(reading: Reading, before: Mention, relation: Relation) -> bool:
    """Tell "X, the hub south of Y", where the words between only say what X is."""
    gap = range(before.last, relation.first)
    if not gap:
        return True
    if len(gap) > _APPOSITION_WORDS or relation.kind not in BEARINGS:
        return False
    near = starting_in(reading.governors, gap.start - _LONGEST_LABEL, gap.stop)
    return all(reading.governors[at].last <= gap.start for at in near)


def _is_wide(placement: Placement) -> bool:
    return placement.place is not None and placement.place.is_wide


def _is_dateline(document: Document, mention: Mention) -> bool:
    sentence = document.sentences[mention.sentence]
    if mention.first != sentence.first:
        return False
    after = document.article.text[mention.end : mention.end + 16]
    if after.startswith("-"):
        return False  # "Misrata-led forces"
    after = after.lstrip(" \u00a0")
    return after.startswith(("-", "–", "—", "(")) or (
        after[:2].strip().isdecimal() and any(dash in after for dash in "-–—")
    )


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
        governor = _governor_before(reading, mention)
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
    at = _governing(reading, index, preposition)
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
    beside = starting_in(reading.actors, before - _LONGEST_LABEL, before)
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


def _governing(reading: Reading, index: int, preposition: str) -> int | None:
    """Choose the word that governs a name: the nearest before it, else the first after it."""
    mention, relation = reading.mentions[index], reading.relations[index]
    before, after = _governor_before(reading, mention), _governor_after(reading, mention)
    if (
        before is not None
        and preposition != "locative"
        and _in_new_clause(reading, mention, before)
    ):
        before = None
    if before is None:
        if preposition == "locative":
            return _told_there(reading, mention, after)
        return after if preposition else _past_parenthesis(reading, mention, after)
    governor = reading.governors[before]
    if governor.kind == "setting":
        return _done_to_building(reading, before)
    if governor.kind == "speech" and not preposition and after is not None:
        return after  # «وقال إن سرت تشهد اشتباكات»: what is said governs, not the saying
    if governor.kind == "movement" and relation is not None and relation.kind != "road_to":
        triggers = [
            at for at in _in_sentence(reading, mention) if reading.governors[at].kind == "trigger"
        ]
        return triggers[-1] if triggers else before
    return before


def _done_to_building(reading: Reading, at: int) -> int:
    """Read "shells hit a hospital in X": what was done to the building was done there."""
    if at == 0:
        return at
    building, act = reading.governors[at], reading.governors[at - 1]
    keys = reading.document.keys
    is_fight = act.trigger is not None and act.trigger.event_type in _DONE_TO_BUILDINGS
    near = act.sentence == building.sentence and building.first - act.last <= _BUILDING_REACH
    if not (is_fight and near and reading.rules.premises.at(keys, building.first)):
        return at
    between = starting_in(reading.mentions, act.last, building.first)
    parted = reading.rules.contrast.find(keys, act.last, building.first)
    return at if between or parted else at - 1


def _past_parenthesis(reading: Reading, mention: Mention, after: int | None) -> int | None:
    """Read "X, the sources said, changed hands": who says so stands between commas."""
    document = reading.document
    if after is None or reading.governors[after].kind != "speech":
        return after
    if "," not in document.between(mention.last - 1, mention.last).replace("،", ","):
        return after
    end = document.sentences[mention.sentence].last
    for at in starting_in(reading.governors, reading.governors[after].last, end):
        governor = reading.governors[at]
        if governor.kind == "trigger":
            told = starting_in(reading.mentions, mention.last, governor.first)
            return after if told else at
    return after


def _told_there(reading: Reading, mention: Mention, after: int | None) -> int | None:
    """Read «وفي الأصابعة تحدث أعيان عن اعتقال …»: what is told of happened there too."""
    if after is None or reading.governors[after].kind != "speech":
        return after
    begin = reading.governors[after].last
    end = reading.document.sentences[mention.sentence].last
    elsewhere = starting_in(reading.mentions, begin, end)
    for at in starting_in(reading.governors, begin, end):
        if reading.governors[at].kind == "trigger":
            return after if elsewhere else at
    return after


def _in_sentence(reading: Reading, mention: Mention) -> range:
    """Give the governors of the sentence of a mention."""
    sentence = reading.document.sentences[mention.sentence]
    return starting_in(reading.governors, sentence.first, sentence.last)


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


def _preposition(reading: Reading, index: int) -> str:
    """Give the class of the preposition before a mention, its relation words left out."""
    mention, document = reading.mentions[index], reading.document
    relation = reading.relations[index]
    first = min(relation.first, mention.context) if relation is not None else mention.context
    sentence = document.sentences[mention.sentence]
    word = document.keys[first]
    clitic = mention.prefix if first == mention.first else word
    if first > sentence.first and _touching(document, first):
        hits = [
            h
            for h in reading.rules.prepositions.ends_at(document.keys, first)
            if h.first >= sentence.first
        ]
        if hits and document.keys[hits[0].first] != "و":
            return "" if _is_of_trigger(reading, hits[0].first, first) else hits[0].meaning
    return _clitic_preposition(
        clitic, whole=first == mention.first, arabic=document.article.lang == "ar"
    )


def _is_of_trigger(reading: Reading, first: int, last: int) -> bool:
    """Tell the preposition of "siege of", « prise de », which leads to what was taken."""
    around = starting_in(reading.governors, first - _LONGEST_LABEL, first)
    return any(
        reading.governors[at].kind == "trigger" and reading.governors[at].last == last
        for at in around
    )


def _clitic_preposition(clitic: str, *, whole: bool, arabic: bool) -> str:
    if not arabic:
        return ""
    if clitic in _GLUED:
        return _GLUED[clitic]
    plain = clitic.removeprefix("و").removeprefix("ف")
    if plain.startswith("ب") and (whole or plain.startswith(("بم", "بق", "بح", "بض", "بج"))):
        return "locative"
    if whole and plain in ("ل", "لل"):
        return "to"
    return ""


def _governor_before(reading: Reading, mention: Mention) -> int | None:
    """Give the nearest governor before a name in its sentence."""
    known = [
        at for at in _in_sentence(reading, mention) if reading.governors[at].last <= mention.first
    ]
    if not known:
        return None
    found = known[-1]
    begin = reading.governors[found].last
    parted = reading.rules.contrast.find(reading.document.keys, begin, mention.first)
    return None if parted else found


def _in_new_clause(reading: Reading, mention: Mention, before: int) -> bool:
    """
    Tell "…took X and that the road to Y was open", whose taking says nothing of Y.

    Where things are told to be somewhere («وإن بعضها سقط في …») the act may go on.
    """
    begin = reading.governors[before].last
    return bool(reading.rules.new_clause.find(reading.document.keys, begin, mention.first))


def _governor_after(reading: Reading, mention: Mention) -> int | None:
    sentence = reading.document.sentences[mention.sentence]
    ahead = starting_in(reading.governors, mention.last, sentence.last)
    return ahead[0] if ahead else None
