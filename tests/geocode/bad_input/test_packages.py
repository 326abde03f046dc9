"""Rows 29 to 39 of the list of bad inputs: archives, names of files, files of other kinds."""

import gzip
import struct
import zipfile

import pytest
from bad_files import (
    DTD,
    SIRTE,
    TARHUNA,
    VRT,
    lines,
    peak_mb,
    texts_of,
    zipped,
)

from gazetteer import PackError, load_gazetteer
from gazetteer.importers import import_places
from geocode.reading import read_upload
from geocode.reading.archive import MAX_ENTRIES
from geocode.reading.source import shown_name


def _flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


PACKED = gzip.compress(lines(SIRTE, TARHUNA).encode(), mtime=0)
TWO_FILES = zipped(("a.jsonl", lines(SIRTE)), ("b.jsonl", lines("second")), packing=0)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param("a.jsonl.gz", PACKED[:-12], "end-of-stream", id="row 29: cut off"),
        pytest.param("a.jsonl.gz", PACKED[:5], "end-of-stream", id="row 29: cut in the head"),
        pytest.param("a.jsonl.gz", _flipped(PACKED, -6), "CRC", id="row 29: wrong sum"),
        pytest.param("a.zip", TWO_FILES[:-30], "damaged", id="row 29: cut archive"),
        pytest.param(
            "a.zip",
            _flipped(TWO_FILES, TWO_FILES.index(b"second")),
            "CRC",
            id="row 29: wrong sum of the second file of an archive",
        ),
    ],
)
def test_of_a_damaged_package_nothing_is_stored(run, stored, tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)
    result = run("ingest", name)
    assert reason in result.output
    assert stored()[0] == 0
    assert result.exit_code == 2


def _declaring(data, size):
    """Let an archive of one file say another size of it."""
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        where = data.index(mark) + at
        data = data[:where] + struct.pack("<I", size) + data[where + 4 :]
    return data


BOMB = zipped(("a.txt", bytes(40_000_000)))


@pytest.mark.parametrize(
    ("archive", "reason"),
    [
        pytest.param(_declaring(BOMB, 2_000_000_000), "unpacks to 2000000000", id="row 30: 2 GB"),
        pytest.param(BOMB, "unpacks to 40000000 bytes", id="row 30: ratio"),
        pytest.param(_declaring(BOMB, 1000), "damaged|more than", id="row 30: says too little"),
    ],
)
def test_a_zip_bomb_is_refused_before_it_fills_the_memory(archive, reason):
    refused = []
    articles, peak = peak_mb(lambda: list(read_upload("a.zip", archive, refused=refused)))
    assert articles == []
    assert any(part in refused[0].reason for part in reason.split("|"))
    assert peak < 20


INNER = zipped(("a.jsonl", lines(SIRTE)))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("in.zip", INNER, id="row 31: archive"),
        pytest.param("in.zip", zipped(("in.zip", INNER)), id="row 31: archive in it"),
        pytest.param("in.zip.gz", gzip.compress(INNER), id="row 31: packed archive"),
        pytest.param("in.jsonl", INNER, id="row 31: archive under another name"),
    ],
)
def test_archives_in_archives_are_not_read(name, content):
    refused = []
    archive = zipped((name, content), ("b.jsonl", lines(TARHUNA)))
    articles = list(read_upload("a.zip", archive, refused=refused))
    assert texts_of(articles) == [TARHUNA]
    assert len(refused) == 1


def test_row_32_an_archive_of_100_000_files_is_refused_by_their_number(read_file):
    many = zipped(*((f"{n}.txt", "") for n in range(100_000)), packing=zipfile.ZIP_STORED)
    articles, refused = read_file("a.zip", many)
    assert articles == []
    assert f"more than {MAX_ENTRIES} files" in refused[0]


def _entry(name, kind=0):
    info = zipfile.ZipInfo("x")
    info.filename, info.external_attr, info.create_system = name, kind << 16, 3
    return info


def test_row_33_names_that_lead_out_of_an_archive_are_refused_and_nothing_is_written(
    run, stored, tmp_path
):
    names = ["../../evil.jsonl", "/abs.jsonl", "C:\\w.jsonl", "C:/w.jsonl", "a/../../x.jsonl"]
    bad = [*map(_entry, names), _entry("link.jsonl", 0o120777)]
    archive = zipped(*((entry, lines(SIRTE)) for entry in bad), ("good.jsonl", lines(TARHUNA)))
    folder = tmp_path / "in" / "side"
    folder.mkdir(parents=True)
    (folder / "a.zip").write_bytes(archive)
    result = run("ingest", "in/side/a.zip")
    assert result.exit_code == 1
    assert result.output.count("leads out of the archive") == len(names)
    assert "it is a link" in result.output
    assert stored()[0] == 1
    found = {p.name for p in tmp_path.rglob("*") if p.is_file() and "own.sqlite" not in p.name}
    assert found == {"a.zip"}


def test_row_33_a_list_in_an_archive_may_name_no_file(tmp_path, read_file):
    (tmp_path / "secret.txt").write_text(SIRTE, "utf-8")
    rows = f'{{"file": "secret.txt"}}\n{{"file": "{tmp_path}/secret.txt"}}\n'
    articles, refused = read_file("a.zip", zipped(("a.jsonl", rows)))
    assert articles == []
    assert len(refused) == 2


def test_row_34_an_encrypted_archive_is_refused(read_file):
    data = bytearray(INNER)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[INNER.index(mark) + at] |= 1
    articles, refused = read_file("a.zip", bytes(data))
    assert articles == []
    assert "encrypted" in refused[0]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("../../x.jsonl", "x.jsonl", id="row 35: way out"),
        pytest.param("..\\..\\x.jsonl", "x.jsonl", id="row 35: way out of Windows"),
        pytest.param("CON", "CON", id="row 35: device"),
        pytest.param("x" * 300, "x" * 120, id="row 35: 300 characters"),
        pytest.param("a\0b", "ab", id="row 35: NUL"),
        pytest.param("x\u202egpj.exe", "xgpj.exe", id="row 35: turned round"),
        pytest.param("a\x1b[31m\n", "a[31m", id="row 35: colours"),
        pytest.param("", "file", id="row 35: none"),
    ],
)
def test_an_upload_is_shown_under_a_harmless_name_and_nothing_is_written(
    tmp_path, monkeypatch, name, shown
):
    monkeypatch.chdir(tmp_path)
    refused = []
    list(read_upload(name, b'{"text": 5}', refused=refused))
    assert (shown_name(name), refused[0].source) == (shown, shown)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("a.geojson", id="row 37: called GeoJSON"),
        pytest.param("a.vrt", id="row 37: called VRT"),
        pytest.param("a.json", id="row 37: called JSON"),
    ],
)
def test_a_virtual_source_is_refused_and_opens_no_other_file(run, stored, tmp_path, name):
    (tmp_path / "secret.csv").write_text(f"name,name_ar,lat,lon\nSecret,{SIRTE},31,21\n", "utf-8")
    (tmp_path / name).write_text(VRT.format(tmp_path / "secret.csv"), "utf-8")
    imported = run("gazetteer", "import", "geojson", name, "-o", "pack.csv")
    ingested = run("ingest", name)
    assert (imported.exit_code, ingested.exit_code) == (2, 2)
    assert "Secret" not in imported.output + ingested.output
    assert not (tmp_path / "pack.csv").exists()
    assert stored() == (0, [])


@pytest.mark.parametrize("kind", ["kml", "gpx", "gml", "xml", "rss"])
def test_row_38_xml_with_a_document_type_is_refused(run, stored, tmp_path, kind):
    (tmp_path / "secret.txt").write_text(SIRTE, "utf-8")
    body = "<rss version='2.0'><channel><item><title>&e;</title></item></channel></rss>"
    (tmp_path / f"a.{kind}").write_text(DTD.format(tmp_path / "secret.txt") + body, "utf-8")
    result = run("ingest", f"a.{kind}")
    assert result.exit_code == 2
    assert "DTD not allowed" in result.output or f"'.{kind}' are not read" in result.output
    assert SIRTE not in result.output
    assert stored() == (0, [])


def test_row_39_a_shapefile_without_its_crs_is_refused_and_the_crs_asked_for(run, tmp_path):
    archive = zipped(("t/a.SHP", b"\0\0\x27\x0a"), ("t/a.dbf", b"x"), ("b.jsonl", lines(SIRTE)))
    (tmp_path / "a.zip").write_bytes(archive)
    result = run("geocode", "a.zip", "-o", "out")
    assert result.exit_code == 2
    assert "shapefile" in result.output
    assert "CRS" in result.output
    with pytest.raises(PackError, match=r"a\.zip"):
        import_places("geojson", tmp_path / "a.zip", load_gazetteer())
