"""
Measure how fast articles are read and how long commands take to start.

Run as ``python benchmarks/reading.py``; prints a Markdown table.
"""

import resource
import subprocess
import sys
import time
from importlib import resources

from geocode import ArticleReader, read_articles

ROUNDS = 20


def main() -> None:
    """Print the table."""
    print("| what | figure |")
    print("|---|---|")
    start = time.perf_counter()
    reader = ArticleReader()
    print(f"| gazetteer and matcher ready | {time.perf_counter() - start:.2f} s |")
    with resources.as_file(resources.files("dashboard.sample") / "reports.jsonl") as path:
        articles = list(read_articles(path))
    for article in articles:
        reader.read(article)
    start = time.perf_counter()
    for _ in range(ROUNDS):
        for article in articles:
            reader.read(article)
    seconds = time.perf_counter() - start
    count = ROUNDS * len(articles)
    size_mb = ROUNDS * sum(len(a.text.encode()) for a in articles) / 1e6
    print(f"| articles read a second (sample reports, one core) | {count / seconds:.0f} |")
    print(f"| text read a second | {size_mb / seconds * 1000:.0f} kB |")
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| peak memory | {peak_mb:.0f} MB |")
    for args in (["--version"], ["gazetteer", "search", "Sirte"]):
        start = time.perf_counter()
        command = [sys.executable, "-m", "dashboard.cli", *args]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (our own command)
        print(f"| `mihwar {' '.join(args)}` | {time.perf_counter() - start:.1f} s |")


if __name__ == "__main__":
    main()
