"""Inputs of all kinds are read; bad ones are refused by name and reason, the good ones kept."""

import gzip
import io
import json

import pandas as pd
import pytest

from geocode import InputError
from geocode.reading import Given, read_articles

ARABIC = "سيطرت القوات على مدينة سرت بعد اشتباكات عنيفة استمرت ساعات طويلة، بحسب مصادر محلية."
PAGE = """<html><head><title>t</title><meta property="article:published_time" content="2020-01-07T10:00:00+02:00">
<meta property="og:site_name" content="Outlet"></head><body><nav>menu</nav><article><h1>سرت</h1>
<p>{text} {text}</p><p>{text} الصادر في 23/12/2015</p></article><footer>© 2023</footer></body></html>"""


def read(*inputs, **kwargs):
    refused = []
    return list(read_articles(*inputs, refused=refused, **kwargs)), [str(r) for r in refused]


def file(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_text_files_are_read_in_their_encoding(tmp_path, encoding):
    articles, refused = read(file(tmp_path, "a.txt", ARABIC.encode(encoding)))
    assert [a.text for a in articles] == [ARABIC]
    assert refused == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param("a.txt", b"", "empty", id="empty"),
        pytest.param("a.txt", b" \n ", "empty", id="blank"),
        pytest.param("a.csv", b"\x89PNG\r\n\x1a\n....", "PNG", id="picture"),
        pytest.param("a.json", bytes(range(256)) * 20, "UTF-8|not text", id="binary"),
        pytest.param("a.txt", "سرت".encode("iso-8859-6"), "not certain", id="too short to tell"),
        pytest.param(
            "a.csv", "id,title\n1,x\n", "no column 'text'; found 'id', 'title'", id="no text column"
        ),
        pytest.param("a.csv", "text,text\na,b\n", "stand twice", id="columns twice"),
        pytest.param("a.json", "[" * 100_000, "not JSON", id="nested"),
        pytest.param("a.json", '["x"]', "expected an object", id="no object"),
        pytest.param("a.pdf", b"x", "'.pdf' are not read", id="kind"),
        pytest.param("a.xml", b"<rss/>", "there is no article in it", id="empty feed"),
        pytest.param("a.xml", b"<note>x</note>", "it is no feed", id="no feed"),
        pytest.param(
            "a.jsonl.gz", gzip.compress(b"{}" * 99)[:-9], "end-of-stream|CRC", id="cut gzip"
        ),
        pytest.param("a.html", b"<html></html>", "no article text", id="empty page"),
        pytest.param("a.csv", '"id,text\n1,b', "no header", id="header with an unclosed quote"),
        pytest.param(
            "a.jsonl", '{"file": "\\u0000"}', "no name of a file", id="file name with NUL"
        ),
        pytest.param("a.parquet", b"PAR1xxxx", "not Parquet", id="broken parquet"),
    ],
)
def test_refused_with_reason(tmp_path, name, content, reason):
    articles, refused = read(file(tmp_path, name, content))
    assert articles == []
    assert len(refused) == 1
    assert any(part in refused[0] for part in reason.split("|")), refused


def test_one_broken_line_costs_one_line(tmp_path):
    good = json.dumps({"text": ARABIC}, ensure_ascii=False)
    lines = [good.replace("سرت", f"سرت {i}") for i in range(3)]
    articles, refused = read(
        file(tmp_path, "a.jsonl", "\n".join([lines[0], "{broken", *lines[1:]]))
    )
    assert len(articles) == 3
    assert "line 2" in refused[0]


@pytest.mark.parametrize(
    "line",
    [
        "[1]",
        '"x"',
        '{"text": 5}',
        '{"title": "x"}',
        "9" * 5000,
        '{"text": ""}',
        '{"text":"x","published":"2019-13-45"}',
    ],
)
def test_lines_that_are_no_articles_are_refused(tmp_path, line):
    articles, refused = read(file(tmp_path, "a.jsonl", line))
    assert articles == []
    assert "line 1" in refused[0]


def test_a_lone_surrogate_costs_nobody_else(tmp_path):
    articles, _ = read(file(tmp_path, "a.jsonl", '{"text": "x \\ud800"}\n{"text": "y"}'))
    assert [a.text for a in articles] == ["x \ufffd", "y"]


def test_csv_rows_are_never_shifted(tmp_path):
    articles, refused = read(
        file(tmp_path, "a.csv", f"text;published\n{ARABIC};2020-01-07\na;b;c\n")
    )
    assert [str(a.published) for a in articles] == ["2020-01-07"]
    assert "3 cells where the header has 2" in refused[0]


def test_an_unclosed_quote_ends_the_reading_there(tmp_path):
    articles, refused = read(file(tmp_path, "a.csv", 'text,id\nfirst,1\n"second,2\n'))
    assert [a.text for a in articles] == ["first"]
    assert "not CSV from here on" in refused[0]


def test_parquet_is_read(tmp_path):
    path = tmp_path / "a.parquet"
    pd.DataFrame({"text": [ARABIC], "published": [pd.Timestamp("2020-01-07")]}).to_parquet(path)
    articles, refused = read(path)
    assert (str(articles[0].published), refused) == ("2020-01-07", [])


def test_a_page_gives_its_declared_date_not_the_one_in_its_text(tmp_path):
    articles, _ = read(file(tmp_path, "a.html", PAGE.format(text=ARABIC)))
    assert (str(articles[0].published), articles[0].outlet) == ("2020-01-07", "Outlet")
    assert "menu" not in articles[0].text


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            ("<html>", '<?xml version="1.0" encoding="utf-8"?><html>'), id="XML declaration"
        ),
        pytest.param(
            ("</head>", '<script type="application/ld+json">{"@graph": 5}</script></head>'),
            id="odd linked data",
        ),
        pytest.param(
            ("</head>", '<meta name="date" content="السبت 14 ديسمبر"></head>'), id="odd date"
        ),
    ],
)
def test_odd_pages_are_read_all_the_same(tmp_path, change):
    articles, refused = read(file(tmp_path, "a.html", PAGE.format(text=ARABIC).replace(*change)))
    assert (str(articles[0].published), refused) == ("2020-01-07", [])


def test_a_byline_dates_a_text_and_a_date_in_running_text_does_not(tmp_path):
    dated, _ = read(
        file(tmp_path, "a.txt", f"عنوان\n- صحيفة الخميس, 04 يونيو, 2020 - 08:45 مساء\n{ARABIC}")
    )
    running, _ = read(file(tmp_path, "b.txt", f"{ARABIC} {ARABIC} في 23/12/2015"))
    assert (str(dated[0].published), running[0].published) == ("2020-06-04", None)


def test_what_is_given_fills_only_what_is_missing(tmp_path):
    given = Given(published="2020-01-07", outlet="mine")
    articles, _ = read(file(tmp_path, "a.jsonl", '{"text": "x", "outlet": "theirs"}'), given=given)
    assert (str(articles[0].published), articles[0].outlet) == ("2020-01-07", "theirs")


def test_a_list_names_files_of_its_own_folder_only(tmp_path):
    file(tmp_path, "in.txt", ARABIC)
    (tmp_path / "sub").mkdir()
    path = file(tmp_path / "sub", "a.jsonl", '{"file": "../in.txt"}\n{"file": "/etc/passwd"}')
    articles, refused = read(path)
    assert articles == []
    assert all("outside the folder" in r for r in refused)


def test_standard_input_may_name_no_files():
    stdin = io.BytesIO(b'{"file": "a.txt"}\n{"text": "x"}\n')
    articles, refused = read("-", stdin=stdin)
    assert [a.text for a in articles] == ["x"]
    assert "only lists named on the command line" in refused[0]


def test_an_address_is_not_fetched():
    articles, refused = read("https://example.org/a.html")
    assert articles == []
    assert "not fetched here" in refused[0]


def test_another_article_under_a_known_id_is_refused(tmp_path):
    rows = '{"id": "1", "text": "x"}\n{"id": "1", "text": "x"}\n{"id": "1", "text": "y"}'
    articles, refused = read(file(tmp_path, "a.jsonl", rows))
    assert [a.text for a in articles] == ["x", "x"]
    assert "used before for another text" in refused[0]


def test_a_folder_is_read_by_name(tmp_path):
    for name in ("b.txt", "a.txt"):
        file(tmp_path, name, name + ARABIC)
    articles, _ = read(tmp_path)
    assert [a.text[:5] for a in articles] == ["a.txt", "b.txt"]


def test_without_a_list_for_refusals_the_first_is_raised(tmp_path):
    with pytest.raises(InputError, match=r"no such file"):
        list(read_articles(tmp_path / "missing.txt"))
