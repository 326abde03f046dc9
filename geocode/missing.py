"""Names that were read and could not be placed: what a gazetteer still lacks."""

from dataclasses import dataclass

import geopandas as gpd

from gazetteer import fold_name


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingName:
    """
    A name without a place.

    Attributes
    ----------
    text
        As printed most often.
    kind
        What its head noun says it is.
    count, articles
        How many mentions in how many articles.
    reason
        Why it was not placed.
    example
        Id of the mention that came first.
    """

    text: str
    kind: str
    count: int
    articles: int
    reason: str
    example: str


def missing_names(mentions: gpd.GeoDataFrame) -> list[MissingName]:
    """
    Count the names that have no place.

    Parameters
    ----------
    mentions
        The layer of mentions.

    Returns
    -------
    names
        Most frequent first; spellings that fold alike are one name.
    """
    lost = mentions[mentions["place_id"].isna()]
    found = []
    for (_, kind), rows in lost.groupby([lost["text"].map(fold_name), "kind"], sort=True):
        first = rows.iloc[0]
        found.append(
            MissingName(
                text=str(rows["text"].mode().iloc[0]),
                kind=str(kind),
                count=len(rows),
                articles=int(rows["article_id"].nunique()),
                reason=str(first["reason"]),
                example=str(first["mention_id"]),
            )
        )
    return sorted(found, key=_most_first)


def _most_first(name: MissingName) -> tuple[int, str]:
    return -name.count, name.text
