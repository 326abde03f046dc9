"""Step 7a: the word that governs a name, and the preposition between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from geocode.actors import ActorMention
from geocode.document import Document, starting_in
from geocode.governor import Governor
from geocode.language_rules import LanguageRules
from geocode.mention import Mention
from geocode.placement import Placement
from geocode.relation import Relation

# The most words of a label or of a name.
LONGEST_LABEL = 12
# Prepositions run together with the name after them («منطرابلس»).
_GLUED = {"من": "from", "في": "locative", "الي": "to", "ومن": "from", "وفي": "locative"}
_DONE_TO_BUILDINGS = frozenset({"airstrike", "shelling", "clash", "capture", "strike_on_equipment"})
# The most words between an act and the building that it was done to.
_BUILDING_REACH = 8


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


def governing(reading: Reading, index: int, preposition: str) -> int | None:
    """
    Choose the word that governs a name: the nearest before it, else the first after it.

    Parameters
    ----------
    reading
        What is known of the document.
    index
        Of the mention.
    preposition
        As `preposition_before` gives it.

    Returns
    -------
    governor
        Its index, None where no word does.
    """
    mention, relation = reading.mentions[index], reading.relations[index]
    before, after = governor_before(reading, mention), _governor_after(reading, mention)
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


def preposition_before(reading: Reading, index: int) -> str:
    """
    Give the class of the preposition before a mention, its relation words left out.

    Parameters
    ----------
    reading
        What is known of the document.
    index
        Of the mention.

    Returns
    -------
    preposition
        ``locative``, ``from``, ``to``, ``via`` or empty.
    """
    mention, document = reading.mentions[index], reading.document
    relation = reading.relations[index]
    first = min(relation.first, mention.context) if relation is not None else mention.context
    sentence = document.sentences[mention.sentence]
    word = document.keys[first]
    clitic = mention.prefix if first == mention.first else word
    if first > sentence.first and document.touches(first):
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
    around = starting_in(reading.governors, first - LONGEST_LABEL, first)
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


def governor_before(reading: Reading, mention: Mention) -> int | None:
    """
    Give the nearest governor before a name in its sentence.

    Parameters
    ----------
    reading
        What is known of the document.
    mention
        The name.

    Returns
    -------
    governor
        Its index, None where there is none or another clause has begun since.
    """
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
