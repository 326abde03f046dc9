"""Who did it and to whom: actor and target of a trigger."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geocode.actors import ActorMention
from geocode.conflict import Conflict
from geocode.document import Document, starting_in
from geocode.governor import Governor
from geocode.language_rules import LanguageRules
from geocode.phrases import word_forms
from geocode.speech import Speech
from geocode.triggers import COMBAT_TYPES

# How far, in words, a label may stand from the trigger it belongs to.
_AFTER_VERB = 7
_AFTER_NOUN = 4
_LAM, _UPON = "ل", "علي"
# Acts a speaker tells of his own side when he names nobody.
_OWN_ACTS = (COMBAT_TYPES - {"withdrawal", "clash"}) | {"ultimatum"}
# Arms of a side may be shot down or destroyed; they do not do it.
_NEVER_BY_EQUIPMENT = frozenset({"aircraft_downed", "strike_on_equipment"})
# Acts with which a text goes on telling of whoever it told of last.
_TOLD_ON = COMBAT_TYPES | {"deployment", "ultimatum", "arms_delivery"}
# Acts a report tells of its own side when it names nobody.
_GAINS = frozenset({"capture", "advance", "repelled_attack", "aircraft_downed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A side in an event, with the label as printed; empty where it was only concluded."""

    side: str | None
    text: str = ""


NOBODY = Party(side=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """
    What a text has said so far that a new act may go on from.

    Attributes
    ----------
    stance
        On whose side it is written; None where that is not known.
    last_actor, last_target, last_type
        The sides and the type of the act told last, in this sentence or the one before.
    same_sentence
        Whether that was in this sentence.
    """

    stance: str | None = None
    last_actor: str | None = None
    last_target: str | None = None
    last_type: str | None = None
    same_sentence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """
    A trigger with all that tells who is involved.

    Attributes
    ----------
    document
        The document.
    governor
        The trigger.
    event_type
        What happened.
    speech
        Who tells it.
    scene
        What was told before.
    conflict
        The conflict pack: whose opponent is who.
    rules
        The rules of the document's language.
    until
        The token with which the next act is told: whoever is named after it belongs to that.
    """

    document: Document
    governor: Governor
    event_type: str
    speech: Speech
    scene: Scene
    conflict: Conflict
    rules: LanguageRules
    until: int


def find_parties(case: Case, actors: Sequence[ActorMention]) -> tuple[Party, Party]:
    """
    Say who acts and who suffers.

    Parameters
    ----------
    case
        The trigger, and what is known around it.
    actors
        The labels of the document.

    Returns
    -------
    actor, target
        Printed labels where there are any; the opponent of the one that is named, in a fight;
        the speaker, for deeds one tells of oneself; who was spoken of last.
    """
    sentence = case.document.sentences[case.governor.sentence]
    last = min(sentence.last, case.until)
    around = [actors[i] for i in starting_in(actors, sentence.first, last)]
    resolved = [_resolved(a, case, around) for a in around]
    inside = [
        a
        for a in resolved
        if a.side is not None and not _is_speaker(a, case) and not _speaks_next(a, case)
    ]
    fighting = [a for a in inside if _may_take_part(a, case)]
    actor, target = _named(case, fighting)
    if actor.side is not None and actor.side == target.side:
        trigger = case.governor.trigger
        sufferer = trigger is not None and trigger.form in ("objects", "passive")
        actor, target = (NOBODY, target) if sufferer else (actor, NOBODY)
    if target.side is None:
        target = _bystander(case, inside)
    if case.event_type == "arms_delivery":
        target = NOBODY  # who is flown in suffers nothing
    return _concluded(case, actor, target, actors)


def _resolved(actor: ActorMention, case: Case, around: Sequence[ActorMention]) -> ActorMention:
    """Give «قواتنا» and «العدو» the side they have from where the speaker stands."""
    if not actor.relative:
        return actor
    here = _speaking_side(case)
    if actor.relative.endswith("of_last"):
        sides = case.conflict.sides
        named = [a.side for a in around if a.last <= actor.first and a.side and not a.relative]
        parties = [side for side in named if sides[side].party]
        here = parties[-1] if parties else here or case.scene.last_actor
    if here is None:
        return actor
    own = actor.relative.startswith("own")
    return replace(actor, side=here if own else case.conflict.opponent(here))


def _speaking_side(case: Case) -> str | None:
    side = case.conflict.sides.get(case.speech.speaker.side or "")
    return side.side_id if side is not None and side.party else None


def _is_speaker(actor: ActorMention, case: Case) -> bool:
    first, last = case.speech.named_at
    saying = case.governor.first <= case.speech.first < case.governor.last
    return first <= actor.first < last and not saying  # «أمهل فلان»: to say it is to do it


def _speaks_next(actor: ActorMention, case: Case) -> bool:
    """Tell «… واستهدفت ترهونة، وقال المسماري …», who only goes on to speak."""
    if actor.first < case.governor.last or case.document.article.lang != "ar":
        return False
    before = case.rules.governors.ends_at(case.document.keys, actor.first)
    after = [hit for hit in before if hit.first >= case.governor.last]
    return any(hit.meaning in ("speech", "saying") for hit in after)


def _may_take_part(actor: ActorMention, case: Case) -> bool:
    side = case.conflict.sides[actor.side or ""]
    if case.event_type != "other" and not side.party:
        return False
    return not (actor.office and actor.last <= case.governor.first)


def _bystander(case: Case, inside: Sequence[ActorMention]) -> Party:
    """Give those who only suffer («مقتل ثلاثة مدنيين في غارة»)."""
    if case.event_type == "clash":
        return NOBODY
    trigger = case.governor.trigger
    if trigger is not None and trigger.harms:
        return Party(side=trigger.harms)
    sides = case.conflict.sides
    # «وذكر للصحفيين أن قواته سيطرت»: they were told, and suffered nothing.
    told = [a for a in inside if a.last <= case.governor.first and _is_dative(case, a)]
    harmed = [a for a in inside if sides[a.side or ""].bystander and a not in told]
    return _party(harmed[0] if harmed else None)


def _named(case: Case, inside: Sequence[ActorMention]) -> tuple[Party, Party]:
    governor, trigger = case.governor, case.governor.trigger
    if trigger is None:
        return NOBODY, NOBODY
    within = [a for a in inside if a.first < governor.last and governor.first < a.last]
    before = [
        a for a in inside if a.last <= governor.first and not _is_target(case, a, follows=False)
    ]
    named_first, named_last = case.speech.named_at
    begin = min(case.speech.first, named_first) if named_last else case.speech.first
    before = [a for a in before if a.first >= begin]
    after = [a for a in inside if a.first >= governor.last]
    if trigger.event_type in _NEVER_BY_EQUIPMENT:
        near = governor.last + _AFTER_VERB
        struck = [a for a in (*within, *after) if a.equipment and a.first < near]
        within = [a for a in within if not a.equipment]
        before = [a for a in before if not a.equipment]
        after = [a for a in after if not a.equipment]
        if struck:
            doers = _doers(case, after)
            return _party((within + doers[:1] + before[::-1] + [None])[0]), _party(struck[0])
    agents = [a for a in after if _is_agent(case, a)]
    if agents:
        told = case.event_type != "other"
        others = [a for a in inside if a.side != agents[0].side and told]
        return _party(agents[0]), _party(others[0] if others else None)
    if within:
        others = [a for a in after if a.side != within[0].side]
        return _party(within[0]), _party(others[0] if others else None)
    if trigger.form == "suffer":
        return NOBODY, _party(before[-1] if before else (after[0] if after else None))
    if case.document.article.lang != "ar":
        return _western(case, before, after)
    return _arabic(case, before, after)


def _arabic(
    case: Case, before: Sequence[ActorMention], after: Sequence[ActorMention]
) -> tuple[Party, Party]:
    """Arabic: who acts stands after the verb, or before it; after a noun it depends on the noun."""
    form = case.governor.trigger.form if case.governor.trigger else "own"
    nearest = _subject_before(case, before)
    close = [a for a in after if a.first < case.governor.last + _AFTER_NOUN]
    if form == "verbs" and _arms_follow(case, after):
        return _party(nearest), _party(after[0] if after else None)
    if form in ("objects", "passive"):
        if close and (_armed(case, close[0]) or _is_doer_by_lam(case, close[0])):
            return _party(close[0]), NOBODY
        if case.event_type == "capture" and close and not _is_taken_from(case, close[0]):
            close = []  # «تحرير غريان … ووصول القوات»: what is freed is a place
        return _party(nearest), _party(close[0] if close else None)
    doers = _doers(case, after)
    leader = _leader(case, before)
    if leader is not None:
        doers = [leader]
    elif nearest is not None and _adjoins_verb(case, nearest):
        doers = [nearest]
    actor = doers[0] if doers else nearest
    others = [a for a in after if a is not actor and (actor is None or a.side != actor.side)]
    if case.event_type == "capture" and not _is_verb(case):
        others = [a for a in others if _is_taken_from(case, a)]
    return _party(actor), _party(others[0] if others else None)


def _subject_before(case: Case, before: Sequence[ActorMention]) -> ActorMention | None:
    """Give who acts, named before; in "pushed X back and holds Y" X is not who holds Y."""
    scene = case.scene
    if not before or (
        scene.same_sentence and scene.last_type == case.event_type == "arms_delivery"
    ):
        return None
    sides = (scene.last_target, scene.last_actor)
    if scene.same_sentence and None not in sides and before[-1].side == scene.last_target:
        subjects = [a for a in before if a.side == scene.last_actor]
        if subjects and (_is_verb(case) or _has_pronoun(case)):
            return subjects[-1]
    return before[-1]


def _leader(case: Case, before: Sequence[ActorMention]) -> ActorMention | None:
    """
    Give the subject of «قواتنا تحكم قبضتها على … وتطرد المليشيات», which leads both verbs.

    After «انسحبت قوات … وسيطرت قوات …» it is another: there the first verb stands before its own.
    """
    keys, governor = case.document.keys, case.governor
    triggers = case.conflict.triggers.get("ar")
    first = governor.trigger is not None and keys[governor.first].startswith("و")
    if not (first and _is_verb(case) and triggers):
        return None
    leading = [
        a
        for a in before
        if a.last < governor.first
        and any(hit.meaning.form == "verbs" for hit in triggers.at(keys, a.last))
    ]
    return leading[-1] if leading else None


def _adjoins_verb(case: Case, actor: ActorMention) -> bool:
    """Tell «القيادة أمهلت المسلحين», whose subject stands before the verb."""
    between = case.document.keys[actor.last : case.governor.first]
    return _is_verb(case) and set(between) <= case.rules.before_verb


def _arms_follow(case: Case, after: Sequence[ActorMention]) -> bool:
    """Tell «استهدفت غارات مسلحي …», whose subject is the arms and no side."""
    at = case.governor.last
    keys = case.document.keys
    if at >= len(keys) or any(a.first <= at < a.last for a in after):
        return False
    return bool(word_forms(keys[at]) & case.rules.doer_words)


def _doers(case: Case, after: Sequence[ActorMention]) -> list[ActorMention]:
    trigger = case.governor.trigger
    verb = trigger is not None and trigger.form == "verbs"
    reach = _AFTER_VERB if verb else _AFTER_NOUN
    near = [a for a in after if a.first < case.governor.last + reach]
    if trigger is not None and trigger.event_type == "withdrawal":
        return near  # «انسحاب رتل من مرتزقة»: nobody suffers a withdrawal
    return [a for a in near if not _is_target(case, a, follows=True)]


def _is_agent(case: Case, actor: ActorMention) -> bool:
    """Tell «قصف من قبل قوات حفتر» and "carried out by", after which the doer stands."""
    return bool(case.rules.agent_before.ends_at(case.document.keys, actor.first, reach=3))


def _is_taken_from(case: Case, actor: ActorMention) -> bool:
    """Tell «طرد قوات حفتر» and «تحرير غريان من قوات حفتر» from a label that belongs elsewhere."""
    keys = case.document.keys
    if actor.first == case.governor.last:
        return True
    return bool(case.rules.prepositions.ends_at(keys, actor.first)) or _is_target(
        case, actor, follows=True
    )


def _is_doer_by_lam(case: Case, actor: ActorMention) -> bool:
    """Tell «قصف لقوات حفتر على سرت», by them, from «قصف لمواقع»."""
    keys = case.document.keys
    begins = keys[actor.first]
    after = keys[actor.last : actor.last + 1]
    return begins.startswith(_LAM) and begins[1:] in word_forms(begins) and after == (_UPON,)


def _armed(case: Case, actor: ActorMention) -> bool:
    """Tell «قصف طيران حفتر», where the arms of a side act, from «قصف الميليشيات»."""
    keys = case.document.keys
    first = keys[actor.first]
    before = keys[actor.first - 1] if actor.first else ""
    return bool((word_forms(first) | word_forms(before)) & case.rules.doer_words)


def _western(
    case: Case, before: Sequence[ActorMention], after: Sequence[ActorMention]
) -> tuple[Party, Party]:
    """English and French: who acts stands before the verb, who suffers after it."""
    form = case.governor.trigger.form if case.governor.trigger else "own"
    nearest = _subject_before(case, before)
    close = [a for a in after if a.first < case.governor.last + _AFTER_VERB]
    if form == "verbs" or nearest is not None:
        return _party(nearest), _party(close[0] if close else None)
    doers = _doers(case, after)
    return _party(doers[0] if doers else None), NOBODY


def _is_target(case: Case, actor: ActorMention, *, follows: bool) -> bool:
    """Tell «ضد قوات حفتر» and, after a verb, «طائرة لقوات حفتر» from who acts."""
    if actor.first == 0:
        return False
    keys, rules = case.document.keys, case.rules
    if word_forms(keys[actor.first - 1]) & rules.target_before:
        return True
    if rules.owner_links.ends_at(keys, actor.first):
        return True  # «مواقع تابعة لقوات …»
    if not _is_dative(case, actor):
        return False
    beside_noun = not _is_verb(case) and actor.first == case.governor.last
    return follows and not beside_noun and not _is_holder(case, actor)


def _is_holder(case: Case, actor: ActorMention) -> bool:
    """Tell «تحت السيطرة الكاملة لقوات …» from «السيطرة على مواقع لقوات …»."""
    between = case.document.keys[case.governor.last : actor.first]
    return case.event_type == "capture" and not _is_verb(case) and _UPON not in between


def _is_dative(case: Case, actor: ActorMention) -> bool:
    """Tell «لقوات حفتر» and «للصحفيين», with «ل» before the label."""
    label = case.document.keys[actor.first]
    return case.document.article.lang == "ar" and (
        label.startswith("لل")
        or (label.startswith("ل") and not label.startswith(("لو", "لي", "لج", "لق", "لك")))
        or any(label == "ل" + key for key in word_forms(label) if key != label)
    )


def _party(actor: ActorMention | None) -> Party:
    return NOBODY if actor is None else Party(side=actor.side, text=actor.text)


def _opponent(case: Case, actors: Sequence[ActorMention], side_id: str | None) -> str | None:
    """
    Give the side that a side fights in this report.

    A report that names others it fights («داعش», a shura council) and neither its opponent in the
    war nor an ally of that is of another fight: of one other that is who is meant, of many nobody.
    """
    sides, usual = case.conflict.sides, case.conflict.opponent(side_id)
    if usual is None:
        return None
    labels = {a.side for a in actors if a.side is not None and a.side != side_id}
    named = [sides[one] for one in sorted(labels) if sides[one].party]
    if any(one.opponent == side_id or one.side_id == usual for one in named):
        return usual
    others = [one.side_id for one in named if one.opponent is None]
    return usual if not others else others[0] if len(others) == 1 else None


def _concluded(
    case: Case, actor: Party, target: Party, actors: Sequence[ActorMention]
) -> tuple[Party, Party]:
    """Add the side that is not named, where the text leaves only one."""

    def opponent(side_id: str | None) -> str | None:
        return _opponent(case, actors, side_id)

    fight = case.event_type in COMBAT_TYPES | {"ultimatum"}
    speaking = _speaking_side(case)
    if speaking is not None and actor.side is None and _is_mourned(case):
        actor, target = Party(side=opponent(speaking)), Party(side=speaking)
    if (
        actor.side is None
        and case.event_type in _OWN_ACTS
        and not _is_another(case)
        and not case.speech.condemns
        and speaking not in (None, target.side)
    ):
        actor = Party(side=speaking)
    harmed = case.conflict.sides.get(target.side or "")
    bystander = harmed is not None and harmed.bystander
    if fight and actor.side is None and target.side is not None and not bystander:
        actor = Party(side=opponent(target.side))
    if actor.side is None:
        actor = Party(side=_implied_actor(case))
    if fight and target.side is None and actor.side is not None:
        target = Party(side=opponent(actor.side))
    return actor, target


def _is_mourned(case: Case) -> bool:
    """Tell «أعلن اللواء مقتل اثنين من قادته في غارة», which was another's strike."""
    struck = case.event_type in ("airstrike", "shelling", "strike_on_equipment")
    keys, governor = case.document.keys, case.governor
    return struck and bool(case.rules.mourned.find(keys, case.speech.first, governor.first))


def _implied_actor(case: Case) -> str | None:
    """Give the side that acts where none is named: the speaker's, or the one told of last."""
    speaking, scene = _speaking_side(case), case.scene
    if case.speech.condemns:
        fight = case.event_type in COMBAT_TYPES
        return case.conflict.opponent(speaking) if fight else None
    if _is_another(case) and scene.last_type == case.event_type:
        return scene.last_actor
    if _has_pronoun(case) and (scene.last_actor or speaking):
        return speaking or scene.last_actor
    if case.event_type in _OWN_ACTS and speaking is not None:
        return speaking
    if case.event_type in _GAINS and scene.stance is not None:
        return scene.stance
    told_on = _is_verb(case) or case.event_type == scene.last_type
    if case.event_type in _TOLD_ON and told_on and scene.last_actor is not None:
        return scene.last_actor
    return scene.stance if case.event_type in _OWN_ACTS and _is_verb(case) else None


def _has_pronoun(case: Case) -> bool:
    """Tell «هجومها» and «سيطرته», whose doer was named before."""
    trigger = case.governor.trigger
    key = case.document.keys[case.governor.last - 1]
    own = trigger is not None and trigger.form == "own"
    return own and key.endswith(case.rules.verbs.pronouns)


def _is_another(case: Case) -> bool:
    """Tell «غارة ثانية» and "another strike", by whoever made the first."""
    keys, governor = case.document.keys, case.governor
    beside = (
        keys[max(0, governor.first - 1) : governor.first] + keys[governor.last : governor.last + 2]
    )
    return bool(set(beside) & case.rules.another)


def _is_verb(case: Case) -> bool:
    return case.governor.trigger is not None and case.governor.trigger.form == "verbs"
