"""What came out is read again, byte for byte, by what is not ours."""

import csv
import io
import json
import unicodedata

import pandas as pd
from payloads import (
    TEXTS,
)

from geocode.schema import layer_columns

# Controls and marks of direction, ends of lines and halves of letters.
UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Cs"}


def laden(layer, layers):
    """Give a row for each payload, which stands in all its columns that are free text."""
    columns = [c for c in layer_columns(layer) if c.kind == "string" and not c.choices]
    row = layers[layer].iloc[[0] * len(TEXTS)].reset_index(drop=True)
    texts = pd.Series(list(TEXTS.values()), dtype="str")
    return row.assign(**{column.name: texts for column in columns})


def unseen(text):
    """Give the characters of an output that a terminal obeys and does not show."""
    return sorted(
        {f"U+{ord(c):04X}" for c in text if c != "\n" and unicodedata.category(c) in UNSEEN}
    )


def lines(text):
    return text.removesuffix("\n").split("\n") if text else []


def csv_of(path):
    """Read a file as it is: reading it as text would exchange ends of lines inside its cells."""
    return cells_of(path.read_bytes().decode("utf-8"))


def cells_of(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def is_same(cell, text):
    """Say whether a cell is a text, or that after the apostrophe which keeps it from running."""
    return cell in (text, "'" + text)


def texts_in(table, name):
    return table[name].astype(object).where(table[name].notna(), None).to_list()


def json_lines(path):
    return [json.loads(line) for line in lines(path.read_text(encoding="utf-8"))]


def snapshot(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }
