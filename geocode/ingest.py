"""Read articles and keep them: the pipeline with a store at its end."""

from collections.abc import Iterable, Iterator
from itertools import islice

from geocode.article import Article
from geocode.pipeline import ArticleReader, read_each
from geocode.reading import Refused
from geocode.store import Saved, Store


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
        What each batch brought; once it is yielded, it is on disk. Articles that are stored as
        they are, read by the same rules, are not read again.
    """
    reader = reader or ArticleReader()
    for named in _groups(articles, batch):
        group = list({article.article_id: article for article in reversed(named)}.values())[::-1]
        fresh = [
            article for article in group if not store.is_current(article, reader.rules_for(article))
        ]
        read = read_each(fresh, reader, refused)
        rules = {r.article.article_id: reader.rules_for(r.article) for r in read}
        saved = store.save(read, rules, reader.made_from()) if read else Saved()
        yield saved + Saved(known=len(group) - len(fresh))


def _groups(articles: Iterable[Article], size: int) -> Iterator[list[Article]]:
    remaining = iter(articles)
    while group := list(islice(remaining, size)):
        yield group
