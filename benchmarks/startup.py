"""Measure how long each command takes to do the least it can: five times, the median."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib import resources
from pathlib import Path

ROUNDS = 5


def main() -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {"HOME": name, "MIHWAR_STORE": str(folder / "s.sqlite")}
        (folder / "a.txt").write_text("سيطر الجيش الوطني على مدينة سرت", encoding="utf-8")
        (folder / "w.toml").write_text(f'[[folder]]\npath = "{folder}"\n', encoding="utf-8")
        sample = resources.files("dashboard.sample") / "reports.jsonl"
        _run(["ingest", str(sample)], folder)
        commands: dict[str, list[str]] = {
            "--version": ["--version"],
            "--help": ["--help"],
            "geocode, one report": ["geocode", "a.txt", "-o", "out"],
            "ingest, one report that is known": ["ingest", str(folder / "a.txt")],
            "export of 125 reports": ["export", "--layer", "events", "-o", "x.geojson"],
            "share of 125 reports": ["share", "-o", "x.html"],
            "control on a day": ["control", "--on", "2020-01-07"],
            "compare two days": ["compare", "--from", "2020-01-01", "--to", "2020-06-01"],
            "gazetteer search": ["gazetteer", "search", "سرت"],
            "quarantine list": ["quarantine", "list"],
            "watch --once, a folder": ["watch", "w.toml", "--once"],
        }
        print("| command | seconds |\n|---|---|")
        for label, command in commands.items():
            times = [_run(command, folder) for _ in range(ROUNDS)]
            print(f"| {label} | {statistics.median(times):.2f} |", flush=True)
        for command in ("serve", "demo"):
            times = [_serve(command, folder) for _ in range(3)]
            print(f"| {command}, until it answers | {statistics.median(times):.2f} |", flush=True)


def _run(command: list[str], folder: Path) -> float:
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "dashboard.cli", *command],
        cwd=folder, capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        print(f"{command}: {done.stderr.decode()[:300]}")
    return time.perf_counter() - started


def _serve(command: str, folder: Path) -> float:
    import urllib.request

    started = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", command, "--port", "18901"],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while server.poll() is None:
            try:
                urllib.request.urlopen("http://127.0.0.1:18901/_stcore/health", timeout=2).read()
                return time.perf_counter() - started
            except OSError:
                time.sleep(0.02)
        return float("nan")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
