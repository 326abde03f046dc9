"""
Measure large jobs: articles of our own making through a pool and Dask, and who dies on the way.

Run as ``python benchmarks/parts.py [COUNT...]`` (10000 30000 100000). Articles are made of the
sentences of the bundled sample reports, drawn at random, in parts of 1,000; each job is the command
``mihwar geocode --parts`` in a process of its own. Then a worker, and after it the driver, of a job
is killed, and what comes out in the end is compared byte by byte with an undisturbed job.
"""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import psutil

from gazetteer.reader import PLACE_COLUMNS

PART = 1000
COUNTS = (10_000, 30_000, 100_000)
_SENTENCES = 3


@dataclass
class Job:
    """What a job took."""

    seconds: float
    peak_mb: float


def make_parts(folder: Path, count: int) -> None:
    """Make parts of articles."""
    draw = random.Random(11)  # noqa: S311 (drawn for a benchmark)
    text = (resources.files("dashboard.sample") / "reports.jsonl").read_text(encoding="utf-8")
    reports = [json.loads(line) for line in text.splitlines()]
    arabic = [r for r in reports if re.search(r"[\u0621-\u064a]", r["text"][:40])]
    sentences = [s for r in arabic for s in re.split(r"(?<=[.\n])\s+", r["text"]) if len(s) > 20]  # noqa: PLR2004 (no scraps)
    folder.mkdir()
    for part in range(count // PART):
        with (folder / f"part-{part:05}.jsonl").open("w", encoding="utf-8") as file:
            for number in range(PART):
                report = draw.choice(arabic)
                row = {
                    "id": f"{part:05}-{number:04}",
                    "text": " ".join(draw.choices(sentences, k=_SENTENCES)),
                    "published": report.get("published"),
                    "outlet": report.get("outlet"),
                }
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


def command(source: Path, output: Path, engine: str) -> list[str]:
    """Give the command of a job."""
    return [
        sys.executable, "-m", "dashboard.cli", "geocode", "--parts", "--engine", engine,
        "--workers", str(os.cpu_count()), str(source), "-o", str(output), "--quiet",
    ]  # fmt: skip


def run(source: Path, output: Path, engine: str) -> Job:
    """Run a job, and look at the memory of its largest process."""
    started = time.monotonic()
    process = subprocess.Popen(command(source, output, engine), stderr=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _largest_mb(process.pid))
        time.sleep(0.25)
    if process.returncode:
        print(f"{engine} ended with {process.returncode}")
    return Job(time.monotonic() - started, peak)


def _largest_mb(pid: int) -> float:
    try:
        parent = psutil.Process(pid)
        return max(p.memory_info().rss for p in [parent, *parent.children(recursive=True)]) / 1e6
    except psutil.Error:
        return 0.0


def same(one: Path, other: Path) -> str:
    """Say whether two jobs have the same files with the same bytes."""
    found = [
        {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        for folder in (one, other)
    ]
    differ = [
        str(n) for n in found[0].keys() | found[1].keys() if found[0].get(n) != found[1].get(n)
    ]
    return f"{len(found[0])} files, {len(differ)} differ {differ[:3]}"


def killed(source: Path, output: Path, engine: str) -> str:
    """Kill a worker in the middle, then the driver, and start again."""
    process = subprocess.Popen(command(source, output, engine), stderr=subprocess.DEVNULL)
    done = output / "_done"
    _wait_for(done, 2, process)
    workers = _workers(process.pid)
    os.kill(workers[0].pid, signal.SIGKILL)
    _wait_for(done, 5, process)
    kept = len(list(done.glob("*.json")))
    process.kill()
    process.wait()
    time.sleep(3)
    left = [worker for worker in workers if worker.is_running()]
    if left:
        print(f"{engine}: {len(left)} workers outlive their driver")
    again = subprocess.run(command(source, output, engine), stderr=subprocess.DEVNULL, check=False)
    # What a killed worker was writing lies under a name that no reader takes.
    for left in output.rglob("_*.*.*"):
        left.unlink()
    return f"{kept} parts were there when the driver died, then exit code {again.returncode}"


def _workers(pid: int) -> list[psutil.Process]:
    """Give the processes that read, those with the most memory first."""
    found = psutil.Process(pid).children(recursive=True)
    return sorted(found, key=lambda p: -p.memory_info().rss)


def _wait_for(folder: Path, count: int, process: subprocess.Popen[bytes]) -> None:
    while len(list(folder.glob("*.json"))) < count and process.poll() is None:
        time.sleep(0.05)


def main() -> None:
    """Print the tables."""
    counts = [int(a) for a in sys.argv[1:]] or list(COUNTS)
    print("| articles | MB | engine | seconds | articles/s | largest process MB | over pool |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in counts:
            source = folder / f"in-{count}"
            make_parts(source, count)
            size = sum(p.stat().st_size for p in source.iterdir()) / 1e6
            pool = 0.0
            for engine in ("pool", "dask"):
                job = run(source, folder / f"{engine}-{count}", engine)
                pool = pool or job.seconds
                figures = (
                    f"{count:,}", f"{size:.0f}", engine, f"{job.seconds:.1f}",
                    f"{count / job.seconds:.0f}", f"{job.peak_mb:.0f}",
                    f"{job.seconds / pool - 1:+.0%}",
                )  # fmt: skip
                print(f"| {' | '.join(figures)} |", flush=True)
            print("same bytes:", same(folder / f"pool-{count}", folder / f"dask-{count}"))
            if count != counts[0]:
                shutil.rmtree(source)
                for engine in ("pool", "dask"):
                    shutil.rmtree(folder / f"{engine}-{count}")
        first = counts[0]
        for engine in ("pool", "dask"):
            told = killed(folder / f"in-{first}", folder / f"killed-{engine}", engine)
            alike = same(folder / f"pool-{first}", folder / f"killed-{engine}")
            print(f"{engine}, a worker and the driver killed: {told}; {alike}")
        gazetteers(folder / f"in-{first}", folder)


def gazetteers(source: Path, folder: Path) -> None:
    """Measure one process on a tenth of the articles with gazetteers of several sizes."""
    some = folder / "some"
    some.mkdir()
    for part in sorted(source.iterdir())[:2]:
        shutil.copy(part, some)
    for extra in (0, 10_000, 100_000):
        pack = folder / f"pack-{extra}.csv"
        _make_pack(pack, extra)
        os.environ["MIHWAR_PACKS"] = str(pack) if extra else ""
        started = time.monotonic()
        cpu = threading.Thread(target=run, args=(some, folder / f"g-{extra}", "serial"))
        cpu.start()
        cpu.join()
        print(f"serial, 2,000 articles, {extra} more places: {time.monotonic() - started:.1f} s")
    os.environ.pop("MIHWAR_PACKS")


def _make_pack(path: Path, count: int) -> None:
    """Make places with names that no text has."""
    draw = random.Random(5)  # noqa: S311 (drawn for a benchmark)
    letters = "بتثجحخدذرزسشصضطظعغفقكلمنهوي"
    rows = [",".join(PLACE_COLUMNS)]
    for number in range(count):
        name = "".join(draw.choices(letters, k=8))
        where = f"{draw.uniform(24, 32):.4f},{draw.uniform(11, 24):.4f}"
        rows.append(f"b:{number},town,Made {number} {name},{name},,,,{where},5,0,,LY,made up,")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
