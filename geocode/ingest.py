"""Read articles and keep them: the pipeline with a store at its end."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any

import pandas as pd

from gazetteer import Gazetteer
from geocode.article import Article
from geocode.cluster import cluster_events
from geocode.conflict import Conflict
from geocode.control import control_until
from geocode.control_layer import control_rows
from geocode.corrections import Corrections
from geocode.errors import ConflictError
from geocode.front import front_rows
from geocode.pipeline import ArticleReader, read_each
from geocode.reading import Refused
from geocode.store import Saved, Store
from geocode.weight import WEIGHED_COLUMNS, two_sides, weigh_claims

# So often it is concluded anew where another run writes meanwhile; then by the next run.
_TRIES = 5
# Days within which claims may be of one event, on either side.
_MARGIN = timedelta(days=4)


def ingest_articles(
    articles: Iterable[Article],
    store: Store,
    *,
    reader: ArticleReader | None = None,
    batch: int = 50,
    refused: list[Refused] | None = None,
) -> Iterator[Saved]:
    """
    Read articles and save them, a batch a transaction.

    Parameters
    ----------
    articles
        Articles.
    store
        An open store.
    reader
        What reads them; None for one with the curated gazetteer.
    batch
        How many articles are saved at once.
    refused
        Takes the articles that could not be read; None to raise at the first.

    Yields
    ------
    saved
        As `save_articles`. After the last batch `conclude` is called.
    """
    reader = reader or ArticleReader()
    yield from save_articles(articles, store, reader=reader, batch=batch, refused=refused)
    conclude(store, reader)


def conclude(store: Store, reader: ArticleReader) -> None:
    """
    Draw what follows from all that is stored: join claims to clusters, find who holds what.

    Parameters
    ----------
    store
        An open store.
    reader
        For the conflict, the gazetteer, and which claims readers joined or parted.
    """
    join_claims(store, reader.conflict, reader.corrections)
    find_conclusions(store, reader.conflict, reader.gazetteer)


def save_articles(
    articles: Iterable[Article],
    store: Store,
    *,
    reader: ArticleReader,
    batch: int = 50,
    refused: list[Refused] | None = None,
) -> Iterator[Saved]:
    """
    Read articles and save them, a batch a transaction, and conclude nothing from them.

    Parameters
    ----------
    articles
        Articles.
    store
        An open store.
    reader
        What reads them.
    batch
        How many articles are saved at once.
    refused
        Takes the articles that could not be read; None to raise at the first.

    Yields
    ------
    saved
        What each batch brought; once it is yielded, it is on disk. Articles that are stored as
        they are, read by the same rules, are not read again.
    """
    for named in _groups(articles, batch):
        group = list({article.article_id: article for article in named}.values())
        fresh = [
            article for article in group if not store.is_current(article, reader.rules_for(article))
        ]
        read = read_each(fresh, reader, refused)
        rules = {r.article.article_id: reader.rules_for(r.article) for r in read}
        saved = store.save(read, rules, reader.made_from()) if read else Saved()
        yield saved + Saved(known=len(named) - len(fresh))


def join_claims(store: Store, conflict: Conflict, corrections: Corrections | None = None) -> None:
    """
    Join the claims that are in no cluster yet with those of the same days.

    Which they are stands in the store: what a run that was cut off has saved is joined by the next.

    Parameters
    ----------
    store
        An open store.
    conflict
        The conflict pack: who fights whom.
    corrections
        Which claims readers joined or parted; None for none.
    """
    said = corrections or Corrections()
    for stretch in _stretches(store.unjoined_days()):
        for _ in range(_TRIES):
            if _join_stretch(store, stretch, conflict, said):
                break
    store.name_undated_clusters()
    store.join_clusters(said.together)


def _join_stretch(
    store: Store, stretch: tuple[date, date], conflict: Conflict, said: Corrections
) -> bool:
    """Join the claims of some days; False where another run changed the store meanwhile."""
    changes, (first, last) = store.changes(), stretch
    claims = store.claims(first - 2 * _MARGIN, last + 2 * _MARGIN)
    found = cluster_events(claims, conflict, together=said.together, apart=said.apart)
    near = claims["date_start"].between(str(first - _MARGIN), str(last + _MARGIN))
    touched = found["cluster_id"].isin(found["cluster_id"][near])
    return store.set_clusters(found[touched], changes=changes)


def find_conclusions(store: Store, conflict: Conflict, gazetteer: Gazetteer) -> None:
    """
    Find anew who holds which place when, and the front, where claims have changed.

    Only the claims about places of which something changed are weighed anew; the chains of all
    places, which depend on their neighbours, are run again from the weights. A conflict of no two
    sides has neither.

    Parameters
    ----------
    store
        An open store.
    conflict
        The conflict pack.
    gazetteer
        For the places, and the roads between them.
    """
    for _ in range(_TRIES):
        if _conclude(store, conflict, gazetteer):
            return


def _conclude(store: Store, conflict: Conflict, gazetteer: Gazetteer) -> bool:
    """Conclude from what is stored now; False where another run changed it meanwhile."""
    changes = store.changes()
    places, last_day = store.stale_places(), store.last_day()
    # Old evidence fades until the last day on which anything is told.
    if not places and last_day == store.concluded_to():
        return True
    layers: dict[str, list[dict[str, Any]]] = {"control": [], "front": []}
    sides = _sides(conflict)
    claims = store.claims_at(places) if sides else pd.DataFrame()
    weights = weigh_claims(claims, conflict) if sides else pd.DataFrame(columns=[*WEIGHED_COLUMNS])
    known = store.weighed(but=places)
    everything = pd.concat([known, weights], ignore_index=True) if len(known) else weights
    if sides and len(everything) and last_day:
        everything = everything.sort_values(["place_id", "cluster_id"], ignore_index=True)
        control = control_until(everything, sides, gazetteer, last_day)
        layers["control"] = list(control_rows(control, gazetteer))
        layers["front"] = list(front_rows(control, gazetteer, store.front_mentions()))
    return store.write_conclusions(places, weights, layers, changes=changes, last_day=last_day)


def _sides(conflict: Conflict) -> tuple[str, str] | None:
    try:
        return two_sides(conflict)
    except ConflictError:
        return None  # its events are read all the same


def _stretches(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Give the stretches of days that lie so near that their claims may be of one event."""
    first = last = None
    for day in sorted(days):
        if first is None or last is None:
            first = last = day
        elif day - last <= 4 * _MARGIN:
            last = day
        else:
            yield first, last
            first = last = day
    if first is not None and last is not None:
        yield first, last


def _groups(articles: Iterable[Article], size: int) -> Iterator[list[Article]]:
    remaining = iter(articles)
    while group := list(islice(remaining, size)):
        yield group
