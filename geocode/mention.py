"""Step 2: mentions, the place names in a text that are places there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from gazetteer import Clue, Gazetteer, Head, NameHit, NameMatcher, NameUse, fold
from geocode.announced import Announced, find_announced
from geocode.document import Document
from geocode.language_rules import LanguageRules
from geocode.phrases import PhraseIndex, fold_phrase, word_forms

_JOINING_WORDS = frozenset({"و", "او", "and", "or", "et", "ou"})
_JOINING_MARKS = frozenset(" \u00a0\t,،/-–«»\"“”’'")
_MAX_HEADS = 3


class Mention(NamedTuple):
    """
    A place name in a text.

    Attributes
    ----------
    start, end, text
        Half-open span of the article's text, and the words between.
    key
        The folded name.
    uses
        The places it may mean, most famous first.
    prefix
        Clitics written before it.
    first, last
        Its half-open span of tokens, head nouns inside the name included.
    context
        The first token of the head nouns before it, else `first`: what stands before governs it.
    sentence
        Index of its sentence.
    asked_kind
        The kind its head noun asks for («محور», "airport"); None where there is none.
    head
        That head noun.
    shares_head
        Whether the head noun announces several names at once.
    joined
        Index of the mention before it in a list («مصراتة وزوارة»), else None.
    clue
        What else the name may be, None for a name that is only a name.
    glued
        Whether it was cut out of a run-together word.
    """

    start: int
    end: int
    text: str
    key: str
    uses: tuple[NameUse, ...]
    prefix: str
    first: int
    last: int
    context: int
    sentence: int
    asked_kind: str | None = None
    head: Head | None = None
    shares_head: bool = False
    joined: int | None = None
    clue: Clue | None = None
    glued: bool = False


@dataclass(frozen=True, slots=True)
class _HeadForm:
    head: Head
    several: bool


class MentionFinder:
    """
    Find mentions in documents.

    Parameters
    ----------
    gazetteer
        Whose names to find.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._matcher = NameMatcher(gazetteer)
        self._heads = {
            (lang, position): PhraseIndex(_head_forms(gazetteer.heads, lang, position))
            for lang in ("ar", "en", "fr")
            for position in ("before", "after")
        }
        self._plain_heads = {
            (lang, position): PhraseIndex(
                (word, head)
                for head in gazetteer.heads
                if head.lang == lang and head.position == position
                for word in head.singulars
            )
            for lang in ("ar", "en", "fr")
            for position in ("before", "after")
        }

    def find(self, document: Document, rules: LanguageRules) -> list[Mention]:
        """
        Find the mentions of a document.

        Parameters
        ----------
        document
            A document.
        rules
            The rules of its language.

        Returns
        -------
        mentions
            In the order of the text, none overlapping another.
        """
        hits = self._matcher.find(document.article.text)
        found = [self._with_heads(document, self._make(document, hit)) for hit in hits]
        found = _without_overlaps(found)
        found = self._with_announced(document, found, rules)
        found = _join_lists(document, found, rules)
        return _keep_true_names(document, found, rules)

    def _with_announced(
        self, document: Document, known: list[Mention], rules: LanguageRules
    ) -> list[Mention]:
        """Add the names that only a head noun tells to be places; no gazetteer has them."""
        taken = frozenset(t for m in known for t in range(m.first, m.last))
        lang = document.article.lang
        announced = find_announced(
            document,
            taken,
            self._plain_heads[lang, "before"],
            self._plain_heads[lang, "after"],
            rules,
        )
        unknown = [_unknown(document, one) for one in announced]
        return sorted((*known, *unknown), key=_by_span)

    def _make(self, document: Document, hit: NameHit) -> Mention:
        first = document.token_at(hit.start)
        within = hit.end <= document.tokens[first].end
        last = first + 1 if within else document.token_at(hit.end - 1) + 1
        return Mention(
            start=hit.start,
            end=hit.end,
            text=document.article.text[hit.start : hit.end],
            key=hit.key,
            uses=hit.uses,
            prefix=hit.prefix,
            first=first,
            last=last,
            context=first,
            sentence=document.sentence_at(first),
            clue=self._gazetteer.clue(hit.key),
            glued=hit.glued,
        )

    def _with_heads(self, document: Document, mention: Mention) -> Mention:
        """Read the head nouns before and after a name; take in the one that belongs to it."""
        lang = document.article.lang
        sentence = document.sentences[mention.sentence]
        if not mention.prefix and not mention.glued:
            mention = self._with_heads_before(document, mention, sentence.first)
        after = (
            self._heads[lang, "after"].at(document.keys, mention.last)
            if (
                mention.last < sentence.last
                and document.between(mention.last - 1, mention.last).isspace()
            )
            else []
        )
        if after:
            form = after[0].meaning
            mention = _with_head(mention, form)
            if form.head.in_name and not form.several:
                end = document.tokens[after[0].last - 1].end
                mention = _with_span(document, mention, mention.start, end)
        return mention

    def _with_heads_before(self, document: Document, mention: Mention, begin: int) -> Mention:
        heads = self._heads[document.article.lang, "before"]
        for step in range(_MAX_HEADS):
            if mention.context <= begin or not _only_blanks(document, mention.context):
                break
            hits = [h for h in heads.ends_at(document.keys, mention.context) if h.first >= begin]
            if not hits:
                break
            form, first = hits[0].meaning, hits[0].first
            if _has_article(document.keys[first], form.head):
                break  # «المستشفى زواره»: a noun with the article announces no name
            if form.head.in_name and not form.several and step == 0:
                start = _without_clitic(document, first, form.head)
                mention = _with_span(document, mention, start, mention.end)
            if mention.asked_kind in (None, "any"):
                mention = _with_head(mention, form)
            mention = mention._replace(context=first)
        return mention


def _unknown(document: Document, one: Announced) -> Mention:
    """Make a mention of a name that no gazetteer has."""
    begin = one.head_first if one.head.in_name else one.first
    last = one.last
    if one.head.position == "after":
        begin = one.first
        last += one.head.in_name
    start = document.tokens[begin].start
    if begin < one.first:
        start = _without_clitic(document, begin, one.head)
    end = document.tokens[last - 1].end
    return Mention(
        start=start,
        end=end,
        text=document.article.text[start:end],
        key=" ".join(document.keys[one.first : one.last]),
        uses=(),
        prefix="",
        asked_kind=one.head.kind,
        head=one.head,
        first=begin,
        last=last,
        context=min(begin, one.head_first),
        sentence=document.sentence_at(one.first),
    )


def _with_head(mention: Mention, form: _HeadForm) -> Mention:
    return mention._replace(asked_kind=form.head.kind, head=form.head, shares_head=form.several)


def _head_forms(heads: Sequence[Head], lang: str, position: str) -> Iterator[tuple[str, _HeadForm]]:
    for head in heads:
        if head.lang == lang and head.position == position:
            yield from ((word, _HeadForm(head, several=False)) for word in head.singulars)
            yield from ((word, _HeadForm(head, several=True)) for word in head.plurals)


def _only_blanks(document: Document, token: int) -> bool:
    between = document.between(token - 1, token)
    return not between.strip(" \u00a0\t«\"“'’d") and "\n" not in between


def _has_article(key: str, head: Head) -> bool:
    first_words = {fold_phrase(word)[0] for word in head.words}
    plain = word_forms(key) & first_words
    return key not in plain and any(
        key.endswith("ال" + word) or "لل" + word == key for word in plain
    )


def _without_clitic(document: Document, token: int, head: Head) -> int:
    """Give where a head noun begins after the clitics written before it («بمطار»)."""
    found = document.tokens[token]
    stems = {fold_phrase(word)[0] for word in head.words}
    stem = max((s for s in word_forms(found.key) & stems), key=len, default=found.key)
    folded = fold(document.article.text[found.start : found.end])
    return found.start + int(folded.offsets[len(found.key) - len(stem)])


def _with_span(document: Document, mention: Mention, start: int, end: int) -> Mention:
    return mention._replace(
        start=start,
        end=end,
        text=document.article.text[start:end],
        first=document.token_at(start),
        last=document.token_at(end - 1) + 1,
        context=min(mention.context, document.token_at(start)),
    )


def _without_overlaps(mentions: Sequence[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in sorted(mentions, key=_by_span):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _by_span(mention: Mention) -> tuple[int, int]:
    return mention.start, -mention.end


def _join_lists(document: Document, mentions: list[Mention], rules: LanguageRules) -> list[Mention]:
    """Join the names of a list, and let a head noun that is dual or plural speak for all."""
    joined: list[Mention] = []
    for index, mention in enumerate(mentions):
        before = joined[-1] if joined else None
        if before is not None and _is_list(document, before, mention, rules):
            mention = mention._replace(joined=index - 1)  # noqa: PLW2901 (the same mention, known better)
            if mention.asked_kind is None and before.shares_head:
                mention = mention._replace(  # noqa: PLW2901
                    asked_kind=before.asked_kind, head=before.head, shares_head=True
                )
        joined.append(mention)
    for index in range(len(joined) - 1, 0, -1):
        one, other = joined[index], joined[index - 1]
        backwards = one.joined == index - 1 and one.shares_head and other.asked_kind is None
        if backwards and document.article.lang != "ar":
            joined[index - 1] = other._replace(
                asked_kind=one.asked_kind, head=one.head, shares_head=True
            )
    return joined


def _is_list(document: Document, one: Mention, other: Mention, rules: LanguageRules) -> bool:
    if one.sentence != other.sentence:
        return False
    following = document.keys[one.last] if one.last < other.context else "و"
    if following not in _JOINING_WORDS and not following.startswith("و"):
        return False  # what joins two names stands directly after the first
    begin = _with_relation(document, other, rules)
    if begin < one.last:
        return False
    words = set(document.keys[one.last : begin])
    marks = document.article.text[one.end : document.tokens[begin].start]
    if not words <= _JOINING_WORDS or "\n" in marks:
        return False
    first = document.tokens[begin].key
    conjunction = other.prefix.startswith("و") or (first.startswith("و") and begin < other.first)
    listing = bool(words) or conjunction or any(c in "،,/" for c in marks)
    plain = [c for c in marks if not c.isalnum()]
    return listing and all(c in _JOINING_MARKS for c in plain)


def _with_relation(document: Document, mention: Mention, rules: LanguageRules) -> int:
    """Give where the words about a name begin: «و[محيط مطار معيتيقة]» is an item of a list."""
    hits = rules.relations.ends_at(document.keys, mention.context)
    if not hits:
        return mention.context
    begin = hits[0].first
    while begin > 0 and _is_distance_word(document.keys[begin - 1], rules):
        begin -= 1
    key, before = document.keys[begin], document.keys[begin - 1] if begin else ""
    return begin if key.startswith("و") or before in _JOINING_WORDS else mention.context


def _is_distance_word(key: str, rules: LanguageRules) -> bool:
    return (
        key.isdecimal()
        or key in rules.numbers
        or key in rules.distance_km
        or (key in rules.lead_words and key not in _JOINING_WORDS)
    )


def _keep_true_names(
    document: Document, mentions: list[Mention], rules: LanguageRules
) -> list[Mention]:
    """Drop words that only look like names; a name announced once is believed all through."""
    verdicts = [_verdict(document, mentions, index, rules) for index in range(len(mentions))]
    believed = {m.key for m, v in zip(mentions, verdicts, strict=True) if v is True}
    for index, mention in enumerate(mentions):
        if verdicts[index] is None:
            neighbours = _list_neighbours(mentions, index)
            verdicts[index] = (mention.key in believed) or any(verdicts[n] for n in neighbours)
    kept = [index for index, verdict in enumerate(verdicts) if verdict]
    renumber = {old: new for new, old in enumerate(kept)}
    return [_renumbered(mentions[old], renumber) for old in kept]


def _renumbered(mention: Mention, renumber: Mapping[int, int]) -> Mention:
    if mention.joined is None:
        return mention
    return mention._replace(joined=renumber.get(mention.joined))


def _list_neighbours(mentions: Sequence[Mention], index: int) -> list[int]:
    found = []
    if mentions[index].joined is not None:
        found.append(index - 1)
    if index + 1 < len(mentions) and mentions[index + 1].joined == index:
        found.append(index + 1)
    return found


def _verdict(
    document: Document, mentions: Sequence[Mention], index: int, rules: LanguageRules
) -> bool | None:
    """Say whether a name is meant: True, False, or None where the neighbours must tell."""
    mention = mentions[index]
    clue = mention.clue
    if clue is None or not (clue.need or clue.reject_before or clue.reject_after):
        return _has_plain_use(mention)
    if _rejected(document, mention, clue, rules):
        return False
    if not clue.need:
        return _has_plain_use(mention)
    if mention.glued:
        return False
    if mention.asked_kind is not None or _announced(document, mention, rules):
        return True
    if clue.need == "strict":
        return None
    if _after_preposition(document, mention, rules):
        return True
    others = {m.key for m in mentions if m.clue is None or not m.clue.need}
    return True if len(others) >= 2 and clue.need != "person" else None  # noqa: PLR2004 (two other places make a report of places)


def _has_plain_use(mention: Mention) -> bool:
    """Tell a name from what is only the rest of one («التعليمي» of a hospital's name)."""
    if not mention.uses:
        return True  # a head noun announced it
    plain = any(use.head_kind is None for use in mention.uses)
    return plain or mention.asked_kind not in (None, "any") or mention.shares_head


def _rejected(document: Document, mention: Mention, clue: Clue, rules: LanguageRules) -> bool:
    sentence = document.sentences[mention.sentence]
    keys, before, after = document.keys, mention.first - 1, mention.last
    if before >= sentence.first:
        if _any_of(clue.reject_before).ends_at(keys, mention.first):
            return True
        alone = mention.first == mention.context and not mention.prefix
        if alone and clue.need and not _is_preposition(document, before):
            named = (rules.titles, rules.first_names)
            if any(index.ends_at(keys, mention.first) for index in named):
                return True
    if after >= sentence.last:
        return False
    if _any_of(clue.reject_after).at(keys, after):
        return True
    return clue.need == "person" and _is_family_name(document, after, rules)


@lru_cache(maxsize=4096)
def _any_of(words: tuple[str, ...]) -> PhraseIndex[bool]:
    return PhraseIndex((word, True) for word in words)


def _is_preposition(document: Document, token: int) -> bool:
    """Tell «على» (on) from «علي» (Ali), which folding makes one word."""
    return document.article.text[: document.tokens[token].end].endswith("ى")


def _is_family_name(document: Document, token: int, rules: LanguageRules) -> bool:
    """Tell «صلاح الدين النمروش» and "Salah Badi" from a place followed by a direction."""
    key = document.keys[token]
    if not document.between(token - 1, token).isspace():
        return False
    if document.article.lang == "ar":
        nisba = key.startswith("ال") and key.endswith("ي")
        long_name = key.startswith("ال") and len(key) > 5  # noqa: PLR2004 (the article and a name)
        direction = rules.relations.at(document.keys, token)
        return (nisba or long_name) and not direction and not _is_adjective(key)
    return document.article.text[document.tokens[token].start].isupper()


def _is_adjective(key: str) -> bool:
    """Tell feminine and plural adjectives, which a man's family name is not."""
    return key.endswith(("ه", "ات", "ين", "ون"))


def _announced(document: Document, mention: Mention, rules: LanguageRules) -> bool:
    """Say whether a direction or nearness word stands directly before the name."""
    sentence = document.sentences[mention.sentence]
    hits = rules.relations.ends_at(document.keys, mention.context)
    return any(hit.first >= sentence.first for hit in hits)


def _after_preposition(document: Document, mention: Mention, rules: LanguageRules) -> bool:
    if mention.prefix.endswith("ب") or mention.prefix in ("لل", "ولل"):
        return True
    return bool(rules.prepositions.ends_at(document.keys, mention.context))
