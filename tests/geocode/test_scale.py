"""Many parts end with the same bytes however they are run, and whoever dies on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from click.testing import CliRunner

from dashboard.cli import main
from geocode import InputError, ingest_articles, make_article, open_store, scale
from geocode.errors import ScaleError
from geocode.parts import DONE, PartDone, Rules, load_part, run_part
from geocode.scale import ENGINES, find_parts, run_parts

TEXTS = (
    "قصفت طائرات مجهولة مدينة سرت",
    "سيطر الجيش الوطني على ترهونة",
    "GNA forces captured Tarhuna",
)
PARTS = 6


@pytest.fixture
def folder(tmp_path):
    source = tmp_path / "in"
    source.mkdir()
    for part in range(PARTS):
        rows = [
            {
                "id": f"{part}-{n}",
                "text": f"{TEXTS[n % 3]} {part}-{n}",
                "published": "2020-01-07",
                "outlet": "o",
            }
            for n in range(12)
        ]
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        if part % 2:
            (source / f"p{part}.jsonl").write_text("\n".join([*lines, "{broken"]), encoding="utf-8")
        else:
            pd.DataFrame(rows).to_parquet(source / f"p{part}.parquet")
    return source


def run(folder, output, **kwargs):
    kwargs.setdefault("workers", 2)
    parts = find_parts([str(folder)])
    return list(run_parts(parts, str(output), Rules(), **kwargs))


def content(output):
    """All files of a job with their bytes."""
    return {
        str(p.relative_to(output)): p.read_bytes() for p in sorted(output.rglob("*")) if p.is_file()
    }


@pytest.fixture
def expected(folder, tmp_path):
    run(folder, tmp_path / "expected", engine="serial")
    return content(tmp_path / "expected")


@pytest.mark.slow
@pytest.mark.loopback
@pytest.mark.parametrize("engine", ["pool", "dask"])
@pytest.mark.filterwarnings("ignore")
def test_every_engine_gives_the_same_bytes(folder, expected, tmp_path, engine):
    done = run(folder, tmp_path / "out", engine=engine)
    assert sorted(one.part for one in done) == [f"p{n}" for n in range(PARTS)]
    assert sum(one.refused for one in done) == PARTS // 2
    assert content(tmp_path / "out") == expected


def test_what_is_there_is_not_done_again(folder, expected, tmp_path):
    out = tmp_path / "expected"
    assert all(one.skipped for one in run(folder, out, engine="serial"))
    (out / DONE / "p3.json").unlink()
    done = {one.part: one for one in run(folder, out, engine="serial")}
    assert [name for name, one in done.items() if not one.skipped] == ["p3"]
    assert content(out) == expected


def test_a_part_that_changed_is_done_again(folder, expected, tmp_path):
    with (folder / "p1.jsonl").open("a", encoding="utf-8") as file:
        file.write('\n{"id": "new", "text": "قصف سرت"}')
    done = {one.part: one for one in run(folder, tmp_path / "expected", engine="serial")}
    assert [name for name, one in done.items() if not one.skipped] == ["p1"]
    assert done["p1"].articles == 13


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b'{"key": 1}', b"[]"])
def test_a_damaged_marker_is_made_anew(folder, expected, tmp_path, content):
    (tmp_path / "expected" / DONE / "p0.json").write_bytes(content)
    done = {one.part: one for one in run(folder, tmp_path / "expected", engine="serial")}
    assert not done["p0"].skipped


def poisoned(part: str, output: str, rules: Rules) -> PartDone:
    if Path(part).stem == "p2":
        os.kill(os.getpid(), signal.SIGKILL)
    return run_part(part, output, rules)


def fragile(part: str, output: str, rules: Rules) -> PartDone:
    """Die once in the middle of a part, with data written and no marker."""
    once = Path(output) / "died"
    if Path(part).stem == "p4" and not once.exists():
        once.touch()
        run_part(part, output, rules)
        (Path(output) / DONE / "p4.json").unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return run_part(part, output, rules)


def faulty(part: str, output: str, rules: Rules) -> PartDone:
    if Path(part).stem == "p2":
        raise ValueError(part)
    return run_part(part, output, rules)


@pytest.mark.slow
@pytest.mark.loopback
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("engine", ["pool", "dask"])
@pytest.mark.parametrize("bad", [poisoned, faulty])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_part_that_kills_its_worker_costs_no_other(folder, tmp_path, engine, bad, workers):
    """At one worker Dask blames what waits there as well, each time."""
    out = tmp_path / "out"
    done = {one.part: one for one in run(folder, out, engine=engine, run=bad, workers=workers)}
    assert len(done) == PARTS
    assert [name for name, one in done.items() if one.fault] == ["p2"]
    assert sum(one.articles for one in done.values()) == 12 * (PARTS - 1)


class WithoutWorkers:
    """A client of Dask whose workers are all gone: nothing it was given ever ends."""

    def map(self, _function, parts, **_options):
        return [SimpleNamespace(key=part, add_done_callback=lambda _call: None) for part in parts]

    def ncores(self):
        return {}


@pytest.mark.slow
def test_parts_whose_workers_are_all_gone_are_done_without_them(
    folder, expected, tmp_path, monkeypatch
):
    """A nanny may fail to start a worker anew; Dask then waits for ever."""
    monkeypatch.setattr(scale, "_client", lambda *_: nullcontext(WithoutWorkers()))
    monkeypatch.setattr(scale, "_LOOK_S", 0.01)
    monkeypatch.setattr(scale, "_NO_WORKER_S", 0.0)
    done = run(folder, tmp_path / "out", engine="dask")
    assert [one.fault for one in done] == [""] * PARTS
    assert content(tmp_path / "out") == expected


@pytest.mark.slow
@pytest.mark.loopback
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("engine", ["pool", "dask"])
def test_a_worker_that_is_killed_loses_nothing(folder, expected, tmp_path, engine):
    out = tmp_path / "out"
    out.mkdir()
    done = run(folder, out, engine=engine, run=fragile)
    assert not any(one.fault for one in done)
    (out / "died").unlink()
    assert content(out) == expected


@pytest.mark.slow
def test_a_driver_that_is_killed_goes_on_where_it_was(folder, expected, tmp_path):
    out = tmp_path / "out"
    command = [sys.executable, "-m", "dashboard.cli", "geocode", "--parts", "--engine", "serial"]
    started = subprocess.Popen([*command, str(folder), "-o", str(out)], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list((out / DONE).glob("*.json")) and time.monotonic() < deadline:
        time.sleep(0.002)
    started.kill()
    started.wait()
    kept = len(list((out / DONE).glob("*.json")))
    done = run(folder, out, engine="serial")
    assert sum(one.skipped for one in done) == kept >= 1
    left = {
        name: data for name, data in content(out).items() if not Path(name).name.startswith("_")
    }
    assert left == expected


def test_an_article_that_cannot_be_read_is_quarantined_and_its_part_goes_on(
    folder, expected, tmp_path, store_url
):
    load = CliRunner().invoke(main, ["load", str(tmp_path / "expected"), "--store", store_url])
    assert load.exit_code == 0, load.output
    with open_store(store_url, read_only=True) as store:
        assert store.count()["articles"] == 12 * PARTS
        assert [k.refused.content for k in store.quarantine.list()] == ["{broken"] * (PARTS // 2)


def test_parts_loaded_are_as_if_ingested_at_once(folder, expected, tmp_path, new_store, reader):
    loaded, at_once = new_store(), new_store()
    for _ in range(2):
        done = CliRunner().invoke(main, ["load", str(tmp_path / "expected"), "--store", loaded])
        assert done.exit_code == 0, done.output
    assert "0 new, 0 changed, 72 known" in done.output
    articles = [
        make_article(
            f"{TEXTS[n % 3]} {part}-{n}",
            article_id=f"{part}-{n}",
            published="2020-01-07",
            outlet="o",
        )
        for part in range(PARTS)
        for n in range(12)
    ]
    with open_store(at_once) as store:
        list(ingest_articles(articles, store, reader=reader))
    with open_store(loaded, read_only=True) as one, open_store(at_once, read_only=True) as other:
        for layer in ("mentions", "events", "control", "front"):
            assert one.layer(layer).to_json() == other.layer(layer).to_json()


def test_a_damaged_part_is_named(folder, expected, tmp_path):
    (tmp_path / "expected" / "events" / "p0.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="p0"):
        load_part(tmp_path / "expected", "p0")


@pytest.mark.parametrize("table", ["articles", "mentions", "events"])
def test_a_part_with_other_columns_is_named(folder, expected, tmp_path, table):
    path = tmp_path / "expected" / table / "p0.parquet"
    pd.read_parquet(path).drop(columns="lang", errors="ignore").assign(more=1).to_parquet(path)
    with pytest.raises(InputError, match=r"p0\.parquet has other columns"):
        load_part(tmp_path / "expected", "p0")


def test_two_parts_of_one_name_are_refused(folder):
    (folder / "p0.jsonl").write_text("{}")
    with pytest.raises(InputError, match="two parts are called p0"):
        find_parts([str(folder)])


@pytest.mark.parametrize("what", ["nowhere", "empty"])
def test_a_job_without_parts_is_refused(tmp_path, what):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"no such file|no part"):
        find_parts([str(tmp_path / what)])


def test_an_unknown_engine_is_refused(folder, tmp_path):
    with pytest.raises(ScaleError, match=", ".join(ENGINES)):
        run(folder, tmp_path, engine="spark")


@pytest.mark.parametrize(
    "options", [["--engine", "pool"], ["--workers", "2"], ["--parts", "--scheduler", "tcp://x:1"]]
)
def test_options_that_do_not_go_together_are_refused(folder, tmp_path, options):
    done = CliRunner().invoke(main, ["geocode", str(folder), "-o", str(tmp_path / "o"), *options])
    assert done.exit_code == 2
    assert "only" in done.output


def test_a_part_that_is_done_again_and_cut_off_does_not_look_done(
    folder, expected, tmp_path, monkeypatch
):
    """Half of the new tables and the old marker would be loaded as if they were one."""
    from geocode import parts

    out = tmp_path / "expected"
    (folder / "p1.jsonl").write_text('{"id": "1-0", "text": "قصف سرت"}', encoding="utf-8")
    real = parts._replace

    def cut_off(path, write):
        if path.parent.name == "mentions":
            raise KeyboardInterrupt
        real(path, write)

    monkeypatch.setattr(parts, "_replace", cut_off)
    with pytest.raises(KeyboardInterrupt):
        run_part(str(folder / "p1.jsonl"), str(out), Rules())
    assert not (out / DONE / "p1.json").exists()


def test_a_damaged_part_costs_no_other_part_its_loading(folder, expected, tmp_path):
    out = tmp_path / "expected"
    (out / "events" / "p0.parquet").write_bytes(b"PAR1")
    (out / DONE / "p1.json").write_text("{")
    done = CliRunner().invoke(main, ["load", str(out), "--store", str(tmp_path / "s.sqlite")])
    assert done.exit_code == 1
    assert "p0" in done.output
    assert "p1" in done.output
    assert "48 new" in done.output


def test_parts_of_which_nothing_could_be_read_end_with_2(tmp_path):
    (tmp_path / "bad.parquet").write_bytes(b"PAR1xxxx")
    command = ["geocode", "--parts", "--engine", "serial", str(tmp_path / "bad.parquet")]
    done = CliRunner().invoke(main, [*command, "-o", str(tmp_path / "o")])
    assert done.exit_code == 2


def test_a_named_file_that_is_no_part_is_refused(folder, tmp_path):
    (tmp_path / "c.csv").write_text("text\nx")
    with pytest.raises(InputError, match=r"c\.csv is no part"):
        find_parts([str(folder), str(tmp_path / "c.csv")])
