"""
Measure what it takes to add a thousand event claims to a store of a million.

Run as ``python benchmarks/control/update.py FOLDER [CLAIMS]``; the store is made in the folder,
from made-up reports of four claims each on 600 places and 700 days.
"""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scale import made_up_claims

from gazetteer import load_gazetteer
from geocode.article import make_article
from geocode.conflict import load_conflict
from geocode.ingest import find_conclusions, join_claims
from geocode.record import ReadArticle
from geocode.schema import EVENT_COLUMNS
from geocode.store import Store, open_store

_BATCH, _ADDED = 2000, 1000
_WORDS = (
    "قصف",
    "سرت",
    "قوات",
    "محور",
    "غارة",
    "مدينة",
    "طريق",
    "مطار",
    "معسكر",
    "هجوم",
    "صد",
    "أمس",
)


def main() -> None:
    """Print seconds and memory."""
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000  # noqa: PLR2004 (the second word)
    path = Path(sys.argv[1]) / "million.sqlite"
    gazetteer, conflict = load_gazetteer(), load_conflict()
    claims = made_up_claims(count + _ADDED)
    old, new = claims.iloc[:count], claims.iloc[count:]
    # A day's press: what is added is of the last week.
    last = sorted(claims["date_start"].unique())[-7:]
    new = new.assign(date_start=np.resize(last, len(new)))
    new = new.assign(date_end=new["date_start"], published=new["date_start"])
    with open_store(str(path)) as store:
        _timed(f"{count} claims saved", lambda: _save(store, old))
        _timed("joined to clusters", lambda: join_claims(store, conflict))
        _timed("control and front found", lambda: find_conclusions(store, conflict, gazetteer))
        _timed(f"{_ADDED} claims added", lambda: _save(store, new))
        _timed("joined to clusters", lambda: join_claims(store, conflict))
        print(f"{len(store.stale_places())} places touched")
        _timed("control and front found", lambda: find_conclusions(store, conflict, gazetteer))
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {memory_mb:.0f} MB, store {path.stat().st_size / 1e6:.0f} MB")


def _timed(what: str, work: Callable[[], object]) -> None:
    start = time.perf_counter()
    work()
    print(f"{what}: {time.perf_counter() - start:.1f} s", flush=True)


def _save(store: Store, claims: pd.DataFrame) -> None:
    for read in _batches(claims):
        store.save(read, {r.article.article_id: "made up" for r in read}, {})


def _batches(claims: pd.DataFrame) -> Iterator[list[ReadArticle]]:
    batch: list[ReadArticle] = []
    for article_id, group in claims.groupby("article_id"):
        batch.append(_article(str(article_id), group))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _article(article_id: str, group: pd.DataFrame) -> ReadArticle:
    draw = np.random.default_rng(int(article_id[1:]))
    text = " ".join(draw.choice(_WORDS, size=40))
    records: Any = group.to_dict("records")
    article = make_article(text, article_id=article_id, published=records[0]["published"])
    return ReadArticle(article=article, mentions=(), events=tuple(map(_event, records)))


def _event(claim: dict[str, Any]) -> dict[str, Any]:
    plain = dict.fromkeys((column.name for column in EVENT_COLUMNS), None)
    needed = {column.name: "" for column in EVENT_COLUMNS if column.required}
    numbers = {"trigger_start": 0, "trigger_end": 1, "sentence_start": 0, "sentence_end": 1}
    rest = {"evidence": [], "mention_ids": [], "source_chain": [], "confidence": 0.9}
    flags = {"front_line": True, "corrected": False, "mention_id": claim["event_id"]}
    return {**plain, **needed, **numbers, **rest, **flags, **claim}


if __name__ == "__main__":
    main()
