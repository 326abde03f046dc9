"""The whole way from articles to tables."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import geopandas as gpd
import pandas as pd

from gazetteer import Gazetteer, load_gazetteer
from geocode.actors import Town, find_actors, find_stance
from geocode.article import Article, describe_sources
from geocode.cluster import cluster_events
from geocode.conflict import Conflict, load_conflict
from geocode.copies import find_copies
from geocode.corrections import Corrections, apply_corrections
from geocode.dates import find_dates
from geocode.deadline import deadline
from geocode.document import Document, make_document
from geocode.errors import DeadlineError, ReadingError
from geocode.event import find_events
from geocode.frame import make_layer
from geocode.governing import Reading
from geocode.governor import find_governors
from geocode.language_rules import language_fingerprint, load_language
from geocode.mention import Mention, MentionFinder
from geocode.placement import Placement, place_mentions
from geocode.reading import Refused, article_row, keep_row
from geocode.record import ReadArticle, make_rows
from geocode.relation import Relation, find_relation
from geocode.role import actors_proper, find_roles
from geocode.speech import SpeechReader

# Counts up with every change of rules, so that a store knows which readings are old.
RULES_VERSION = 9
# The longest text that is read, a million characters, takes a few seconds (benchmarks/README.md).
DEADLINE_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Geocoded:
    """
    Articles and what was read of them.

    Attributes
    ----------
    articles
        In the order they came, each id once.
    mentions, events
        GeoDataFrames on EPSG:4326 with the schemas of `geocode.schema`.
    made_from
        What made them: versions and hashes, never the clock.
    """

    articles: tuple[Article, ...]
    mentions: gpd.GeoDataFrame
    events: gpd.GeoDataFrame
    made_from: Mapping[str, Any] = field(default_factory=dict)


class ArticleReader:
    """
    Read articles: names, places, roles, dates, actors, events.

    Parameters
    ----------
    gazetteer
        None for the curated one.
    conflict
        None for the Libyan war.
    corrections
        What readers know better; None for nothing.
    deadline_s
        So long one article may take; 0 for as long as it likes.
    """

    def __init__(
        self,
        gazetteer: Gazetteer | None = None,
        conflict: Conflict | None = None,
        corrections: Corrections | None = None,
        *,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self.deadline_s = deadline_s
        self.corrections = corrections or Corrections()
        self.gazetteer = gazetteer or load_gazetteer()
        self.conflict = conflict or load_conflict()
        self._finder = MentionFinder(self.gazetteer)

    def read(self, article: Article) -> ReadArticle:
        """
        Read one article.

        Parameters
        ----------
        article
            Any article.

        Returns
        -------
        read
            Its rows; the same article always gives the same.

        Raises
        ------
        ReadingError
            If a rule fails on this text, or takes too long: one article must never end the reading
            of others.
        """
        try:
            with deadline(self.deadline_s):
                read = self._read(article)
            corrections = self.corrections.of(article.article_id)
            return apply_corrections(read, corrections, self.gazetteer) if corrections else read
        except DeadlineError as error:
            msg = f"article {article.article_id!r}: {error}"
            raise ReadingError(msg) from error
        except Exception as error:  # the border behind which one text may not harm the rest
            fault = f"{type(error).__name__}: {error}"
            msg = f"article {article.article_id!r} could not be read ({fault})"
            raise ReadingError(msg) from error

    def _read(self, article: Article) -> ReadArticle:
        document, rules = make_document(article), load_language(article.lang)
        mentions = self._finder.find(document, rules)
        placements = place_mentions(document, mentions, self.conflict, rules)
        stance = find_stance(document, self.conflict, country=_country(placements, self.conflict))
        towns = _towns(mentions, placements, self.conflict)
        actors = find_actors(document, self.conflict, rules, stance, towns)
        reading = Reading(
            document=document,
            mentions=mentions,
            placements=placements,
            relations=_relations(document, mentions),
            actors=actors,
            governors=find_governors(document, mentions, placements, actors, self.conflict, rules),
            rules=rules,
            home=self.conflict.country,
        )
        roles = find_roles(reading)
        reading = replace(reading, actors=actors_proper(actors, mentions, roles))
        speech = SpeechReader(document, reading.actors, rules, self.conflict, stance).read()
        times = find_dates(document, rules)
        events = find_events(reading, roles, times, speech, self.conflict, stance)
        return make_rows(reading, roles, events)

    @property
    def rules_id(self) -> str:
        """Name what readings depend on: rules, gazetteer, conflict and languages."""
        parts = (self.gazetteer.fingerprint, self.conflict.fingerprint, language_fingerprint())
        return "-".join((str(RULES_VERSION), *parts))

    def rules_for(self, article: Article) -> str:
        """
        Name what the reading of an article depends on: `rules_id`, and its corrections.

        Parameters
        ----------
        article
            The article.
        """
        corrected = self.corrections.fingerprint(article.article_id)
        return f"{self.rules_id}+{corrected}" if corrected else self.rules_id

    def corrected_by(self, corrections: Corrections) -> "ArticleReader":
        """
        Give a reader that knows these corrections in place of its own.

        Parameters
        ----------
        corrections
            The corrections.
        """
        reader = copy(self)
        reader.corrections = corrections
        return reader

    def made_from(self) -> dict[str, Any]:
        """Say what makes the readings: versions and hashes."""
        return {
            "version": mihwar_version(),
            "rules": self.rules_id,
            "gazetteer": {"places": len(self.gazetteer), "hash": self.gazetteer.fingerprint},
            "conflict": self.conflict.conflict_id,
        }


def _country(placements: Sequence[Placement], conflict: Conflict) -> str:
    """Say which country a report is about; the conflict's own where that is not clear."""
    countries = Counter(p.place.country for p in placements if p.place is not None)
    country, most = max(countries.items(), key=_count, default=(conflict.country, 0))
    return conflict.country if countries[conflict.country] * 2 >= most else country


def _count(pair: tuple[str, int]) -> tuple[int, str]:
    return pair[1], pair[0]


def _towns(
    mentions: Sequence[Mention], placements: Sequence[Placement], conflict: Conflict
) -> dict[int, Town]:
    """Give the mentions of towns after which forces are called, by their first token."""
    found = {}
    for mention, placement in zip(mentions, placements, strict=True):
        side = conflict.towns.get(placement.place.place_id) if placement.place else None
        if side is not None:
            found[mention.first] = Town(mention.last, side)
    return found


def geocode_articles(
    articles: Iterable[Article],
    *,
    gazetteer: Gazetteer | None = None,
    conflict: Conflict | None = None,
    corrections: Corrections | None = None,
    refused: list[Refused] | None = None,
) -> Geocoded:
    """
    Read articles into tables.

    Parameters
    ----------
    articles
        Articles; of two with one id the last is kept.
    gazetteer
        None for the curated one.
    conflict
        None for the Libyan war.
    corrections
        What readers know better; None for nothing.
    refused
        Takes the articles that could not be read; None to raise at the first.

    Returns
    -------
    geocoded
        Tables that are empty, with all columns, where there is nothing to tell.

    Examples
    --------
    >>> from geocode.article import make_article
    >>> article = make_article("سيطر الجيش الوطني على ترهونة", published="2019-04-10")
    >>> events = geocode_articles([article]).events
    >>> events[["type", "place_name", "actor_side"]].iloc[0].to_list()
    ['capture', 'Tarhuna', 'LNA']
    """
    reader = ArticleReader(gazetteer, conflict, corrections)
    once = {article.article_id: article for article in articles}
    read = read_each(once.values(), reader, refused)
    events = make_layer("events", (row for r in read for row in r.events))
    copies = _copies(r.article for r in read)
    events = events.assign(copy_group=_grouped(events["article_id"], copies))
    pairs = reader.corrections
    clusters = cluster_events(events, reader.conflict, together=pairs.together, apart=pairs.apart)
    return Geocoded(
        articles=tuple(r.article for r in read),
        mentions=make_layer("mentions", (row for r in read for row in r.mentions)),
        events=events.assign(
            cluster_id=clusters["cluster_id"].astype("str"),
            cluster_reason=clusters["reason"].replace("", None).astype("str"),
        ),
        made_from={**reader.made_from(), **describe_sources(r.article.content_hash for r in read)},
    )


def _copies(articles: Iterable[Article]) -> dict[str, str]:
    texts = {article.article_id: article.text for article in articles}
    return find_copies(texts) if len(texts) > 1 else {}  # its library takes long to come up


def _grouped(article_ids: "pd.Series[str]", copies: Mapping[str, str]) -> "pd.Series[str]":
    return article_ids.map(lambda article_id: copies.get(article_id, article_id)).astype("str")


def read_each(
    articles: Iterable[Article], reader: ArticleReader, refused: list[Refused] | None
) -> list[ReadArticle]:
    """
    Read articles one by one.

    Parameters
    ----------
    articles
        Articles.
    reader
        What reads them.
    refused
        Takes the articles that could not be read; None to raise at the first.
    """
    read = []
    for article in articles:
        try:
            read.append(reader.read(article))
        except ReadingError as error:
            if refused is None:
                raise
            row = article_row(article)
            refused.append(
                Refused(
                    source=article.url or article.article_id,
                    where="article",
                    reason=str(error),
                    content=keep_row(row),
                )
            )
    return read


def mihwar_version() -> str:
    """Give the version of the installed distribution."""
    try:
        return version("mihwar")
    except PackageNotFoundError:  # a checkout that was not installed
        return "0"


def _relations(document: Document, mentions: list[Mention]) -> list[Relation | None]:
    rules = load_language(document.article.lang)
    found: list[Relation | None] = []
    for index in range(len(mentions)):
        found.append(find_relation(document, mentions, index, rules, found))
    return found
