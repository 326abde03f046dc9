"""Packs are read whole, or refused with every fault and its line."""

import csv

import pytest

from gazetteer import PackError, load_gazetteer, read_pack
from gazetteer.reader import PLACE_COLUMNS

ROW = ["x:1", "town", "A", "أ", "", "", "", "31", "16", "5", "1", "", "LY", "me", ""]


def write(path, *rows, header=PLACE_COLUMNS):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def test_read_pack_reads_variants_of_both_scripts(tmp_path):
    row = [*ROW[:5], "أبو أ|بوأ", "Ay", *ROW[7:]]
    assert read_pack(write(tmp_path / "p.csv", row))[0].variants == ("أبو أ", "بوأ", "Ay")


def test_read_pack_names_file_line_and_every_fault(tmp_path):
    bad = [[*ROW[:7], "north", *ROW[8:]], ["x:2", "planet", *ROW[2:]]]
    with pytest.raises(PackError, match=r"p\.csv:2: lat='north'.*\n.*p\.csv:3.*kind='planet'"):
        read_pack(write(tmp_path / "p.csv", *bad))


def test_read_pack_refuses_an_id_used_twice(tmp_path):
    with pytest.raises(PackError, match=r"p\.csv:3: id 'x:1'"):
        read_pack(write(tmp_path / "p.csv", ROW, ROW))


def test_read_pack_names_missing_columns(tmp_path):
    with pytest.raises(PackError, match="precision_km"):
        read_pack(write(tmp_path / "p.csv", header=["id", "kind"]))


def test_read_pack_refuses_ragged_rows(tmp_path):
    with pytest.raises(PackError, match="not quoted"):
        read_pack(write(tmp_path / "p.csv", [*ROW, "extra"]))


def test_read_pack_refuses_what_is_no_text(tmp_path):
    path = tmp_path / "p.csv"
    path.write_bytes(b"\xff\xfe\x00binary\x81")
    with pytest.raises(PackError, match=r"p\.csv cannot be read"):
        read_pack(path)


def test_load_gazetteer_lets_a_users_pack_take_a_seat(tmp_path):
    mine = write(tmp_path / "mine.csv", ["ly:sirte", "city", "My Sirte", "سرت", *ROW[4:]])
    assert load_gazetteer((mine,)).by_id("ly:sirte").name_en == "My Sirte"
