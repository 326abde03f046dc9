"""Figures: how well passages are read, with intervals and an error budget."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geocode.evaluation.compare import Fault, Tally, compare
from geocode.evaluation.gold import Passage
from geocode.pipeline import ArticleReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure with its bootstrap 95 % interval; None where nothing was there to count."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """
    How well a set of passages was read.

    Attributes
    ----------
    passages
        How many.
    figures
        By name.
    budget
        How many faults of each class, most frequent first.
    faults
        All of them.
    """

    passages: int
    figures: Mapping[str, Figure]
    budget: Mapping[str, int]
    faults: tuple[Fault, ...]


def evaluate(
    passages: Sequence[Passage],
    reader: ArticleReader | None = None,
    *,
    rounds: int = 1000,
    seed: int = 0,
) -> Evaluation:
    """
    Read passages and compare with their annotation.

    Parameters
    ----------
    passages
        Annotated passages.
    reader
        What reads them; None for the default one.
    rounds
        How many times passages are drawn anew for the intervals.
    seed
        Of the drawing; the same gives the same intervals.

    Returns
    -------
    evaluation
        Figures between 0 and 1, but for ``claims_ratio``.
    """
    reader = reader or ArticleReader()
    tallies = [compare(passage, reader) for passage in passages]
    whole = _sum(tallies)
    values = _figures(whole)
    draw = random.Random(seed)  # noqa: S311 (a bootstrap is no secret)
    drawn = [_figures(_sum(draw.choices(tallies, k=len(tallies)))) for _ in range(rounds)]
    figures = {
        name: _interval(value, [d[name] for d in drawn if d[name] is not None])
        for name, value in values.items()
    }
    budget = Counter(fault.kind for fault in whole.faults)
    return Evaluation(
        passages=len(passages),
        figures=figures,
        budget=dict(budget.most_common()),
        faults=tuple(whole.faults),
    )


def _figures(tally: Tally) -> dict[str, float | None]:
    n = tally.counts
    return {
        "mention_exact": _f1(n["exact"], n["predicted"], n["gold"]),
        "mention_overlap": _f1(n["overlap"], n["predicted"], n["gold"]),
        "acc_tol": _share(n["right"], n["placed_g"]),
        "acc_5km": _share(n["close"], n["small"]),
        "end_to_end_r": _share(n["right"], n["gold"]),
        "wrong_dots": _share(n["wrong"], n["placed_p"]),
        "cover_90": _share(n["covered"], n["covered_n"]),
        "role_acc": _share(n["role"], n["overlap"]),
        "event_mention": _f1(n["event_tp"], n["event_p"], n["event_g"]),
        "front_line": _f1(n["front_tp"], n["front_p"], n["front_g"]),
        "relation": _f1(n["relation_tp"], n["relation_p"], n["relation_g"]),
        "event": _f1(n["events_tp"], n["events_p"], n["events_g"]),
        "event_place": _f1(n["places_tp"], n["places_p"], n["places_g"]),
        "event_date_acc": _share(n["date"], n["dated"]),
        "event_actor_acc": _share(n["actor"], n["actor_n"]),
        "event_target_acc": _share(n["target"], n["target_n"]),
        "event_speaker_acc": _share(n["claimed_by"], n["claimed_by_n"]),
        "event_status_f1": _macro_f1(tally.moods),
        "claims_ratio": _share(n["claims_p"], n["claims_g"]),
    }


def _f1(hits: int, predicted: int, gold: int) -> float | None:
    return _share(2 * hits, predicted + gold)


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def _macro_f1(pairs: Sequence[tuple[str, str]]) -> float | None:
    classes = sorted({gold for gold, _ in pairs})
    scores = []
    for name in classes:
        hits = sum(gold == name == got for gold, got in pairs)
        both = sum(gold == name for gold, _ in pairs) + sum(got == name for _, got in pairs)
        scores.append(2 * hits / both)
    return _share(sum(scores), len(scores))


def _interval(value: float | None, drawn: Sequence[float | None]) -> Figure:
    ranked = sorted(d for d in drawn if d is not None)
    if value is None or not ranked:
        return Figure(value=value, low=None, high=None)
    low, high = ranked[int(0.025 * len(ranked))], ranked[int(0.975 * len(ranked))]
    return Figure(value=value, low=low, high=high)


def _sum(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        whole.add(tally)
    return whole
