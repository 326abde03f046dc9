"""Step 6: actors, who is named in a sentence and who is speaking."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from geocode.conflict import ActorLabel, Conflict
from geocode.document import Document, Sentence
from geocode.language_rules import LanguageRules
from geocode.phrases import PhraseHit

_SPEAKER_REACH = 12
_BESIDE = 2
# How much an outlet's known side weighs against the loaded words of the report itself.
_OUTLET_WEIGHT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorMention:
    """
    A label for a side, as printed.

    Attributes
    ----------
    first, last
        Its half-open span of tokens.
    side
        Id of the side it means in this report.
    text
        The label as printed, loaded words and all.
    equipment
        Whether it names arms and not people.
    named
        Whether it names a side; false for soldiers and witnesses without a name.
    """

    first: int
    last: int
    side: str
    text: str
    equipment: bool = False
    named: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """
    Who says a sentence.

    Attributes
    ----------
    side
        Id of the side that speaks, `WITNESSES` for others; None for the outlet itself.
    text
        The speaker as printed; empty for the outlet itself.
    chain
        Who passed it on, the nearest to the reader first («رويترز»).
    """

    side: str | None
    text: str
    chain: tuple[str, ...] = ()


# The id, in every conflict pack, of those who speak for no side.
WITNESSES = "witnesses"
OUTLET = Speaker(side=None, text="")


def find_stance(document: Document, conflict: Conflict) -> str | None:
    """
    Tell on whose side a report is written, which «الجيش» and «قواتنا» depend on.

    Parameters
    ----------
    document
        The document.
    conflict
        The conflict pack.

    Returns
    -------
    side
        A side id; None where neither outlet nor wording tell.
    """
    votes: Counter[str] = Counter()
    side = conflict.outlet_side(document.article.outlet)
    if side:
        votes[side] += _OUTLET_WEIGHT
    for hit in conflict.leaning.find(document.keys):
        votes[hit.meaning] += 1
    ranked = votes.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def find_actors(document: Document, conflict: Conflict, stance: str | None) -> list[ActorMention]:
    """
    Find the labels of sides in a document.

    Parameters
    ----------
    document
        The document.
    conflict
        The conflict pack.
    stance
        On whose side it is written.

    Returns
    -------
    actors
        In the order of the text. A label that means one side here and another there is left out
        where the stance is not known.
    """
    found: list[ActorMention] = []
    for sentence in document.sentences:
        index = sentence.first
        while index < sentence.last:
            hits = [h for h in conflict.labels.at(document.keys, index) if h.last <= sentence.last]
            side = _side(hits, stance)
            if side is None:
                index = max((h.last for h in hits), default=index + 1)
                continue
            last = hits[0].last
            actor = ActorMention(
                first=index,
                last=last,
                side=side,
                text=_text(document, index, last),
                equipment=all(hit.meaning.equipment for hit in hits),
            )
            found.append(actor)
            index = last
    return found


def find_speakers(
    document: Document,
    actors: Sequence[ActorMention],
    rules: LanguageRules,
    stance: str | None,
) -> list[Speaker]:
    """
    Say for each sentence who speaks.

    Parameters
    ----------
    document
        The document.
    actors
        Its actor labels.
    rules
        The rules of its language.
    stance
        On whose side it is written: unnamed soldiers speak for that side.

    Returns
    -------
    speakers
        One for each sentence; the outlet itself where nobody is named. «وأضاف» and an open
        quotation go on with the speaker before.
    """
    speakers: list[Speaker] = []
    for sentence in document.sentences:
        before = speakers[-1] if speakers else OUTLET
        sources = _sources(document, sentence, actors, rules, stance)
        speakers.append(_speaker(document, sentence, sources, rules, before))
    return speakers


def _side(hits: Sequence[PhraseHit[ActorLabel]], stance: str | None) -> str | None:
    for hit in hits:
        if not hit.meaning.by_stance:
            return hit.meaning.side
    sides = {hit.meaning.side for hit in hits}
    if stance in sides:
        return stance
    return sides.pop() if len(sides) == 1 else None


def _sources(
    document: Document,
    sentence: Sentence,
    actors: Sequence[ActorMention],
    rules: LanguageRules,
    stance: str | None,
) -> list[ActorMention]:
    """Give all in a sentence who may be speaking: sides, soldiers without a name, witnesses."""
    found = [a for a in actors if sentence.first <= a.first < sentence.last and not a.equipment]
    taken = {token for a in found for token in range(a.first, a.last)}
    for hit in rules.witnesses.find(document.keys, sentence.first, sentence.last):
        if hit.first in taken:
            continue
        side = (stance if hit.meaning == "military" else None) or WITNESSES
        text = _text(document, hit.first, hit.last)
        found.append(
            ActorMention(first=hit.first, last=hit.last, side=side, text=text, named=False)
        )
    return sorted(found, key=_first)


def _first(actor: ActorMention) -> int:
    return actor.first


def _speaker(
    document: Document,
    sentence: Sentence,
    sources: Sequence[ActorMention],
    rules: LanguageRules,
    before: Speaker,
) -> Speaker:
    hits = rules.speech_verbs.find(document.keys, sentence.first, sentence.last)
    for hit in hits:
        if hit.meaning == "relay":
            relayed = _relayed(document, sentence, hit, sources, rules)
            if relayed is not None:
                return relayed
    for hit in hits:
        named = _named_speaker(document, hit, sources, rules)
        if named is not None:
            return named
    continues = any(h.meaning == "continued" and h.first <= sentence.first + 1 for h in hits)
    return before if continues else OUTLET


def _named_speaker(
    document: Document,
    hit: PhraseHit[str],
    sources: Sequence[ActorMention],
    rules: LanguageRules,
) -> Speaker | None:
    """Give who stands beside a verb of speech: after it in Arabic, before it in English."""
    reach = _SPEAKER_REACH
    after_first = document.article.lang == "ar"
    ahead = document.keys[hit.last : hit.last + reach]
    said = next((hit.last + i for i, key in enumerate(ahead) if key in rules.that_words), None)
    after = [a for a in sources if hit.last <= a.first <= hit.last + reach // 2]
    after = [a for a in after if said is None or a.first < said]
    before = [a for a in sources if hit.first - reach <= a.first < hit.first][::-1]
    found = (after or before) if after_first or hit.meaning == "frames" else (before or after)
    if not found:
        return None
    told = _belonging_to(found[0], sources)
    text = _text(document, found[0].first, max(told.last, found[0].last))
    return Speaker(side=told.side, text=text)


def _belonging_to(source: ActorMention, sources: Sequence[ActorMention]) -> ActorMention:
    """Give the side of a source without a name, where it stands beside it («مصدر في قوات حفتر»)."""
    if source.named:
        return source
    near = (a for a in sources if a.named and 0 <= a.first - source.last <= _BESIDE)
    return next(near, source)


def _relayed(
    document: Document,
    sentence: Sentence,
    hit: PhraseHit[str],
    sources: Sequence[ActorMention],
    rules: LanguageRules,
) -> Speaker | None:
    """Read «نقلت وكالة رويترز عن مصدر عسكري في قوات حفتر»: who passed it on, and who said it."""
    ahead = range(hit.last, min(hit.last + _SPEAKER_REACH // 2, sentence.last))
    directly = None if rules.relay_from else hit.last - 1
    source = next((i for i in ahead if document.keys[i] in rules.relay_from), directly)
    if source is None:
        return None
    relay = _text(document, hit.last, source) if source > hit.last else ""
    near = [a for a in sources if source < a.first <= source + _SPEAKER_REACH // 2]
    if not near:
        return None
    said = _belonging_to(near[0], near)
    text = _text(document, source + 1, said.last)
    return Speaker(side=said.side, text=text, chain=(relay,))


def _text(document: Document, first: int, last: int) -> str:
    return document.article.text[document.tokens[first].start : document.tokens[last - 1].end]
