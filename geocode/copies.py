"""Near-identical texts: wire copies and reposts, which are one independent source together."""

from collections.abc import Mapping, Sequence

import numpy as np

from gazetteer import fold

# Words in a row that are compared; shares of them that two copies have in common, estimated from
# so many hashes. Wire copies differ in a headline or a last paragraph; two reporters on one event
# share next to nothing: 0.02 at most between the sample reports.
_SHINGLE = 3
_PERMUTATIONS = 128
ALIKE = 0.6
_FEWEST_WORDS = 8
# Two texts are compared where four hashes in a row are the same, in one of 32 bands: of pairs that
# are alike by 0.6 that finds 0.99, of those by 0.1 three in a thousand (Leskovec et al., ch. 3).
_ROWS = 4


def make_sketch(text: str) -> bytes:
    """
    Sketch a text, so that copies are found without reading it again.

    Parameters
    ----------
    text
        The text of a report.

    Returns
    -------
    sketch
        MinHash (datasketch) over its runs of three folded words, 128 numbers of eight bytes.
    """
    from datasketch import MinHash

    sketch = MinHash(num_perm=_PERMUTATIONS)
    sketch.update_batch([run.encode() for run in _runs(text)])
    return bytes(sketch.hashvalues.astype("<u8").tobytes())


def bands_of(sketch: bytes) -> tuple[bytes, ...]:
    """
    Cut a sketch into bands; texts that share none are no copies.

    Parameters
    ----------
    sketch
        As `make_sketch` gives it.

    Returns
    -------
    bands
        Each with its number before it, so that only bands at one position are the same.
    """
    size = _ROWS * 8
    return tuple(
        bytes([number]) + sketch[at : at + size]
        for number, at in enumerate(range(0, len(sketch), size))
    )


def are_alike(one: bytes, other: bytes) -> bool:
    """
    Say whether two sketches are of copies.

    Parameters
    ----------
    one, other
        As `make_sketch` gives them.
    """
    same = np.frombuffer(one, "<u8") == np.frombuffer(other, "<u8")
    return float(same.mean()) >= ALIKE


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
    """
    heads: dict[str, bytes] = {}
    with_band: dict[bytes, list[str]] = {}
    groups: dict[str, str] = {}
    for article_id in sorted(texts):
        sketch = make_sketch(texts[article_id])
        bands = bands_of(sketch)
        near = sorted({head for band in bands for head in with_band.get(band, ())})
        groups[article_id] = group_of(article_id, sketch, [(head, heads[head]) for head in near])
        if groups[article_id] == article_id:
            heads[article_id] = sketch
            for band in bands:
                with_band.setdefault(band, []).append(article_id)
    return groups


def group_of(article_id: str, sketch: bytes, heads: Sequence[tuple[str, bytes]]) -> str:
    """
    Give the group of copies a text belongs to.

    Parameters
    ----------
    article_id, sketch
        The text.
    heads
        The first texts of the groups that share a band with it: id and sketch.

    Returns
    -------
    group
        The id of the first it is like; its own where there is none.
    """
    return next((head for head, known in heads if are_alike(sketch, known)), article_id)


def _runs(text: str) -> set[str]:
    """Give the runs of words of a text; a short text is one run."""
    words = fold(text).text.split()
    if len(words) < _FEWEST_WORDS:
        return {" ".join(words)}
    return {" ".join(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}
