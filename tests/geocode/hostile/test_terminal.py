"""Hostile texts told by commands: a line each, and nothing a terminal obeys."""

import json
import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from payloads import (
    KINDS,
    PAYLOADS,
    TEXTS,
    corrected,
    fitting,
    flat,
    spelling,
    write_acled,
)
from reading_back import lines, unseen

from geocode import (
    open_store,
)
from geocode.corrections import add_correction
from geocode.reading import Given, Refused
from geocode.schema import ALL_LAYERS

WEB = json.dumps({"text": "قصفت طائرات مدينة سرت.", "published": "2020-01-07"})


def rows_of(kind, **fields):
    """Give lines of JSON, each with a payload in some fields."""
    rows = (
        {"text": "قصف سرت", **{k: v(t) for k, v in fields.items()}} for t in KINDS[kind].values()
    )
    return "".join(json.dumps(row) + "\n" for row in rows)


def chunks(kind, size=18):
    names = list(KINDS[kind])
    return [names[first : first + size] for first in range(0, len(names), size)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("field", ["published", "lang"])
def test_ingest_tells_each_refusal_in_a_line_of_its_own(run, tmp_path, kind, field):
    (tmp_path / "a.jsonl").write_text(rows_of(kind, **{field: str}), encoding="utf-8")
    result = run("ingest", "a.jsonl")
    shown = min(len(KINDS[kind]), 20)
    more = int(len(KINDS[kind]) > 20)
    assert result.exit_code == 2
    told = lines(result.stderr)
    assert len(told) == shown + more
    assert all(line.startswith("refused: ") for line in told)
    assert unseen(result.output) == []


@pytest.mark.parametrize("kind", KINDS)
def test_quarantine_is_listed_a_line_each(run, tmp_path, kind):
    (tmp_path / "a.jsonl").write_text(rows_of(kind, published=str), encoding="utf-8")
    run("ingest", "a.jsonl")
    result = run("quarantine", "list")
    assert len(lines(result.stdout)) == len(KINDS[kind])
    assert unseen(result.output) == []


def test_quarantine_holds_any_source_place_and_reason_and_lists_it_a_line_each(run, tmp_path):
    refused = [Refused(source=t, where=t, reason=t, content=t) for t in TEXTS.values()]
    with open_store(str(tmp_path / "s.sqlite")) as store:
        store.quarantine.add(refused, Given(), day=date(2020, 1, 1))
    result = run("quarantine", "list")
    assert len(lines(result.stdout)) == len(PAYLOADS)
    assert unseen(result.output) == []
    retried = run("quarantine", "retry")
    assert retried.exit_code == 2
    assert len(lines(retried.stderr)) == 21
    assert unseen(retried.output) == []


def test_quarantine_as_json_is_a_line_each_without_controls(run, tmp_path):
    refused = [Refused(source=t, where=t, reason=t, content=t) for t in TEXTS.values()]
    with open_store(str(tmp_path / "s.sqlite")) as store:
        store.quarantine.add(refused, Given(), day=date(2020, 1, 1))
    told = lines(run("quarantine", "list", "--json").stdout)
    assert {json.loads(line)["content"] for line in told} == set(TEXTS.values())
    assert [c for line in told for c in line if unicodedata.category(c) == "Cc"] == []


def hostile_files(folder):
    """Write a file that is no article under each name a file may have."""
    folder.mkdir()
    count = 0
    for text in TEXTS.values():
        name = text.replace("/", "\u2215").replace("\0", "")[:40].strip() + ".txt"
        try:
            (folder / name).write_bytes(b"")
        except OSError:  # a name that is too long for this disk
            continue
        count += 1
    return count


@pytest.mark.parametrize("command", [("geocode", "-o", "out"), ("ingest",)])
def test_names_of_files_write_no_line_of_their_own(run, tmp_path, command):
    assert hostile_files(tmp_path / "in") > 100
    result = run(*command, "in")
    assert result.exit_code == 2
    assert len(lines(result.stderr)) == 21
    assert unseen(result.output) == []


def test_files_and_feeds_that_are_watched_write_no_line_of_their_own(run, tmp_path):
    hostile_files(tmp_path / "in")
    named = json.dumps(TEXTS["bidi-ansi-colour"] + TEXTS["bidi-log-lf"])
    (tmp_path / "s.toml").write_text(
        f'[[folder]]\npath = "in"\noutlet = {named}\n[[feed]]\nurl = "https://127.0.0.1/{{x}}"\n'
        f"outlet = {named}\n",
        encoding="utf-8",
    )
    assert unseen(run("watch", "s.toml", "--once").output) == []


def test_names_of_parts_write_no_line_of_their_own(run, tmp_path):
    (tmp_path / "in").mkdir()
    for payload in ("bidi-ansi-colour", "bidi-log-lf", "bidi-rlo", "bidi-c1"):
        (tmp_path / "in" / f"{TEXTS[payload].strip()}.parquet").write_bytes(b"none")
    result = run("geocode", "in", "--parts", "--engine", "serial", "-o", "out")
    assert result.exit_code in (1, 2)
    assert unseen(result.output) == []


def test_a_table_of_others_is_refused_a_line_a_row(run, tmp_path):
    write_acled(tmp_path / "acled.csv", broken=True)
    result = run("import", "acled", "acled.csv")
    assert result.exit_code == 2
    assert len(lines(result.stderr)) == 21
    assert unseen(result.output) == []


@pytest.mark.parametrize("payload", ["bidi-ansi-title", "bidi-log-lf", "bidi-rlo", "bidi-c1"])
def test_the_name_of_a_table_of_others_is_told_in_its_line(run, tmp_path, payload):
    file = tmp_path / f"{TEXTS[payload]}.csv"
    write_acled(file)
    result = run("import", "acled", file)
    assert len(lines(result.output)) == 1
    assert unseen(result.output) == []


def test_corrections_are_listed_a_line_each(run, tmp_path, filled):
    path = tmp_path / "corrections.csv"
    for number, text in enumerate(TEXTS.values()):
        said = flat(text).strip()
        add_correction(path, corrected(f"a{number}", said, who=said, why=said, was=said))
    result = run("corrections", "list", "--store", filled, env={"MIHWAR_CORRECTIONS": str(path)})
    assert result.exit_code == 0
    assert len(lines(result.stdout)) == len(PAYLOADS)
    assert unseen(result.output) == []


def test_articles_without_a_date_are_told_in_a_line(run, tmp_path):
    for kind in KINDS:
        for number, names in enumerate(chunks(kind, 5)):
            texts = [f"قصف سرت {name}" for name in names]
            rows = [
                {"id": fitting(PAYLOADS[n]), "text": t} for n, t in zip(names, texts, strict=True)
            ]
            text = "".join(json.dumps(row) + "\n" for row in rows)
            (tmp_path / f"{kind}{number}.jsonl").write_text(text, encoding="utf-8")
            result = run("geocode", f"{kind}{number}.jsonl", "-o", "out")
            assert (names, unseen(result.output)) == (names, [])
            assert len(lines(result.stderr)) == 1


def test_names_that_have_no_place_are_listed_a_line_each(run, tmp_path):
    names = ("Qu\u200dzu", "Qu\u00adzo", "Qu\u2060za", "Qu\u202ezi")
    text = " ".join(f"LNA forces shelled the town of {name}ralam yesterday." for name in names)
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": text}), encoding="utf-8")
    result = run("gazetteer", "missing", "a.jsonl")
    assert "ralam" in result.stdout
    assert unseen(result.output) == []


@pytest.mark.parametrize(
    "args",
    [
        ("control",),
        ("control", "--json"),
        ("compare", "--from", "2020-01-02", "--to", "2020-02-01"),
        ("gazetteer", "search", "Town"),
        ("gazetteer", "search", spelling(0)),
    ],
)
def test_names_of_places_write_no_line_of_their_own(run, filled, args):
    store = () if args[0] == "gazetteer" else ("--store", filled)
    result = run(*args, *store)
    assert result.exit_code == 0
    assert unseen(result.output) == []


def test_every_place_of_a_table_is_told_in_a_line(run, places):
    for number, name in enumerate(PAYLOADS):
        result = run("gazetteer", "search", spelling(number), "--limit", "1")
        assert (name, unseen(result.output), len(lines(result.output))) == (name, [], 1)


def test_findings_in_a_table_of_places_are_told_in_a_line_each(run, pack):
    result = run("gazetteer", "check", pack)
    assert all(re.match(r"x:|\d+ places", line) for line in lines(result.output))
    assert unseen(result.output) == []


def test_places_of_others_are_imported_and_refused_a_line_each(run, tmp_path):
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [200 if number % 2 else 15, 27]},
            "properties": {"id": text, "name": text, "name_ar": text, "kind": text},
        }
        for number, text in enumerate(TEXTS.values())
    ]
    collection = {"type": "FeatureCollection", "features": features}
    (tmp_path / "in.geojson").write_text(json.dumps(collection), encoding="utf-8")
    result = run("gazetteer", "import", "geojson", "in.geojson", "-o", "out.csv", "--conflicts")
    assert all(re.match(r"refused: |conflict: |\d+ places", x) for x in lines(result.output))
    assert unseen(result.output) == []


def test_faults_of_the_reading_are_told_in_a_line_each(run, tmp_path):
    """Of annotated passages, which others may have written."""
    passages = [
        {"id": fitting(text), "lang": "ar", "text": f"قصف سرت {text}", "published": "2020-01-01"}
        | {"mentions": [], "events": []}
        for text in TEXTS.values()
    ]
    text = "".join(json.dumps(passage) + "\n" for passage in passages)
    (tmp_path / "gold.jsonl").write_text(text, encoding="utf-8")
    result = run("evaluate", "gold.jsonl", "--errors", "--rounds", "1")
    assert result.exit_code == 0
    assert unseen(result.output) == []
    told = [line for line in lines(result.output) if re.match(r"[a-z ]+ \| ", line)]
    known = json.loads(run("evaluate", "gold.jsonl", "--json", "--rounds", "1").stdout)["faults"]
    assert len(told) == len(known) >= len(PAYLOADS)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("places.csv", ("gazetteer", "check", "places.csv")),
        ("s.sqlite.corrections.csv", ("ingest", "a.jsonl")),
        ("gold.jsonl", ("evaluate", "gold.jsonl")),
        ("acled.csv", ("import", "acled", "acled.csv")),
    ],
)
def test_a_file_of_another_kind_is_refused_without_its_own_words_in_control(
    run, tmp_path, name, args
):
    (tmp_path / "a.jsonl").write_text(WEB, encoding="utf-8")
    for payload in ("bidi-ansi-colour", "bidi-ansi-title", "bidi-c1", "bidi-rlo", "bidi-overwrite"):
        text = f"{TEXTS[payload]},id,{TEXTS[payload]}\n1,{TEXTS[payload]},2\n"
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        result = run(*args)
        assert result.exit_code == 2
        assert (payload, unseen(result.output)) == (payload, [])


@pytest.mark.parametrize("option", ["--type", "--side", "--place"])
def test_an_unknown_filter_is_refused_in_a_line_and_changes_nothing(run, filled, option):
    before = Path(filled).read_bytes()
    for name, text in TEXTS.items():
        result = run("export", "--layer", "events", "-o", "x.csv", option, text, "--store", filled)
        assert (name, result.exit_code, unseen(result.output)) == (name, 2, [])
        assert len(lines(result.output)) == 1
    assert not Path("x.csv").exists()
    assert Path(filled).read_bytes() == before


@pytest.mark.slow
def test_exports_and_shared_pages_say_where_they_are_and_no_more(run, filled, tmp_path):
    said = [run("share", "--store", filled, "-o", "map.html", "--lang", "ar")]
    for layer in ALL_LAYERS:
        for form in ("geojson", "csv", "gpkg", "parquet"):
            name = f"{layer}.{form}"
            said.append(
                run("export", "--layer", layer, "--store", filled, "-o", name, "--format", form)
            )
    assert {(result.exit_code, len(lines(result.output))) for result in said} == {(0, 1)}
    assert unseen("".join(result.output for result in said)) == []
