"""
Break a store in every way, on SQLite and PostgreSQL, and count what is lost.

Run as ``python benchmarks/faults.py [ROUNDS]`` as root (a small file system is mounted for the full
disk; PostgreSQL is started as its own user). Each round of kill -9 starts a process that ingests
reports batch by batch and tells which are acknowledged, and kills it after a time drawn at random;
then all that were acknowledged have to be there, each whole, and none half.
"""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from postgres import Cluster

from geocode import ArticleReader, StoreError, ingest_articles, make_article, open_store
from geocode.article import Article

BATCH = 5
_TOWNS = ("سرت", "مصراتة", "ترهونة", "غريان")
_MANY = " ".join(f"قصفت طائرات مجهولة مدينة {town}." for town in _TOWNS * 5)


def article(number: int) -> Article:
    """Make a report with twenty mentions."""
    return make_article(f"{_MANY} رقم {number}", article_id=f"{number:06}", published="2020-01-07")


def ingest(url: str, first: int, acknowledged: Any) -> None:  # noqa: ANN401 (a shared number)
    """Ingest for ever, and tell up to where it is acknowledged."""
    reader = ArticleReader()
    with open_store(url) as store:
        for start in range(first, first + 100_000, BATCH):
            articles = [article(n) for n in range(start, start + BATCH)]
            for _ in ingest_articles(articles, store, reader=reader, batch=BATCH):
                acknowledged.value = start + BATCH


def check(url: str) -> tuple[set[str], int]:
    """Give the articles that are there, and how many of them are half."""
    with open_store(url, read_only=True) as store:
        names = {a.article_id for a in store.articles()}
        counts = store.layer("mentions").groupby("article_id").size()
        half = sum(int(counts.get(name, 0)) != 4 * 5 for name in names)
        return names, half + len(set(counts.index) - names)


def kill_rounds(url: str, rounds: int) -> str:
    """Kill an ingest again and again on one store that grows."""
    draw = random.Random(1)  # noqa: S311 (drawn for a benchmark)
    context = multiprocessing.get_context("spawn")
    open_store(url).close()
    done, lost, half, unreadable = 0, 0, 0, 0
    for _ in range(rounds):
        acknowledged = context.Value("i", done)
        child = context.Process(target=ingest, args=(url, done, acknowledged))
        child.start()
        deadline = time.monotonic() + 60
        while acknowledged.value == done and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(draw.uniform(0, 0.8))
        os.kill(child.pid or 0, signal.SIGKILL)
        child.join()
        try:
            names, halves = check(url)
        except StoreError as error:
            print(error)
            unreadable += 1
            continue
        lost += len({f"{n:06}" for n in range(acknowledged.value)} - names)
        half += halves
        done = max(done, acknowledged.value)
    return (
        f"{rounds} rounds, {done} acknowledged, {lost} lost, {half} half, {unreadable} unreadable"
    )


def two_at_once(url: str) -> str:
    """Two processes ingest the same reports and some of their own at once."""
    context = multiprocessing.get_context("spawn")
    open_store(url).close()
    ranges = (range(60), range(30, 90))
    children = [context.Process(target=_ingest_range, args=(url, numbers)) for numbers in ranges]
    for child in children:
        child.start()
    for child in children:
        child.join()
    names, half = check(url)
    codes = [child.exitcode for child in children]
    return f"exit codes {codes}, {len(names)} of 90 there, {half} half or double"


def _ingest_range(url: str, numbers: range) -> None:
    with open_store(url) as store:
        list(ingest_articles(map(article, numbers), store, reader=ArticleReader(), batch=BATCH))


@contextmanager
def small_disk(size_mb: int) -> Iterator[Path]:
    """Mount a file system of some megabytes."""
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "none", name], check=True)
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "-l", name], check=True)


def disk_full(url: str, fill: Path, free: Callable[[], None], leave_bytes: int) -> str:
    """Ingest until the disk is full, make room, and go on."""
    reader = ArticleReader()
    done, told = 0, "it was never full"
    with suppress(OSError), fill.open("wb") as file:
        while file.write(b"\0" * 65_536):
            file.flush()
    os.truncate(fill, max(fill.stat().st_size - leave_bytes, 0))
    try:
        with open_store(url) as store:
            for start in range(0, 5_000, BATCH):
                some = [article(n) for n in range(start, start + BATCH)]
                list(ingest_articles(some, store, reader=reader, batch=BATCH))
                done = start + BATCH
    except StoreError as error:
        told = str(error)
    free()
    with open_store(url) as store:
        some = [article(n) for n in range(done, done + BATCH)]
        list(ingest_articles(some, store, reader=reader, batch=BATCH))
    names, half = check(url)
    lost = len({f"{n:06}" for n in range(done + BATCH)} - names)
    return f"{done} acknowledged before, {lost} lost, {half} half after going on; told: {told}"


def refusal(work: Callable[[], object]) -> str:
    """Give what is told of something that cannot be done."""
    try:
        work()
    except StoreError as error:
        return str(error)
    return "nothing was told"


def sqlite_faults(rounds: int) -> None:
    """Break a store in a file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("sqlite kill -9:", kill_rounds(str(folder / "k.sqlite"), rounds))
        print("sqlite two at once:", two_at_once(str(folder / "t.sqlite")))
        with small_disk(8) as disk:
            url = str(disk / "s.sqlite")
            open_store(url).close()
            (disk / "reserve").write_bytes(b"\0" * 3_000_000)
            fill = disk / "fill"
            (disk / "reserve").rename(disk / "kept")

            def free() -> None:
                fill.unlink()
                (disk / "kept").unlink()

            print("sqlite disk full:", disk_full(url, fill, free, 2_000_000))
        damaged = folder / "t.sqlite"
        data = bytearray(damaged.read_bytes())
        data[len(data) // 3 : len(data) // 3 + 40_000] = b"\xff" * 40_000
        damaged.write_bytes(data)
        print("sqlite damaged:", refusal(lambda: check(str(damaged))))
        missing = str(folder / "none" / "s.sqlite")
        print("sqlite missing:", refusal(lambda: open_store(missing, read_only=True)))


def postgres_faults(rounds: int) -> None:
    """Break a store in PostgreSQL, run durably as Debian does."""
    cluster = Cluster(durable=True)
    try:
        print("postgresql kill -9:", kill_rounds(cluster.new_database(), rounds))
        two = cluster.new_database()
        print("postgresql two at once:", two_at_once(two))
        print("postgresql restarted:", _restarted(cluster))
        database = two.rsplit("/", 1)[1]
        where = cluster.sql(database, "SELECT pg_relation_filepath('mentions')").strip()
        cluster.stop()
        with (cluster.data / where).open("r+b") as file:
            file.seek(8192)
            file.write(b"\xff" * 8192)
        cluster.start()
        print("postgresql damaged:", refusal(lambda: check(two)))
        cluster.stop()
        print("postgresql gone:", refusal(lambda: open_store(two)))
        cluster.start()
    finally:
        cluster.remove()
    _postgres_disk_full()


def _postgres_disk_full() -> None:
    with small_disk(200) as disk:
        os.environ["TMPDIR"] = str(disk)
        tempfile.tempdir = None
        full = Cluster(durable=True)
        del os.environ["TMPDIR"]
        tempfile.tempdir = None
        try:
            url = full.new_database()
            open_store(url).close()
            fill, kept = disk / "fill", disk / "kept"
            kept.write_bytes(b"\0" * 40_000_000)

            def free() -> None:
                fill.unlink()
                kept.unlink()
                # Without room for its log the server stops; whoever runs it starts it again.
                with suppress(RuntimeError):
                    full.start()

            print("postgresql disk full:", disk_full(url, fill, free, 8_000_000))
        finally:
            full.remove()


def _restarted(cluster: Cluster) -> str:
    url = cluster.new_database()
    reader = ArticleReader()
    done = 0
    restarts = 3

    def restart() -> None:
        for _ in range(restarts):
            time.sleep(1.5)
            cluster.stop("immediate")
            time.sleep(0.5)
            cluster.start()

    with open_store(url) as store:
        thread = threading.Thread(target=restart)
        thread.start()
        while thread.is_alive() or done < 100:  # noqa: PLR2004 (some more after the last)
            some = [article(n) for n in range(done, done + BATCH)]
            list(ingest_articles(some, store, reader=reader, batch=BATCH))
            done += BATCH
        thread.join()
    names, half = check(url)
    lost = len({f"{n:06}" for n in range(done)} - names)
    return f"{restarts} times in {done} reports, {lost} lost, {half} half or double"


def main() -> None:
    """Print what is lost."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    print(f"SQLAlchemy {sa.__version__}, {os.cpu_count()} cores")
    sqlite_faults(rounds)
    postgres_faults(rounds)


if __name__ == "__main__":
    main()
