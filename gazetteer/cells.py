"""Cells of CSV tables that people open in spreadsheets: none is run, and all are read back."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

# What a spreadsheet takes for the beginning of a formula, in full width too.
_FORMULA = frozenset("=+-@|%＝＋－＠")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_MARK = "'"


def is_formula(value: str) -> bool:
    """
    Say whether a spreadsheet may run a cell.

    Parameters
    ----------
    value
        The text of a cell; blanks and marks that nobody sees do not count.
    """
    if value[:1] in ("\t", "\r", "\n"):
        return True
    seen = (c for c in value if unicodedata.category(c)[0] not in "ZC")
    return next(seen, "") in _FORMULA and not _PLAIN_NUMBER.fullmatch(value)


def safe_cell(value: str) -> str:
    """
    Make a cell that no spreadsheet takes for a formula.

    Parameters
    ----------
    value
        The text of a cell.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("-3.5"), safe_cell("سرت")
    ("'=1+1", '-3.5', 'سرت')
    """
    return _MARK + value if _is_marked(value) else value


def _is_marked(value: str) -> bool:
    """Say whether a cell gets a mark: a formula, or what would be read as one with its mark."""
    return is_formula(value.lstrip(_MARK))


def plain_cell(value: str) -> str:
    """
    Take the mark of `safe_cell` away again.

    Parameters
    ----------
    value
        The text of a cell.

    Examples
    --------
    >>> plain_cell("'=1+1"), plain_cell("'Ayn Zarah")
    ('=1+1', "'Ayn Zarah")
    """
    return value[1:] if value.startswith(_MARK) and _is_marked(value[1:]) else value


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]], *, header: bool) -> str:
    """
    Write rows as CSV.

    Parameters
    ----------
    columns
        Their names.
    rows
        Their cells.
    header
        Whether the names stand in the first line.

    Returns
    -------
    text
        Lines end with a line feed; cells that hold another end of line are quoted.
    """
    out = io.StringIO()
    quoted = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    plain = csv.writer(out, lineterminator="\n")
    names = {column: column for column in columns}
    for row in [*([names] if header else []), *rows]:
        cells = [safe_cell(row[column]) for column in columns]
        # Python's writer quotes only for the ends of lines that it writes itself.
        odd = any("\r" in cell for cell in cells)
        (quoted if odd else plain).writerow(cells)
    return out.getvalue()
