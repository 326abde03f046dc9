"""Losses: how many a sentence says were killed, wounded or captured, and the words it uses."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from geocode.document import Document, Sentence
from geocode.language_rules import LanguageRules
from geocode.phrases import PhraseHit, word_forms

_REACH = 2
_MAX_LOSS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """
    One count of losses.

    Attributes
    ----------
    what
        ``killed``, ``wounded`` or ``captured``.
    low, high
        The number told; ranges are not read yet, so both are equal.
    words
        As printed.
    """

    what: str
    low: int
    high: int
    words: str


def find_losses(document: Document, sentence: Sentence, rules: LanguageRules) -> list[Loss]:
    """
    Read the losses a sentence tells.

    Parameters
    ----------
    document
        The document.
    sentence
        One of its sentences.
    rules
        The rules of its language.

    Returns
    -------
    losses
        Only those with a number («مقتل ثلاثة», "three dead"); whose they are is not read yet.
    """
    hits = [(hit, -1) for hit in rules.losses.find(document.keys, sentence.first, sentence.last)]
    hits += [(h, 1) for h in rules.losses_after.find(document.keys, sentence.first, sentence.last)]
    losses: list[Loss] = []
    used: set[int] = set()
    for hit, step in sorted(hits, key=_by_token):
        found = _number_beside(document.keys, hit, sentence, rules, step=step)
        if found is None or found[1] in used:
            continue
        number, at = found
        used.add(at)
        first, last = min(at, hit.first), max(at + 1, hit.last)
        words = document.article.text[document.tokens[first].start : document.tokens[last - 1].end]
        losses.append(Loss(what=hit.meaning, low=number, high=number, words=words))
    return losses


def told_losses(cells: Iterable[Any]) -> tuple[tuple[str, int, int], ...]:
    """
    Give the range of losses that several claims tell.

    Parameters
    ----------
    cells
        The column ``losses`` of the events layer, lists or their JSON text.

    Returns
    -------
    ranges
        For each of ``killed``, ``wounded`` and ``captured`` that is told: what, lowest, highest.
    """
    told: dict[str, list[int]] = {}
    for cell in cells:
        for loss in json.loads(cell) if isinstance(cell, str) else cell or ():
            told.setdefault(loss["what"], []).extend((loss["low"], loss["high"]))
    kinds = ("killed", "wounded", "captured")
    return tuple((what, min(told[what]), max(told[what])) for what in kinds if what in told)


def _by_token(pair: tuple[PhraseHit[str], int]) -> int:
    return pair[0].first


def _number_beside(
    keys: Sequence[str],
    hit: PhraseHit[str],
    sentence: Sentence,
    rules: LanguageRules,
    *,
    step: int,
) -> tuple[int, int] | None:
    """Give the number nearest to a word on the side where it stands, unless it counts time."""
    begin = hit.last if step > 0 else hit.first - 1
    for at in range(begin, begin + step * _REACH, step):
        if not sentence.first <= at < sentence.last:
            return None
        number = _number(keys[at], rules)
        counts_time = at + 1 < sentence.last and rules.time.units.at(keys, at + 1)
        if number is not None and 0 < number <= _MAX_LOSS and not counts_time:
            return number, at
    return None


def _number(key: str, rules: LanguageRules) -> int | None:
    if key.isdecimal():
        return int(key) if len(key) <= 6 else None  # noqa: PLR2004 (a telephone number, not a toll)
    return next((rules.numbers[form] for form in word_forms(key) if form in rules.numbers), None)
