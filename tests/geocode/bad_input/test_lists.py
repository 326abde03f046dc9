"""Rows 16 to 28 of the list of bad inputs: long lines and lists, tables, JSON."""

import pytest
from bad_files import SIRTE, TARHUNA, lines, peak_mb, texts_of

from gazetteer import load_gazetteer
from gazetteer.importers import import_places
from geocode.article import MAX_TEXT_LENGTH
from geocode.reading import read_articles
from geocode.refusals import Refusals


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
