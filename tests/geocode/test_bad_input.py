"""Rows 1 to 39 of the list of bad inputs: files, encodings, tables, JSON, archives, names."""

import gzip
import hashlib
import io
import json
import re
import struct
import tracemalloc
import zipfile

import pytest
from click.testing import CliRunner

from dashboard.cli import main
from gazetteer import PackError, load_gazetteer
from gazetteer.importers import import_places
from geocode import geocode_articles, ingest_articles, make_article, open_store
from geocode.article import MAX_TEXT_LENGTH
from geocode.reading import Given, read_articles, read_upload
from geocode.reading.archive import MAX_ENTRIES
from geocode.reading.source import shown_name
from geocode.refusals import Refusals

SIRTE = "قصفت طائرات مجهولة مدينة سرت."
TARHUNA = "سيطرت قوات الحكومة على مدينة ترهونة."
LONG = (
    "قصفت طائرات مجهولة مدينة سرت مساء أمس، وقالت مصادر محلية إن القصف أصاب مخزنا قرب المطار، "
    "ولم يعرف عدد الضحايا بعد."
)
PNG, EXE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"MZ\x90\0\3\0\0\0\4\0\0\0"
NOISE = hashlib.shake_256(b"noise").digest(4000)
PAGE = '<html><head><meta charset="{}"><title>t</title></head><body><article><p>{}</p></article></body></html>'
FEED = (
    '<?xml version="1.0" encoding="{}"?><rss version="2.0"><channel><title>t</title><item>'
    "<title>t</title><description>{}</description></item></channel></rss>"
)
CONTROL = re.compile("[\x01-\x08\ufffd]")
DTD = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{}">]>'
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer>'
    '<OGRVRTLayer name="y"><SrcDataSource>http://127.0.0.1/x</SrcDataSource></OGRVRTLayer>'
    "</OGRVRTDataSource>"
)


@pytest.fixture
def read_file(tmp_path):
    """Write a file and read it: its articles, and what was refused in words."""

    def run(name, content, **given):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        refused = []
        articles = list(read_articles(path, given=Given(**given), refused=refused))
        return articles, [str(item) for item in refused]

    return run


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIHWAR_STORE", str(tmp_path / "own.sqlite"))

    def call(*args):
        result = CliRunner().invoke(main, [str(a) for a in args])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert "Traceback" not in result.output
        return result

    return call


@pytest.fixture
def stored(tmp_path):
    """Say how many articles the store has, and what is in its quarantine."""

    def look():
        with open_store(str(tmp_path / "own.sqlite")) as store:
            return store.count()["articles"], [kept.refused for kept in store.quarantine.list()]

    return look


def lines(*texts, **more):
    return "".join(json.dumps({"text": t, **more}, ensure_ascii=False) + "\n" for t in texts)


def texts_of(articles):
    return [article.text for article in articles]


def zipped(*entries, packing=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def peak_mb(work):
    """Give what some work gives, and the most memory it took."""
    tracemalloc.start()
    try:
        return work(), tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param("a.csv", b"", "the file is empty", id="row 1: empty table"),
        pytest.param("a.jsonl", b"", "the file is empty", id="row 1: empty list"),
        pytest.param("a.html", b"", "the file is empty", id="row 1: empty page"),
        pytest.param("a.csv", b" \n\t\n", "the file is empty", id="row 2: white space"),
        pytest.param("a.csv", b"id,text\n", "no article in it", id="row 2: only a header"),
        pytest.param("a.jsonl", b"\xef\xbb\xbf", "no article in it", id="row 2: only a mark"),
        pytest.param("a.csv", NOISE, "not text", id="row 3: noise called a table"),
        pytest.param("a.json", NOISE, "not text", id="row 3: noise called JSON"),
        pytest.param("a.csv", PNG + NOISE, "PNG picture", id="row 4: picture"),
        pytest.param("a.csv", EXE + NOISE, "Windows program", id="row 4: program"),
        pytest.param("a.csv.gz", gzip.compress(PNG), "PNG picture", id="row 4: packed picture"),
    ],
)
def test_what_is_no_list_of_articles_is_refused_and_nothing_stored(
    run, stored, tmp_path, name, content, reason
):
    (tmp_path / name).write_bytes(content)
    result = run("ingest", name)
    assert result.exit_code == 2
    assert reason in result.output
    assert stored() == (0, [])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.csv", f'text,id\n"{LONG}",1\n', id="row 5: table"),
        pytest.param("a.jsonl", lines(LONG), id="row 5: list"),
        pytest.param("a.txt", LONG, id="row 5: text"),
        pytest.param("a.html", PAGE.format("windows-1256", LONG), id="row 5: page"),
        pytest.param("a.xml", FEED.format("windows-1256", LONG), id="row 5: feed"),
    ],
)
def test_windows_1256_is_read_right_and_recorded(read_file, name, content):
    articles, refused = read_file(name, content.encode("cp1256"))
    assert (texts_of(articles), refused) == ([LONG], [])
    assert "1256" in articles[0].remarks


@pytest.mark.parametrize(
    ("name", "content", "given"),
    [
        pytest.param(
            "a.csv", f'text,id\n"{LONG}",1\n', {"encoding": "utf-8"}, id="row 6: --encoding"
        ),
        pytest.param("a.txt", LONG, {"encoding": "utf-8"}, id="row 6: text"),
        pytest.param("a.html", PAGE.format("utf-8", LONG), {}, id="row 6: page"),
        pytest.param("a.xml", FEED.format("utf-8", LONG), {}, id="row 6: feed"),
    ],
)
def test_windows_1256_called_utf_8_is_never_mojibake(read_file, name, content, given):
    articles, refused = read_file(name, content.encode("cp1256"), **given)
    assert texts_of(articles) in ([], [LONG])
    assert bool(articles) != bool(refused)
    assert all("not UTF-8" in reason or "not utf-8" in reason for reason in refused)


def test_row_07_iso_8859_6_of_25_characters_is_not_guessed(read_file):
    text = "قصفت طائرات مدينة سرت ليل"
    articles, refused = read_file("a.txt", text.encode("iso-8859-6"))
    assert (len(text), articles) == (25, [])
    assert "the encoding is not certain; name it" in refused[0]
    assert texts_of(read_file("a.txt", text.encode("iso-8859-6"), encoding="iso-8859-6")[0]) == [
        text
    ]


@pytest.mark.parametrize("order", ["le", "be"])
@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", f'text,id\n"{LONG}",1\n'), ("a.jsonl", lines(LONG))]
)
def test_row_08_utf_16_with_a_mark_is_read_right(read_file, name, content, order):
    articles, refused = read_file(name, ("\ufeff" + content).encode(f"utf-16-{order}"))
    assert (texts_of(articles), refused) == ([LONG], [])
    assert "utf-16" in articles[0].remarks


@pytest.mark.parametrize("order", ["le", "be"])
def test_row_09_utf_16_without_a_mark_is_read_right_or_refused(read_file, order):
    articles, refused = read_file("a.txt", LONG.encode(f"utf-16-{order}"))
    assert texts_of(articles) in ([], [LONG])
    assert bool(articles) != bool(refused)


@pytest.mark.parametrize("head", ["text,id", '"text","id"'])
def test_row_10_the_mark_of_utf_8_is_no_part_of_the_first_column(read_file, head):
    articles, refused = read_file("a.csv", f"\ufeff{head}\n{SIRTE},1\n")
    assert (texts_of(articles), refused) == ([SIRTE], [])


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.jsonl"])
def test_row_11_a_letter_cut_in_two_is_refused_with_its_byte(read_file, name):
    head = {"a.txt": "", "a.csv": "text\n", "a.jsonl": '{"text": "'}[name]
    cut = f"{head}{LONG} سر".encode()[:-1]
    articles, refused = read_file(name, cut)
    assert articles == []
    assert f"byte {len(cut) - 1} " in refused[0]


@pytest.mark.parametrize("count", [3, 20_000], ids=["short list", "long list"])
def test_row_12_a_line_of_invalid_utf_8_costs_no_other(read_file, count):
    good = [lines(f"{SIRTE} {n}").encode() for n in range(count)]
    bad = good[-2].replace("سرت".encode(), b"\xc0\x80")
    articles, refused = read_file("a.jsonl", b"".join([*good[:-2], bad, good[-1]]))
    assert len(articles) == count - 1
    assert len(refused) == 1
    assert f"line {count - 1}: byte " in refused[0]


def test_row_13_a_lone_surrogate_becomes_u_fffd_flagged_and_neighbours_are_stored(
    run, stored, tmp_path
):
    (tmp_path / "a.jsonl").write_text('{"text": "x \\ud800 y"}\n' + lines(SIRTE), encoding="utf-8")
    assert run("ingest", "a.jsonl").exit_code == 0
    with open_store(str(tmp_path / "own.sqlite")) as store:
        kept = {article.text: article.remarks for article in store.articles()}
    assert set(kept) == {"x \ufffd y", SIRTE}
    assert "U+FFFD" in kept["x \ufffd y"]
    assert kept[SIRTE] == ""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.csv", f"text\n{SIRTE}\n".replace(" ", "\0 ", 1), id="row 14: table"),
        pytest.param("a.jsonl", lines(SIRTE.replace(" ", "\0 ", 1)), id="row 14: JSON"),
    ],
)
def test_nul_is_exchanged_one_for_one_flagged_and_stored(
    read_file, reader, store_url, name, content
):
    articles, refused = read_file(name, content)
    with open_store(store_url) as store:
        list(ingest_articles(articles, store, reader=reader))
        (article,), (mention,) = store.articles(), store.layer("mentions").itertuples()
    assert (article.text, refused) == (SIRTE.replace(" ", "\ufffd ", 1), [])
    assert "U+FFFD" in article.remarks
    assert article.text[mention.start : mention.end] == "سرت"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("قصفت طائرات \x01\x02سرت\x03 أمس.", id="row 15: control beside a name"),
        pytest.param("قصفت طائرات سر\x01ت أمس.", id="row 15: control in a name"),
        pytest.param("قصفت طائرات س\u200bر\u200fت أمس.", id="row 15: zero width"),
        pytest.param("\ufeffقصفت طائرات س\ufeffرت أمس.", id="row 15: byte order mark"),
    ],
)
def test_what_nobody_sees_hides_no_name_and_moves_no_offset(text):
    result = geocode_articles([make_article(text)])
    (mention,), (article,) = result.mentions.itertuples(), result.articles
    assert mention.place_name == "Sirte"
    assert article.text[mention.start : mention.end] == mention.text
    assert CONTROL.sub("?", article.text) == CONTROL.sub("?", text)


def test_row_15_control_characters_are_flagged():
    assert "control characters" in make_article("قصفت طائرات \x01سرت أمس.").remarks


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        pytest.param("a.jsonl", '{{"text": "{}"}}\n{{"text": "x"}}\n', 1, id="row 16: list"),
        pytest.param("a.csv", 'text,id\n"{}",1\nx,2\n', 1, id="row 16: table"),
        pytest.param("a.txt", "{}", 0, id="row 16: text"),
    ],
)
def test_one_line_of_50_mb_is_refused_in_bounded_memory(tmp_path, name, content, kept):
    (tmp_path / name).write_text(content.format("x" * 50_000_000), encoding="utf-8")
    refused = []
    articles, peak = peak_mb(lambda: list(read_articles(tmp_path / name, refused=refused)))
    assert len(articles) == kept
    assert "at most" in refused[0].reason
    assert peak < 200


def test_row_16_an_article_longer_than_the_cap_is_refused_and_the_next_read(read_file):
    articles, refused = read_file("a.jsonl", lines("x" * (MAX_TEXT_LENGTH + 1), SIRTE))
    assert texts_of(articles) == [SIRTE]
    assert "line 1: the text has 1000001 characters" in refused[0]


@pytest.mark.slow
def test_row_17_a_long_list_is_streamed_in_constant_memory(tmp_path):
    path, count = tmp_path / "a.jsonl", 60_000
    with path.open("w") as file:
        file.writelines(f'{{"text": "x{n}"}}\n' if n % 10 else "{broken\n" for n in range(count))
    refused = Refusals(lambda _: None)
    read, peak = peak_mb(lambda: sum(1 for _ in read_articles(path, refused=refused)))
    assert (read, refused.total) == (count * 9 // 10, count // 10)
    assert peak < 5  # a hundred bytes kept of each line would be more


def test_row_18_a_field_over_128_kib_is_read_and_one_far_too_long_said(read_file):
    long = "كلمة " * 30_000
    assert texts_of(read_file("a.csv", f'text,id\n"{long}",1\nx,2\n')[0]) == [long, "x"]
    articles, refused = read_file("a.csv", f'text,id\nx,1\n"{long * 20}",2\n')
    assert texts_of(articles) == ["x"]
    assert "line 3" in refused[0]
    assert "limit" in refused[0]


def test_row_19_an_unclosed_quote_is_told_with_its_line_and_what_stood_before_is_kept(
    run, stored, tmp_path
):
    (tmp_path / "a.csv").write_text(f'text,id\n{SIRTE},1\n"{TARHUNA},2\nx,3\ny,4\n', "utf-8")
    result = run("ingest", "a.csv")
    assert result.exit_code == 1
    assert "line 3: it is not CSV from here on" in result.output
    count, (kept,) = stored()
    assert (count, kept.where) == (1, "line 3")


def test_row_20_ragged_rows_are_quarantined_not_shifted(run, stored, tmp_path):
    rows = f"text,outlet\n{SIRTE},a\nقصفت طائرات, سرت,b\nشهود عيان\n{TARHUNA},c\n"
    (tmp_path / "a.csv").write_text(rows, "utf-8")
    assert run("ingest", "a.csv").exit_code == 1
    count, kept = stored()
    assert count == 2
    assert [(k.where, k.reason.split(";")[0]) for k in kept] == [
        ("line 3", "3 cells where the header has 2"),
        ("line 4", "1 cells where the header has 2"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param("a.csv", "text,id,text\nx,1,y\n", "'text' stand twice", id="row 21: twice"),
        pytest.param("a.csv", "text,id, id\nx,1,2\n", "'id' stand twice", id="row 21: blank"),
        pytest.param(
            "a.csv", "id,body\n1,x\n", "no column 'text'; found 'id', 'body'", id="row 22: missing"
        ),
        pytest.param(
            "a.csv", "id,Text\n1,x\n", "no column 'text'; found 'id', 'Text'", id="row 22: case"
        ),
        pytest.param("a.json", '{"Text": "x"}', "no 'text'; found 'Text'", id="row 22: JSON"),
        pytest.param("a.csv", "id#text\n1#x\n", "found 'id#text'", id="row 23: other delimiter"),
        pytest.param("a.json", "[" * 100_000, "not JSON", id="row 24: nested 100,000 deep"),
        pytest.param("a.json", '{"text": "x", "text": "y"}', "stand twice", id="row 27: JSON"),
    ],
)
def test_a_file_nobody_can_be_sure_of_is_refused_with_2(run, tmp_path, name, content, reason):
    (tmp_path / name).write_text(content, "utf-8")
    result = run("geocode", name, "-o", "out")
    assert result.exit_code == 2
    assert reason in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("mark", [";", "\t", "|", "،", "؛"])
def test_row_23_the_delimiter_is_found(read_file, mark):
    (article,), _ = read_file("a.csv", f'id{mark}text\n1{mark}"سرت، أو; سرت, x"\n')
    assert (article.article_id, article.text) == ("1", "سرت، أو; سرت, x")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param('{"text": ' * 100_000, "not JSON", id="row 24: nested line"),
        pytest.param('{"text": "x", "published": NaN}', "published is nan", id="row 25: NaN"),
        pytest.param('{"text": "x", "published": 1e999}', "published is inf", id="row 25: 1e999"),
        pytest.param(f'{{"text": "x", "id": {"9" * 5000}}}', "not JSON", id="row 26: 5,000"),
        pytest.param(f'{{"text": "x", "published": {2**63}}}', "no date", id="row 26: over 2^63"),
        pytest.param('{"text": "x", "text": "y"}', "'text' stand twice", id="row 27: twice"),
    ],
)
def test_a_bad_line_is_quarantined_and_the_next_stored(run, stored, tmp_path, line, reason):
    (tmp_path / "a.jsonl").write_text(f"{line}\n{lines(SIRTE)}", "utf-8")
    assert run("ingest", "a.jsonl").exit_code == 1
    count, (kept,) = stored()
    assert (count, kept.where) == (1, "line 1")
    assert reason in kept.reason


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_row_25_coordinates_that_are_no_numbers_are_refused_and_the_next_kept(tmp_path, number):
    point = '{{"type": "Feature", "properties": {{"name": "{0}", "name_ar": "قرية {0}"}}, '
    point += '"geometry": {{"type": "Point", "coordinates": [{1}, 31]}}}}'
    features = ", ".join((point.format("Bad", number), point.format("Good", 21)))
    path = tmp_path / "a.geojson"
    path.write_text(f'{{"type": "FeatureCollection", "features": [{features}]}}', "utf-8")
    found = import_places("geojson", path, load_gazetteer())
    assert [place.name_en for place in found.places] == ["Good"]
    assert "record 1" in found.refused[0]


def test_row_25_nan_is_the_id_of_no_article(read_file):
    articles, _ = read_file("a.jsonl", '{"text": "x", "id": NaN}\n{"text": "y", "id": NaN}\n')
    assert "nan" not in [article.article_id for article in articles]


def test_row_26_a_number_over_2_63_is_a_name_like_any_other(run, stored, tmp_path):
    (tmp_path / "a.jsonl").write_text(lines(SIRTE, id=2**64), "utf-8")
    assert run("ingest", "a.jsonl").exit_code == 0
    assert stored() == (1, [])


def test_row_28_one_broken_line_in_10_000_costs_one_line(read_file):
    all_lines = [lines(f"شهود عيان {n}") for n in range(10_000)]
    all_lines[4321] = "{broken\n"
    articles, refused = read_file("a.jsonl", "".join(all_lines))
    assert (len(articles), len(refused)) == (9999, 1)
    assert "line 4322: it is not JSON" in refused[0]


def test_row_28_the_lines_around_a_broken_one_are_stored(run, stored, tmp_path):
    (tmp_path / "a.jsonl").write_text(lines(SIRTE) + "{broken\n" + lines(TARHUNA), "utf-8")
    assert run("ingest", "a.jsonl").exit_code == 1
    count, (kept,) = stored()
    assert (count, kept.where, kept.content) == (2, "line 2", "{broken")


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
