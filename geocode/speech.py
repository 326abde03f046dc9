"""Step 6b: speech, who tells each part of a text."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from geocode.actors import ActorMention, words
from geocode.conflict import Conflict
from geocode.document import Document, Sentence, starting_in
from geocode.language_rules import LanguageRules
from geocode.phrases import PhraseHit

# How far, in words, a speaker may stand from the verb.
_REACH = 12
_BESIDE = 2
_SUBJECT_WORDS = 5
# "…, the ministry said on Tuesday": words that may follow a verb that ends what is said.
_TAIL_WORDS = 5
_HEADING_WORDS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """
    Who says something.

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """
    A part of a sentence that one speaker tells.

    Attributes
    ----------
    first, last
        Its half-open span of tokens.
    speaker
        Who tells it.
    condemns
        Whether the speaker speaks of what others did.
    named_at
        Tokens of the speaker's label, half open; empty where none stands here.
    """

    first: int
    last: int
    speaker: Speaker
    condemns: bool = False
    named_at: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class _Saying:
    """A verb of speech with its speaker, and whether it speaks of what stands before it."""

    hit: PhraseHit[str]
    speaker: Speaker
    named_at: tuple[int, int]
    backwards: bool = False
    everywhere: bool = False


@dataclass(slots=True)
class SpeechReader:
    """
    Read who tells what, sentence by sentence.

    Attributes
    ----------
    document
        The document.
    actors
        Its actor labels.
    rules
        The rules of its language.
    conflict
        The conflict pack.
    stance
        On whose side the report is written: unnamed soldiers speak for that side.
    """

    document: Document
    actors: Sequence[ActorMention]
    rules: LanguageRules
    conflict: Conflict
    stance: str | None
    _default: Speaker = field(default=OUTLET)
    _before: Speaker = field(default=OUTLET)
    _last_named: Speaker = field(default=OUTLET)

    def read(self) -> list[list[Speech]]:
        """
        Read the whole document.

        Returns
        -------
        speech
            For each sentence its parts in order; together they cover it.
        """
        self._default = self._before = self._heading()
        return [self._sentence(sentence) for sentence in self.document.sentences]

    def _heading(self) -> Speaker:
        """Give who issues a communiqué: the side its first line names."""
        if not self.document.sentences:
            return OUTLET
        first = self.document.sentences[0]
        short = first.last - first.first <= _HEADING_WORDS
        keys = self.document.keys
        if not short or not self.rules.statements.find(keys, first.first, first.last):
            return OUTLET
        if self.rules.speech_verbs.find(keys, first.first, first.last):
            return OUTLET
        for actor in self.actors:
            if actor.first < first.last and actor.side and not actor.relative:
                return Speaker(side=actor.side, text=actor.text)
        return OUTLET

    def _sentence(self, sentence: Sentence) -> list[Speech]:
        sources = self._sources(sentence)
        sayings = self._sayings(sentence, sources)
        start = self._goes_on(sentence)
        parts = [Speech(first=sentence.first, last=sentence.last, speaker=start)]
        if (headed := self._headed(sentence, sources)) is not None:
            parts = [replace(parts[0], last=headed.first), headed]
            self._last_named = headed.speaker
        for saying in sayings:
            parts = self._with_saying(parts, saying, sentence)
        parts = self._with_contrasts(parts, sayings)
        self._before = parts[-1].speaker
        return parts

    def _headed(self, sentence: Sentence, sources: Sequence[ActorMention]) -> Speech | None:
        """Read "SPEAKER: what is said", as tickers and transcripts are printed."""
        keys, reach = self.document.keys, min(sentence.first + _HEADING_WORDS, sentence.last)
        ends = range(sentence.first + 1, reach)
        colon = next((at for at in ends if ":" in self.document.between(at - 1, at)), None)
        named = [a for a in sources if colon is not None and a.last <= colon]
        if colon is None or not named:
            return None
        triggers = self.conflict.triggers.get(self.document.article.lang)
        head = range(sentence.first, colon)
        inside = {token for a in named for token in range(a.first, a.last)}
        tells = any(triggers.at(keys, at) for at in head if at not in inside) if triggers else False
        if tells or self.rules.speech_verbs.find(keys, sentence.first, colon):
            return None
        told = _belonging_to(named[0], named)
        text = words(self.document, named[0].first, max(told.last, named[0].last))
        speaker = Speaker(side=told.side, text=text)
        at = (named[0].first, told.last)
        return Speech(first=colon, last=sentence.last, speaker=speaker, named_at=at)

    def _goes_on(self, sentence: Sentence) -> Speaker:
        """Give who tells the beginning: «كما …» goes on with the speaker before."""
        key = self.document.keys[sentence.first]
        return self._before if key in self.rules.also_words else self._default

    def _with_saying(
        self, parts: Sequence[Speech], saying: _Saying, sentence: Sentence
    ) -> list[Speech]:
        condemns = bool(self.rules.condemning.at(self.document.keys, saying.hit.first))
        told = Speech(
            first=saying.hit.first,
            last=sentence.last,
            speaker=saying.speaker,
            condemns=condemns,
            named_at=saying.named_at,
        )
        if saying.everywhere and all(p.speaker in (OUTLET, self._default) for p in parts):
            return [replace(told, first=sentence.first)]
        kept = [replace(p, last=min(p.last, told.first)) for p in parts if p.first < told.first]
        if saying.backwards and kept and kept[-1].speaker in (OUTLET, self._default):
            return [*kept[:-1], replace(told, first=kept[-1].first)]
        return [*kept, told]

    def _with_contrasts(self, parts: Sequence[Speech], sayings: Sequence[_Saying]) -> list[Speech]:
        """Give the clause after «فيما» back to the report, unless a verb of speech follows."""
        cut: list[Speech] = []
        for part in parts:
            hits = self.rules.contrast.find(self.document.keys, part.first + 1, part.last)
            breaks = [h.first for h in hits if part.first < h.first]
            spoken = (
                any(
                    s.hit.first > breaks[0] or s.backwards
                    for s in sayings
                    if part.first <= s.hit.first
                )
                if breaks
                else True
            )
            if not breaks or part.speaker == OUTLET or spoken or self._is_reported(part):
                cut.append(part)
                continue
            cut.append(replace(part, last=breaks[0]))
            cut.append(Speech(first=breaks[0], last=part.last, speaker=self._default))
        return cut

    def _is_reported(self, part: Speech) -> bool:
        """Tell «قال إن … فيما …», where the whole is what was said."""
        ahead = self.document.keys[part.first : min(part.last, part.first + _REACH)]
        return any(key in self.rules.that_words for key in ahead)

    def _sources(self, sentence: Sentence) -> list[ActorMention]:
        """Give all in a sentence who may speak: sides, soldiers without a name, witnesses."""
        span = starting_in(self.actors, sentence.first, sentence.last)
        inside = [self.actors[i] for i in span]
        found = [a for a in inside if not a.equipment and a.side is not None]
        taken = {token for a in found for token in range(a.first, a.last)}
        keys = self.document.keys
        for hit in self.rules.witnesses.find(keys, sentence.first, sentence.last):
            if hit.first in taken:
                continue
            side = (self.stance if hit.meaning == "military" else None) or WITNESSES
            text = words(self.document, hit.first, hit.last)
            found.append(
                ActorMention(first=hit.first, last=hit.last, side=side, text=text, named=False)
            )
        return sorted(found, key=_first)

    def _sayings(self, sentence: Sentence, sources: Sequence[ActorMention]) -> list[_Saying]:
        keys = self.document.keys
        hits = self.rules.speech_verbs.find(keys, sentence.first, sentence.last)
        found: list[_Saying] = []
        end = -1
        for hit in hits:
            if hit.first < end or not self._is_finite(hit):
                continue
            if hit.meaning == "participles":
                saying, end = self._participle(hit, sources, found), hit.last
            elif hit.meaning == "relay":
                saying, end = self._relayed(sentence, hit, sources)
            else:
                saying, end = self._said(sentence, hit, sources, follows=bool(found)), hit.last
            if saying is None:
                continue
            found.append(saying)
            if saying.speaker != OUTLET:
                self._last_named = saying.speaker
        return found

    def _is_finite(self, hit: PhraseHit[str]) -> bool:
        """Tell «نشر» (he published) from «لنشر» (in order to spread)."""
        keys, verb = self.document.keys, hit.words[0]
        if hit.first and keys[hit.first - 1] in self.rules.passive_before:
            return False
        return keys[hit.first] in (verb, "و" + verb, "ف" + verb)

    def _participle(
        self, hit: PhraseHit[str], sources: Sequence[ActorMention], before: Sequence[_Saying]
    ) -> _Saying | None:
        """Give the subject of «مؤكدا», which is that of the clause before it."""
        if before:
            return replace(before[-1], hit=hit, named_at=(0, 0), backwards=False, everywhere=False)
        named = [a for a in sources if a.last <= hit.first]
        if named:
            speaker = Speaker(side=named[0].side, text=named[0].text)
            return _Saying(hit, speaker, (0, 0))
        return _Saying(hit, self._last_named, (0, 0))

    def _said(
        self,
        sentence: Sentence,
        hit: PhraseHit[str],
        sources: Sequence[ActorMention],
        *,
        follows: bool,
    ) -> _Saying | None:
        frame = hit.meaning == "frames"
        speaker, at = self._speaker(sentence, hit, sources)
        if speaker is None:
            return None
        backwards = frame or self._ends_the_clause(sentence, hit)
        return _Saying(hit, speaker, at, backwards=backwards, everywhere=frame and not follows)

    def _speaker(
        self, sentence: Sentence, hit: PhraseHit[str], sources: Sequence[ActorMention]
    ) -> tuple[Speaker | None, tuple[int, int]]:
        arabic = self.document.article.lang == "ar"
        subject_after = arabic or hit.meaning == "frames"
        said = self._said_from(hit, sentence)
        after = [a for a in sources if hit.last <= a.first < min(said, hit.last + _REACH // 2)]
        before = [a for a in sources if hit.first - _REACH <= a.first and a.last <= hit.first]
        if arabic:
            before = [
                a for a in before if a.last == hit.first and not self._parted(a.last - 1, a.last)
            ]
        if self._quotes(hit):
            after = []
        first = before if before and (arabic or not subject_after) else after
        found = first or after or (before if not arabic else [])
        if found:
            source = found[-1] if found is before else found[0]
            told = _belonging_to(source, [a for a in sources if a.first < said])
            text = words(self.document, source.first, max(told.last, source.last))
            return Speaker(side=told.side, text=text), (source.first, told.last)
        return self._unnamed(sentence, hit, said), (0, 0)

    def _said_from(self, hit: PhraseHit[str], sentence: Sentence) -> int:
        """Give the token with which what is said begins («إن», "that", or an act condemned)."""
        keys = self.document.keys
        triggers = self.conflict.triggers.get(self.document.article.lang)
        for at in range(hit.last, min(hit.last + _REACH, sentence.last)):
            if keys[at] in self.rules.that_words or (triggers and triggers.at(keys, at)):
                return at
        return sentence.last

    def _unnamed(self, sentence: Sentence, hit: PhraseHit[str], said: int) -> Speaker | None:
        """Give a speaker whose side is not known: who spoke last, or somebody as printed."""
        if hit.meaning == "frames":
            return self._last_named if self._last_named != OUTLET else None
        arabic = self.document.article.lang == "ar"
        first, last = self._subject(sentence, hit, said, arabic=arabic)
        if first >= last:
            return self._last_named if self._last_named != OUTLET else None
        keys = self.document.keys[first:last]
        known = self._last_named != OUTLET
        if known and any(key in self.rules.same_speaker for key in (keys[0], keys[-1])):
            return self._last_named
        return Speaker(side=WITNESSES, text=words(self.document, first, last))

    def _subject(
        self, sentence: Sentence, hit: PhraseHit[str], said: int, *, arabic: bool
    ) -> tuple[int, int]:
        """Give the words beside a verb of speech that name its subject."""
        if arabic:
            first, last = hit.last, min(said, hit.last + _SUBJECT_WORDS, sentence.last)
            for at in range(first, last):
                key = self.document.keys[at]
                stop = self.rules.prepositions.at(self.document.keys, at) or (
                    key in self.rules.relay_from or key in self.rules.that_words
                )
                if (
                    stop
                    or (at == first and self._quotes(hit))
                    or (at > first and self._parted(at - 1, at))
                ):
                    return first, at
            return first, last
        first = max(sentence.first, hit.first - _SUBJECT_WORDS)
        for at in range(hit.first - 1, first, -1):
            if self._parted(at - 1, at):
                return at, hit.first
        return first, hit.first

    def _quotes(self, hit: PhraseHit[str]) -> bool:
        """Tell «وتابع: "…», after which stands what is said and no subject."""
        if hit.last >= len(self.document.tokens):
            return True
        between = self.document.between(hit.last - 1, hit.last)
        return any(mark in between for mark in '«"“:')

    def _parted(self, one: int, other: int) -> bool:
        return any(mark in self.document.between(one, other) for mark in "،,؛;:—–")

    def _ends_the_clause(self, sentence: Sentence, hit: PhraseHit[str]) -> bool:
        """Tell "…, the ministry said on Tuesday" from "the ministry said that …"."""
        left = sentence.last - hit.last
        room = hit.first - sentence.first
        if self.document.article.lang == "ar":
            return False
        return (
            left <= _TAIL_WORDS and room > left and self._said_from(hit, sentence) == sentence.last
        )

    def _relayed(
        self, sentence: Sentence, hit: PhraseHit[str], sources: Sequence[ActorMention]
    ) -> tuple[_Saying | None, int]:
        """Read «نقلت وكالة رويترز عن مصدر عسكري في قوات حفتر»: who passed it on, who said it."""
        keys, rules = self.document.keys, self.rules
        ahead = range(hit.last, min(hit.last + _REACH // 2, sentence.last))
        directly = None if rules.relay_from else hit.last - 1
        source = next((i for i in ahead if keys[i] in rules.relay_from), directly)
        if source is None:
            return None, hit.last
        relay = words(self.document, hit.last, source) if source > hit.last else ""
        near = [a for a in sources if source < a.first <= source + _REACH // 2]
        if not near:
            return None, hit.last
        said = _belonging_to(near[0], near)
        text = words(self.document, source + 1, said.last)
        chain = (relay,) if relay else ()
        speaker = Speaker(side=said.side, text=text, chain=chain)
        backwards = hit.first - sentence.first > sentence.last - said.last
        at = (source + 1, said.last)
        return _Saying(hit, speaker, at, backwards=backwards), said.last


def speech_at(speech: Sequence[Sequence[Speech]], sentence: int, token: int) -> Speech:
    """
    Give the part of a sentence that holds a token.

    Parameters
    ----------
    speech
        As `SpeechReader.read` gives it.
    sentence
        Index of the sentence.
    token
        A token of it.
    """
    parts = speech[sentence]
    return next((part for part in parts if part.first <= token < part.last), parts[-1])


def _belonging_to(source: ActorMention, sources: Sequence[ActorMention]) -> ActorMention:
    """Give the side of a source without a name, where it stands beside it («مصدر في قوات حفتر»)."""
    if source.named:
        return source
    near = (a for a in sources if a.named and 0 <= a.first - source.last <= _BESIDE)
    return next(near, source)


def _first(actor: ActorMention) -> int:
    return actor.first
