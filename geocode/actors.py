"""Step 6: actors, which sides a text names, in whatever words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geocode.conflict import ActorLabel, Conflict
from geocode.document import Document, Sentence
from geocode.language_rules import LanguageRules
from geocode.phrases import PhraseHit, is_definite, word_forms

# How much an outlet's known side weighs against the loaded words of the report itself.
_OUTLET_WEIGHT = 5
# The most words between a force and whose it is («الطائرات المسيرة الحديثة التابعة لـ…»).
_MODIFIERS = 2
# Acronyms that are words in small letters ("UN" and French "un").
_SHORT_ACRONYM = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorMention:
    """
    A label for a side, as printed.

    Attributes
    ----------
    first, last
        Its half-open span of tokens.
    side
        Id of the side it means in this report; None where only the sentence can tell.
    text
        The label as printed, loaded words and all.
    equipment
        Whether it names arms and not people.
    named
        Whether it names a side; false for soldiers and witnesses without a name.
    relative
        ``own``, ``enemy``, ``own_of_last`` or ``enemy_of_last`` for words that mean a side only
        from where somebody stands («قواتنا», «العدو», «قواته»); else empty.
    office
        Whether it is an office or official, who speaks and suffers but does not fight.
    """

    first: int
    last: int
    side: str | None
    text: str
    equipment: bool = False
    named: bool = True
    relative: str = ""
    office: bool = False


@dataclass(frozen=True, slots=True)
class Town:
    """A town after which forces are called: the end of its name, and the side they are on."""

    last: int
    side: str


@dataclass(frozen=True, slots=True)
class _Owner:
    last: int
    side: str


def find_stance(
    document: Document, conflict: Conflict, *, country: str | None = None
) -> str | None:
    """
    Tell on whose side a report is written, which «الجيش» and «قواتنا» depend on.

    Parameters
    ----------
    document
        The document.
    conflict
        The conflict pack.
    country
        The country the report is about; None for the conflict's own.

    Returns
    -------
    side
        A side id; None where neither outlet nor wording tell. In reports on other countries the
        side of their army.
    """
    if country not in (None, conflict.country):
        return conflict.armies.get(country or "")
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


def find_actors(
    document: Document,
    conflict: Conflict,
    rules: LanguageRules,
    stance: str | None,
    towns: Mapping[int, Town],
) -> list[ActorMention]:
    """
    Find the labels of sides in a document.

    Parameters
    ----------
    document
        The document.
    conflict
        The conflict pack.
    rules
        The rules of its language: how forces are named.
    stance
        On whose side it is written.
    towns
        Where the names of towns with forces of their own begin, by token.

    Returns
    -------
    actors
        In the order of the text: names of the pack, nouns for forces with whose they are, and
        words such as «العدو», whose side is None where the stance is not known.
    """
    finder = _ActorFinder(document, conflict, rules, stance, towns)
    beginnings = conflict.beginnings(
        "actors",
        rules.lang,
        conflict.labels,
        rules.relative_parties,
        rules.forces,
        conflict.adjectives,
    )
    found: list[ActorMention] = []
    for sentence in document.sentences:
        begin = sentence.first
        for index in beginnings.among(document.keys, sentence.first, sentence.last):
            if index < begin:
                continue
            actor, begin = finder.at(index, sentence)
            if actor is not None:
                found.append(actor)
    return found


@dataclass(frozen=True, slots=True)
class _ActorFinder:
    document: Document
    conflict: Conflict
    rules: LanguageRules
    stance: str | None
    towns: Mapping[int, Town]

    def at(self, index: int, sentence: Sentence) -> tuple[ActorMention | None, int]:
        """Give the actor that begins at a token, and where to look on."""
        labels = self._labels(index, sentence)
        relative = self._first(self.rules.relative_parties.at(self.document.keys, index), sentence)
        named = max((hit.last for hit in labels), default=0)
        if relative is not None and relative.last > named:
            return self._relative(index, relative.last, relative.meaning, sentence)
        if labels:
            return self._labelled(index, named, labels, sentence)
        force = self._first(self.rules.forces.at(self.document.keys, index), sentence)
        if force is not None:
            return self._owned(index, force, sentence)
        adjective = self._first(self.conflict.adjectives.at(self.document.keys, index), sentence)
        if adjective is not None:
            return self._described(index, adjective, sentence)
        return None, index + 1

    def _labels(self, index: int, sentence: Sentence) -> list[PhraseHit[ActorLabel]]:
        hits = self.conflict.labels.at(self.document.keys, index)
        fitting = [hit for hit in hits if hit.last <= sentence.last]
        if fitting and fitting[0].last == index + 1 and self._is_small_word(index):
            return []
        return fitting

    def _is_small_word(self, index: int) -> bool:
        key = self.document.keys[index]
        return (
            key.isascii()
            and len(key) <= _SHORT_ACRONYM
            and not words(self.document, index, index + 1).isupper()
        )

    @staticmethod
    def _first(hits: Sequence[PhraseHit[str]], sentence: Sentence) -> PhraseHit[str] | None:
        return hits[0] if hits and hits[0].last <= sentence.last else None

    def _labelled(
        self, index: int, last: int, hits: Sequence[PhraseHit[ActorLabel]], sentence: Sentence
    ) -> tuple[ActorMention | None, int]:
        certain = [hit for hit in hits if not hit.meaning.by_stance]
        if certain:
            equipment = all(hit.meaning.equipment for hit in hits)
            return self._make(index, last, certain[0].meaning.side, equipment=equipment), last
        owner = self._owner(last, sentence, bare=False, office=False)
        if owner is not None:  # «الجيش الليبي التابع لحكومة الوفاق»
            return self._make(index, owner.last, owner.side), owner.last
        sides = {hit.meaning.side for hit in hits}
        elsewhere = self.stance in self.conflict.armies.values()
        side = self.stance if self.stance in sides or elsewhere else None
        if side is None and len(sides) == 1 and not elsewhere:
            side = sides.pop()
        if self._is_pointed_at(index):
            return self._make(index, last, None, relative="own_of_last"), last
        return self._make(index, last, side, relative="own"), last

    def _is_pointed_at(self, index: int) -> bool:
        """Tell «هذه القوات», those spoken of last."""
        return index > 0 and self.document.keys[index - 1] in self.rules.demonstratives

    def _relative(
        self, index: int, last: int, relative: str, sentence: Sentence
    ) -> tuple[ActorMention | None, int]:
        owner = self._owner(last, sentence, bare=False, office=False)
        if owner is not None:
            return self._make(index, owner.last, owner.side), owner.last
        if self._is_pointed_at(index):
            return self._make(index, last, None, relative="own_of_last"), last
        side = {"own": self.stance, "enemy": self.conflict.opponent(self.stance)}.get(relative)
        return self._make(index, last, side, relative=relative), last

    def _owned(
        self, index: int, force: PhraseHit[str], within: Sentence
    ) -> tuple[ActorMention | None, int]:
        """Read «الطائرات المسيرة التابعة لحكومة الوفاق», «ميليشيات مصراتة», «بلدية زوارة»."""
        office = force.meaning == "office"
        definite = is_definite(self.document.keys, force)
        owner = self._owner(force.last, within, bare=not definite, office=office)
        if owner is None:
            return None, index + 1
        arms = bool(word_forms(self.document.keys[index]) & self.rules.arms_words)
        actor = self._make(index, owner.last, owner.side, equipment=arms, office=office)
        return actor, owner.last

    def _described(
        self, index: int, adjective: PhraseHit[str], sentence: Sentence
    ) -> tuple[ActorMention | None, int]:
        """Read an adjective before its noun: "Misratan fighters", "Turkish combat drones"."""
        for at in range(adjective.last, min(adjective.last + _MODIFIERS, sentence.last)):
            force = self._first(self.rules.forces.at(self.document.keys, at), sentence)
            if force is not None and self._unbroken(adjective.last - 1, at):
                arms = self.document.keys[at] in self.rules.arms_words
                actor = self._make(index, force.last, adjective.meaning, equipment=arms)
                return actor, force.last
        return None, adjective.last

    def _owner(self, begin: int, sentence: Sentence, *, bare: bool, office: bool) -> _Owner | None:
        """Find whose a force is; `bare`: it may follow directly, as in the construct state."""
        for at in range(begin, min(begin + _MODIFIERS + 1, sentence.last)):
            if not self._unbroken(begin - 1, at) or self._ends_a_name(at):
                return None
            found = self._linked(at, sentence)
            if found is None and bare and (at == begin or office):
                found = self._side_at(at, sentence, towns=at == begin)
            if found is None:
                found = self._adjective_at(at, sentence)
            if found is not None:
                return found
        return None

    def _ends_a_name(self, at: int) -> bool:
        """Tell a word with which something new begins: «أن», or an act."""
        keys = self.document.keys
        triggers = self.conflict.triggers.get(self.document.article.lang)
        return keys[at] in self.rules.that_words or bool(triggers and triggers.at(keys, at))

    def _linked(self, at: int, sentence: Sentence) -> _Owner | None:
        link = self._first(self.rules.owner_links.at(self.document.keys, at), sentence)
        if link is None or link.last >= sentence.last:
            return None
        return self._side_at(link.last, sentence, towns=link.meaning == "strong")

    def _side_at(self, at: int, sentence: Sentence, *, towns: bool) -> _Owner | None:
        labels = [hit for hit in self._labels(at, sentence) if not hit.meaning.by_stance]
        if labels:
            return _Owner(labels[0].last, labels[0].meaning.side)
        town = self.towns.get(at) if towns else None
        return _Owner(town.last, town.side) if town is not None else None

    def _adjective_at(self, at: int, sentence: Sentence) -> _Owner | None:
        hit = self._first(self.conflict.adjectives.at(self.document.keys, at), sentence)
        return _Owner(hit.last, hit.meaning) if hit is not None else None

    def _unbroken(self, one: int, other: int) -> bool:
        """Tell whether nothing but blanks and quotation marks parts the words up to a token."""
        return all(
            not self.document.between(at, at + 1).strip(" \u00a0\t«»\"“”'’()-")
            for at in range(one, other)
        )

    def _make(
        self,
        first: int,
        last: int,
        side: str | None,
        *,
        equipment: bool = False,
        relative: str = "",
        office: bool = False,
    ) -> ActorMention:
        return ActorMention(
            first=first,
            last=last,
            side=side,
            text=words(self.document, first, last),
            equipment=equipment,
            relative=relative,
            office=office,
        )


def words(document: Document, first: int, last: int) -> str:
    """
    Give the text of a half-open span of tokens.

    Parameters
    ----------
    document
        The document.
    first, last
        Token indices, the first before the second.
    """
    return document.article.text[document.tokens[first].start : document.tokens[last - 1].end]
