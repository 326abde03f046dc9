"""Rows 1 to 15 of the list of bad inputs: what is no text, encodings, characters nobody sees."""

import gzip

import pytest
from bad_files import (
    CONTROL,
    EXE,
    FEED,
    LONG,
    NOISE,
    PAGE,
    PNG,
    SIRTE,
    lines,
    texts_of,
)

from geocode import geocode_articles, ingest_articles, make_article, open_store


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
