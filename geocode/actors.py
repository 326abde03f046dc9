"""Step 6: actors, who is named in a sentence and who is speaking."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from geocode.conflict import ActorLabel, Conflict
from geocode.document import Document, Sentence
from geocode.language_rules import LanguageRules
from geocode.phrases import PhraseHit

_SPEAKER_REACH = 12
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
    """

    first: int
    last: int
    side: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """
    Who says a sentence.

    Attributes
    ----------
    side
        Id of the side that speaks; None for the outlet itself and for witnesses.
    text
        The speaker as printed; empty for the outlet itself.
    chain
        Who passed it on, the nearest to the reader first («رويترز»).
    """

    side: str | None
    text: str
    chain: tuple[str, ...] = ()


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
            found.append(ActorMention(first=index, last=last, side=side, text=_text(document, index, last)))
            index = last
    return found


def find_speakers(
    document: Document, actors: Sequence[ActorMention], rules: LanguageRules
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

    Returns
    -------
    speakers
        One for each sentence; the outlet itself where nobody is named. «وأضاف» and an open
        quotation go on with the speaker before.
    """
    speakers: list[Speaker] = []
    for sentence in document.sentences:
        before = speakers[-1] if speakers else OUTLET
        speakers.append(_speaker(document, sentence, actors, rules, before))
    return speakers


def _side(hits: Sequence[PhraseHit[ActorLabel]], stance: str | None) -> str | None:
    for hit in hits:
        if not hit.meaning.by_stance:
            return hit.meaning.side
    sides = {hit.meaning.side for hit in hits}
    if stance in sides:
        return stance
    return sides.pop() if len(sides) == 1 else None


def _speaker(
    document: Document,
    sentence: Sentence,
    actors: Sequence[ActorMention],
    rules: LanguageRules,
    before: Speaker,
) -> Speaker:
    hits = rules.speech_verbs.find(document.keys, sentence.first, sentence.last)
    inside = [a for a in actors if sentence.first <= a.first < sentence.last]
    witnesses = rules.witnesses.find(document.keys, sentence.first, sentence.last)
    for hit in hits:
        if hit.meaning == "relay":
            relayed = _relayed(document, sentence, hit, inside, witnesses)
            if relayed is not None:
                return relayed
    for hit in hits:
        named = _named_speaker(document, hit, inside, witnesses, after_first=document.article.lang == "ar")
        if named is not None:
            return named
    continues = any(h.meaning == "continued" and h.first <= sentence.first + 1 for h in hits)
    return before if continues else OUTLET


def _named_speaker(
    document: Document,
    hit: PhraseHit[str],
    actors: Sequence[ActorMention],
    witnesses: Sequence[PhraseHit[str]],
    *,
    after_first: bool,
) -> Speaker | None:
    """Give who stands beside a verb of speech: after it in Arabic, before it in English."""
    named = [(a.first, a.last, a.side, a.text) for a in actors]
    named += [(w.first, w.last, None, _text(document, w.first, w.last)) for w in witnesses]
    after = sorted(n for n in named if hit.last <= n[0] <= hit.last + _SPEAKER_REACH // 2)
    before = sorted((n for n in named if hit.first - _SPEAKER_REACH <= n[0] < hit.first), reverse=True)
    found = (after or before) if after_first else (before or after)
    if not found:
        return None
    return Speaker(side=found[0][2], text=found[0][3])


def _relayed(
    document: Document,
    sentence: Sentence,
    hit: PhraseHit[str],
    actors: Sequence[ActorMention],
    witnesses: Sequence[PhraseHit[str]],
) -> Speaker | None:
    """Read «نقلت وكالة رويترز عن مصدر عسكري في قوات حفتر»: who passed it on, and who said it."""
    source = next((i for i in range(hit.last, min(hit.last + 6, sentence.last)) if document.keys[i] == "عن"), None)
    if source is None:
        return None
    relay = _text(document, hit.last, source) if source > hit.last else ""
    said = [a for a in actors if source < a.first <= source + _SPEAKER_REACH // 2]
    if said:
        return Speaker(side=said[0].side, text=_text(document, source + 1, said[0].last), chain=(relay,))
    told = [w for w in witnesses if source < w.first <= source + 2]
    if told:
        return Speaker(side=None, text=_text(document, told[0].first, told[0].last), chain=(relay,))
    return None


def _text(document: Document, first: int, last: int) -> str:
    return document.article.text[document.tokens[first].start : document.tokens[last - 1].end]
