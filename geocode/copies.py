"""Near-identical texts: wire copies and reposts, which are one independent source together."""

from collections.abc import Mapping

from gazetteer import fold

# Words in a row that are compared; shares of them that two copies have in common, estimated from
# so many hashes. Wire copies differ in a headline or a last paragraph; two reporters on one event
# share next to nothing: 0.02 at most between the sample reports.
_SHINGLE = 3
_PERMUTATIONS = 128
ALIKE = 0.6
_FEWEST_WORDS = 8


def find_copies(texts: Mapping[str, str]) -> dict[str, str]:
    """
    Group texts that are copies of one another.

    Parameters
    ----------
    texts
        Texts by the ids of their articles.

    Returns
    -------
    groups
        For each id that of the first of its copies in the order of ids, its own where it has none.
        Texts of less than eight words are copies only of equal ones.

    Notes
    -----
    MinHash over runs of three folded words, looked up by locality-sensitive hashing (datasketch).
    """
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=ALIKE, num_perm=_PERMUTATIONS)
    groups: dict[str, str] = {}
    for article_id in sorted(texts):
        sketch = MinHash(num_perm=_PERMUTATIONS)
        sketch.update_batch([run.encode() for run in _runs(texts[article_id])])
        alike = sorted(other for other in index.query(sketch))
        groups[article_id] = groups[alike[0]] if alike else article_id
        index.insert(article_id, sketch, check_duplication=False)
    return groups


def _runs(text: str) -> set[str]:
    """Give the runs of words of a text; a short text is one run."""
    words = fold(text).text.split()
    if len(words) < _FEWEST_WORDS:
        return {" ".join(words)}
    return {" ".join(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}
