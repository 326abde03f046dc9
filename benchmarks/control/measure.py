"""
Measure who held which place against 120 dated facts, and against four simpler ways to say it.

Run as ``python benchmarks/control/measure.py [FOLDER] [--write]``: the bundled sample reports, and,
where a folder is named, the press articles in it (``000_….txt`` to ``004_….txt``). Prints Markdown
tables; ``--write`` also writes them where the dashboard's page on method reads them. Parameters
were set on one half of the facts; the first table is of the other half, the second of facts on
other places, gathered when the model was finished.
"""

import csv
import hashlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd

from gazetteer import Gazetteer, load_gazetteer
from geocode import geocode_articles, make_article, read_articles
from geocode.article import Article
from geocode.conflict import Conflict, load_conflict
from geocode.control import Control, find_control
from geocode.weight import known_by

HERE = Path(__file__).parent
_DAYS = {
    "000": "2019-12-14",
    "001": "2019-12-26",
    "002": "2019-12-15",
    "003": "2020-06-11",
    "004": "2020-06-04",
}
_FIRST, _LAST = date(2019, 4, 1), date(2020, 10, 31)
_ROUNDS = 2000
_EVEN = 1e-6
Guess = Callable[[str, int], float]
Holder = Callable[[str, int], str]
Figure = tuple[float, float, float]
# Range of probabilities, how many facts, their mean probability, the share that was right.
Bin = tuple[str, int, float, float]
_FIGURES = ("brier", "accuracy", "coverage", "where")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Who held a place on a day, and whether it had changed hands that day."""

    place_id: str
    day: int
    side: str
    change: bool


def main() -> None:
    """Print the tables."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--write"]
    gazetteer, conflict = load_gazetteer(), load_conflict()
    articles = _articles(Path(arguments[0]) if arguments else None)
    events = _events(articles, gazetteer, conflict)
    held = [fact for fact in read_facts(HERE / "facts.csv") if is_held(fact.place_id)]
    control = _control(events, conflict, gazetteer)
    ways = _ways(events, conflict, gazetteer, control)
    print(f"{len(articles)} articles, {len(events)} claims\n")
    fresh = read_facts(HERE / "fresh.csv")
    found = {}
    for name, facts in {"held": held, "fresh": fresh}.items():
        figures = _table(f"{name} facts", facts, control.sides, ways)
        found[name] = (len(facts), figures, _reliability(control, facts, control.sides))
    _changes(control, [fact for fact in held if fact.change], control.sides)
    if "--write" in sys.argv:
        _write(found)


def _table(
    what: str,
    facts: Sequence[Fact],
    sides: tuple[str, str],
    ways: Mapping[str, tuple[Guess, Holder | None]],
) -> dict[str, dict[str, Figure]]:
    print(f"\n{len(facts)} {what}\n")
    print("| way | Brier | accuracy | coverage | accuracy where it says anything |")
    print("|---|---|---|---|---|")
    return {name: _row(name, facts, sides, *how) for name, how in ways.items()}


def _ways(
    events: pd.DataFrame, conflict: Conflict, gazetteer: Gazetteer, control: Control
) -> dict[str, tuple[Guess, Holder | None]]:
    """Give the model, the model with less, and the simpler ways, by name."""
    early = _AsKnown(events, conflict, gazetteer)
    ways: dict[str, tuple[Guess, Holder | None]] = {
        "the model": (control.probability, control.holder),
        "the model, made to guess": (control.probability, None),
        "the model, without hindsight": (early.probability, early.holder),
    }
    for name, guess in baselines(events, control.sides, gazetteer).items():
        ways[name] = (guess, None)
    for side in control.sides:
        kept = events[events["outlet"].fillna("").map(conflict.outlet_side) == side]
        one = _control(kept, conflict, gazetteer)
        ways[f"the model, outlets of {side} only"] = (one.probability, one.holder)
    return ways


class _AsKnown:
    """The model on a day from what was published by then."""

    def __init__(self, events: pd.DataFrame, conflict: Conflict, gazetteer: Gazetteer) -> None:
        self._given = events, conflict, gazetteer
        self._found: dict[int, Control] = {}

    def _on(self, day: int) -> Control:
        if day not in self._found:
            events, conflict, gazetteer = self._given
            iso = date.fromordinal(day + date(1970, 1, 1).toordinal()).isoformat()
            self._found[day] = _control(known_by(events, iso), conflict, gazetteer, day)
        return self._found[day]

    def probability(self, place_id: str, day: int) -> float:
        return self._on(day).probability(place_id, day)

    def holder(self, place_id: str, day: int) -> str:
        return self._on(day).holder(place_id, day)


def _write(
    found: Mapping[str, tuple[int, Mapping[str, Mapping[str, Figure]], Sequence[Bin]]],
) -> None:
    lines = [
        "# Figures of benchmarks/control/measure.py --write, on two sets of facts: each way with",
        "# its Brier score, accuracy, coverage and accuracy where it says anything:",
        "# [value, low, high], the two a 95 % interval.",
    ]
    for facts, (count, figures, bins) in found.items():
        lines += [f"[{facts}]", f"facts = {count}", ""]
        for name, row in figures.items():
            lines += [f"[[{facts}.way]]", f'name = "{name}"']
            lines += [
                f"{what} = [{', '.join(f'{part:.2f}' for part in figure)}]"
                for what, figure in row.items()
            ]
            lines.append("")
        for edge, number, mean, right in bins:
            lines += [f"[[{facts}.bin]]", f'probability = "{edge}"', f"facts = {number}"]
            lines += [f"mean = {mean:.2f}", f"right = {right:.2f}", ""]
    path = HERE.parents[1] / "dashboard" / "sample" / "control.toml"
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def read_facts(path: Path) -> list[Fact]:
    """
    Read the yardstick.

    Parameters
    ----------
    path
        ``facts.csv``.
    """
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Fact(
                place_id=row["place_id"],
                day=_day(date.fromisoformat(row["date"])),
                side=row["side"],
                change=row["change"] == "yes",
            )
            for row in csv.DictReader(file)
        ]


def is_held(place_id: str) -> bool:
    """
    Say whether the facts of a place are of the half that no number was set on.

    Parameters
    ----------
    place_id
        The place.
    """
    return int(hashlib.sha256(place_id.encode()).hexdigest(), 16) % 2 == 1


def _articles(folder: Path | None) -> list[Article]:
    with resources.as_file(resources.files("dashboard.sample") / "reports.jsonl") as sample:
        found = list(read_articles(sample))
    for file in sorted(folder.glob("*.txt")) if folder else []:
        name = file.name[:3]
        text = file.read_text(encoding="utf-8")
        found.append(make_article(text, article_id=name, published=_DAYS[name]))
    return found


def _events(articles: Sequence[Article], gazetteer: Gazetteer, conflict: Conflict) -> pd.DataFrame:
    return geocode_articles(articles, gazetteer=gazetteer, conflict=conflict).events


def _control(
    events: pd.DataFrame, conflict: Conflict, gazetteer: Gazetteer, until: int | None = None
) -> Control:
    return find_control(
        events,
        conflict,
        gazetteer,
        first_day=_day(_FIRST),
        last_day=_day(_LAST) if until is None else until,
        also=sorted(
            {f.place_id for name in ("facts", "fresh") for f in read_facts(HERE / f"{name}.csv")}
        ),
    )


def baselines(
    events: pd.DataFrame, sides: tuple[str, str], gazetteer: Gazetteer
) -> dict[str, Guess]:
    """
    Give the simpler ways, each with the probability of the first side: 0, a half or 1.

    Parameters
    ----------
    events
        Claims.
    sides
        The two sides.
    gazetteer
        For distances.
    """
    # What the simpler ways take for a claim to a place: a capture, and a retreat from it.
    kinds = {"capture": "actor_side", "withdrawal": "target_side", "repelled_attack": "actor_side"}
    claims: dict[str, list[tuple[int, str]]] = {}
    for row in events[events["type"].isin(list(kinds))].to_dict("records"):
        side, day = row[kinds[str(row["type"])]], row["date_start"]
        if side in sides and isinstance(day, str) and row["status"] in ("reported", "claimed"):
            claims.setdefault(str(row["place_id"]), []).append(
                (_day(date.fromisoformat(day)), str(side))
            )
    everything = sorted(claim for found in claims.values() for claim in found)
    ours = sum(side == sides[0] for _, side in everything)
    often = 1.0 if ours * 2 > len(everything) else 0.0

    def so_far(place_id: str, day: int) -> list[str]:
        return [side for told, side in sorted(claims.get(place_id, [])) if told <= day]

    def last(place_id: str, day: int) -> float:
        found = so_far(place_id, day)
        return float(found[-1] == sides[0]) if found else 0.5

    def majority(place_id: str, day: int) -> float:
        found = so_far(place_id, day)
        share = sum(side == sides[0] for side in found) * 2 - len(found)
        return 0.5 if share == 0 else float(share > 0)

    def nearest(place_id: str, day: int) -> float:
        here = gazetteer.by_id(place_id)
        near = sorted(
            (p for p in claims if p in gazetteer and so_far(p, day)),
            key=lambda p: (
                abs(gazetteer.by_id(p).lat - here.lat) + abs(gazetteer.by_id(p).lon - here.lon)
            ),
        )
        return last(near[0], day) if near else 0.5

    return {
        "last claim wins": last,
        "majority of claims so far": majority,
        "always the side with more claims": lambda _place, _day: often,
        "last claim at the nearest place": nearest,
    }


def _row(
    name: str,
    facts: Sequence[Fact],
    sides: tuple[str, str],
    guess: Guess,
    holder: Holder | None,
) -> dict[str, Figure]:
    rows = []
    for fact in facts:
        share = guess(fact.place_id, fact.day)
        true = share if fact.side == sides[0] else 1 - share
        said = holder(fact.place_id, fact.day) if holder else _plain(share, sides)
        rows.append((fact.place_id, (1 - true) ** 2, said == fact.side, said in sides))
    figures = {what: _figure(rows, what) for what in _FIGURES}
    shown = (f"{value:.2f} [{low:.2f}, {high:.2f}]" for value, low, high in figures.values())
    print(f"| {name} | {' | '.join(shown)} |")
    return figures


def _plain(share: float, sides: tuple[str, str]) -> str:
    return "unknown" if share == 0.5 else sides[0] if share > 0.5 else sides[1]  # noqa: PLR2004


def _figure(rows: Sequence[tuple[str, float, bool, bool]], what: str) -> Figure:
    """Give a figure with its 95 % interval: bootstrap over places, whose facts hang together."""
    places: dict[str, list[tuple[str, float, bool, bool]]] = {}
    for row in rows:
        places.setdefault(row[0], []).append(row)
    groups = list(places.values())
    draw = np.random.default_rng(1)
    drawn = [
        _mean(
            [row for at in draw.integers(len(groups), size=len(groups)) for row in groups[at]], what
        )
        for _ in range(_ROUNDS)
    ]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return _mean(rows, what), float(low), float(high)


def _mean(rows: Sequence[tuple[str, float, bool, bool]], what: str) -> float:
    if what == "brier":
        return float(np.mean([row[1] for row in rows]))
    if what == "coverage":
        return float(np.mean([row[3] for row in rows]))
    if what == "accuracy":
        return float(np.mean([row[2] for row in rows]))
    said = [row[2] for row in rows if row[3]]
    return float(np.mean(said)) if said else float("nan")


def _changes(control: Control, facts: Sequence[Fact], sides: tuple[str, str]) -> None:
    print("\n| place changed hands | day | told by a dated capture | days off |")
    print("|---|---|---|---|")
    for fact in facts:
        sign = 1 if fact.side == sides[0] else -1
        row = control.place_ids.index(fact.place_id) if fact.place_id in control.place_ids else -1
        path = control.odds[row] * sign if row >= 0 else np.zeros(1)
        begins = [d for d in range(1, len(path)) if path[d] > 0 >= path[d - 1]]
        off = min((d + control.first_day - fact.day for d in begins), key=abs, default=None)
        told = any(
            odds * sign > 0 and abs(day - fact.day) <= 3  # noqa: PLR2004 (the aim)
            for day, _, odds in control.evidence.get(fact.place_id, [])
        )
        shown = date.fromordinal(date(1970, 1, 1).toordinal() + fact.day)
        print(f"| {fact.place_id} to {fact.side} | {shown} | {'yes' if told else 'no'} | {off} |")


def _reliability(control: Control, facts: Sequence[Fact], sides: tuple[str, str]) -> list[Bin]:
    print("\n| probability of the likelier side | facts | mean | right |")
    print("|---|---|---|---|")
    rows = []
    for fact in facts:
        share = control.probability(fact.place_id, fact.day)
        if abs(share - 0.5) < _EVEN:
            continue  # nothing is told of it, nor of its neighbours
        side = sides[0] if share > 0.5 else sides[1]  # noqa: PLR2004 (even)
        rows.append((max(share, 1 - share), side == fact.side))
    edges: Mapping[str, tuple[float, float]] = {
        "0.5–0.6": (0.5, 0.6),
        "0.6–0.7": (0.6, 0.7),
        "0.7–0.8": (0.7, 0.8),
        "0.8–0.9": (0.8, 0.9),
        "0.9–1": (0.9, 1.01),
    }
    bins = []
    for name, (low, high) in edges.items():
        here = [row for row in rows if low <= row[0] < high]
        if here:
            mean, right = (float(np.mean([r[at] for r in here])) for at in (0, 1))
            print(f"| {name} | {len(here)} | {mean:.2f} | {right:.2f} |")
            bins.append((name, len(here), mean, right))
    return bins


def _day(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()


if __name__ == "__main__":
    main()
