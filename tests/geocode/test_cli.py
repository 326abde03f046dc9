"""The commands keep their contract: files, exit codes, one plain line for what went wrong."""

import json

import pytest
from click.testing import CliRunner

from dashboard.cli import main

ARTICLE = json.dumps(
    {"id": "1", "text": "سيطر الجيش الوطني على سرت", "published": "2020-01-07"}, ensure_ascii=False
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIHWAR_STORE", str(tmp_path / "own.sqlite"))

    def call(*args, **kwargs):
        result = CliRunner().invoke(main, [str(a) for a in args], **kwargs)
        assert result.exception is None or isinstance(result.exception, SystemExit), (
            result.exception
        )
        assert "Traceback" not in result.output
        return result

    return call


@pytest.fixture
def reports(tmp_path):
    path = tmp_path / "reports.jsonl"
    path.write_text(ARTICLE + "\n", encoding="utf-8")
    return path


def test_geocode_writes_the_layers(run, reports, tmp_path):
    assert run("geocode", reports, "-o", "out").exit_code == 0
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "articles.jsonl",
        "events.geojson",
        "mentions.geojson",
        "uncertainty.geojson",
    ]
    assert (
        json.loads((tmp_path / "out" / "articles.jsonl").read_text(encoding="utf-8"))["text"]
        == json.loads(ARTICLE)["text"]
    )


def test_geocode_twice_gives_the_same_bytes(run, reports, tmp_path):
    for out in ("one", "two"):
        run("geocode", reports, "-o", out)
    for name in ("articles.jsonl", "mentions.geojson", "events.geojson"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_geocode_reads_standard_input(run):
    assert run("geocode", "-", "-o", "out", input=ARTICLE.encode()).exit_code == 0


def test_a_bad_input_beside_good_ones_ends_with_1_and_is_named(run, reports, tmp_path):
    (tmp_path / "empty.txt").write_bytes(b"")
    result = run("geocode", reports, tmp_path / "empty.txt", "-o", "out")
    assert result.exit_code == 1
    assert "empty.txt: the file is empty" in result.output
    assert (tmp_path / "out" / "mentions.geojson").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.txt", b"", id="empty"),
        pytest.param("a.jsonl", bytes(range(256)), id="binary"),
        pytest.param("a.jsonl", b'{"text": "x", "published": "2019-13-45"}', id="no date"),
        pytest.param("a.csv", b"id,body\n1,x\n", id="no text column"),
    ],
)
def test_only_bad_input_ends_with_2_and_writes_nothing(run, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    result = run("geocode", tmp_path / name, "-o", "out")
    assert result.exit_code == 2
    assert "refused: " in result.output
    assert not (tmp_path / "out").exists()


def test_windows_1256_is_read_right(run, tmp_path):
    text = "سيطر الجيش الوطني على مدينة سرت بعد اشتباكات عنيفة مع قوات الوفاق استمرت ساعات"
    (tmp_path / "a.txt").write_bytes(text.encode("cp1256"))
    assert run("geocode", tmp_path / "a.txt", "-o", "out").exit_code == 0
    assert "Sirte" in (tmp_path / "out" / "mentions.geojson").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "args",
    [
        ["geocode", "missing.txt", "-o", "out"],
        ["ingest", "https://example.org/x"],
        ["export", "--layer", "events", "-o", "x.geojson"],
        ["export"],
        ["serve", "--store", "missing.sqlite"],
        ["share", "-o", "x.html", "--from", "2020-02-30"],
        ["share", "-o", "x.html", "--bbox", "1,2,3"],
        ["gazetteer", "show", "ly:nowhere"],
        ["gazetteer", "search", "ققققققق"],
    ],
)
def test_what_cannot_be_done_ends_with_2(run, args):
    assert run(*args).exit_code == 2


def test_ingest_twice_changes_nothing(run, reports):
    assert "1 new, 0 changed, 0 known" in run("ingest", reports).output
    assert "0 new, 0 changed, 1 known" in run("ingest", reports).output


@pytest.mark.parametrize("file_format", ["geojson", "gpkg", "parquet", "csv"])
def test_export_writes_the_selection(run, reports, tmp_path, file_format):
    run("ingest", reports)
    args = [
        "--layer",
        "events",
        "--type",
        "capture",
        "--bbox",
        "16,31,17,32",
        "--from",
        "2020-01-01",
    ]
    result = run("export", *args, "--format", file_format, "-o", f"x.{file_format}")
    assert (result.exit_code, result.output.split()[0]) == (0, "1")


def test_export_prints_a_schema(run):
    assert json.loads(run("export", "--schema", "mentions").output)["title"] == "Mihwar mentions"


def test_share_writes_one_file_that_is_the_same_each_time(run, reports, tmp_path):
    run("ingest", reports)
    for name in ("one.html", "two.html"):
        assert run("share", "-o", name, "--lang", "ar").exit_code == 0
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_gazetteer_search_prints_json(run):
    line = run("gazetteer", "search", "ترهونه", "--json").output.splitlines()[0]
    assert json.loads(line)["place_id"] == "ly:tarhuna"


def test_gazetteer_check_finds_nothing_in_the_curated_tables(run):
    assert run("gazetteer", "check").exit_code == 0


@pytest.mark.parametrize(
    "command", ["geocode", "ingest", "export", "share", "serve", "demo", "gazetteer"]
)
def test_every_command_explains_itself(run, command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4
