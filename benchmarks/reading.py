"""
Measure how fast articles are read, how long commands take to come up, and how much they need.

Run as ``make bench`` or ``python benchmarks/reading.py``; prints Markdown tables. The texts are the
bundled sample reports joined to articles of about 5 KB, so that anybody can run it; reports of your
own in their stead: ``python benchmarks/reading.py articles.jsonl``. flashgeotext and geotext are
measured on the same texts with the same names where they are installed.
"""

import gc
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from gazetteer import Gazetteer, NameMatcher, load_gazetteer
from geocode import ArticleReader, make_article, read_articles
from geocode.document import make_document
from geocode.language_rules import load_language
from geocode.mention import MentionFinder

ARTICLES = 120
ARTICLE_BYTES = 5000
ROUNDS = 3
HARD_KB = 100
# What a long article of one's own is cut to, in characters, so that all come to about 5 KB.
_PIECE = 900


def main() -> None:
    """Print the tables."""
    texts = _texts(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    size_mb = sum(len(text.encode()) for text in texts) / 1e6
    gazetteer = load_gazetteer()
    matcher = NameMatcher(gazetteer)
    names = sum(len(matcher.find(text)) for text in texts) / len(texts)
    print(
        f"{len(texts)} Arabic articles of {size_mb * 1e3 / len(texts):.1f} KB, "
        f"{names:.0f} names each\n"
    )
    print(f"| what | MB/s | articles of {ARTICLE_BYTES / 1e3:.0f} KB a second |")
    print("|---|---|---|")
    whole = "\n".join(texts)
    _row("fold, scan and filter, article by article", size_mb, _each(matcher.find, texts))
    _row("fold, scan and filter, one text of all", size_mb, lambda: matcher.find(whole))
    for label, find in _others(gazetteer):
        _row(label, size_mb, _each(find, texts))
    finder, rules = MentionFinder(gazetteer), load_language("ar")
    articles = [make_article(text, published="2020-01-01", lang="ar") for text in texts]
    _row(
        "mentions with all clues, from the text",
        size_mb,
        _each(lambda article: finder.find(make_document(article), rules), articles),
    )
    reader = ArticleReader(gazetteer)
    _row("the whole pipeline", size_mb, _each(reader.read, articles))
    _hard_inputs(reader)
    _commands()


def _texts(own: Path | None = None) -> list[str]:
    """Join Arabic reports, in an order drawn with a fixed seed, to longer articles."""
    with resources.as_file(resources.files("dashboard.sample") / "reports.jsonl") as sample:
        reports = [a.text for a in read_articles(own or sample) if a.lang == "ar"]
    if own is not None:
        reports = [text[i : i + _PIECE] for text in reports for i in range(0, len(text), _PIECE)]
    draw = random.Random(1)  # noqa: S311 (drawn for a benchmark)
    texts = []
    for _ in range(ARTICLES):
        text = ""
        while len(text.encode()) < ARTICLE_BYTES:
            text += draw.choice(reports) + "\n"
        texts.append(text)
    return texts


def _each(call: Callable[[Any], object], things: list[Any]) -> Callable[[], None]:
    def run() -> None:
        for thing in things:
            call(thing)

    return run


def _row(label: str, size_mb: float, call: Callable[[], object]) -> None:
    seconds = _best(call)
    mb_a_second = size_mb / seconds
    print(f"| {label} | {mb_a_second:.2f} | {mb_a_second * 1e6 / ARTICLE_BYTES:.0f} |")


def _best(call: Callable[[], object]) -> float:
    """Give the shortest of some runs, after one that fills what is remembered."""
    call()
    gc.freeze()  # as `mihwar` does: what one alternative keeps does not slow down the next
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def _others(gazetteer: Gazetteer) -> Iterator[tuple[str, Callable[[str], object]]]:
    """Give the alternatives that are installed, with the names of this gazetteer."""
    names = {place.place_id: list(place.names) for place in gazetteer}
    try:
        from flashgeotext.config import GeoTextConfiguration
        from flashgeotext.geotext import GeoText
        from flashgeotext.lookup import LookupData
    except ImportError:
        print("| flashgeotext: not installed | | |")
    else:
        flash = GeoText(GeoTextConfiguration(use_demo_data=False))
        flash.add(LookupData(name="places", data=names))
        yield "flashgeotext 0.5.5, same names", flash.extract
    try:
        from geotext import GeoText as OldGeoText
    except ImportError:
        print("| geotext: not installed | | |")
    else:
        # Its own names: it takes no others, and finds capitalised Latin words only.
        yield "geotext 0.4.0, its own names (Latin only)", OldGeoText


def _hard_inputs(reader: ArticleReader) -> None:
    """Print how long texts take that are made to be slow."""
    size = HARD_KB * 1000
    hard = {
        "one word over and over": "طرابلس ",
        "one sentence of acts": "قصفت قوات حفتر طرابلس وسرت ",
        "short sentences": "قال. ",
        "names in a list": "سرت، ",
        "runs of letters": "ا",
        "numbers": "12 ",
        "quotation marks": "«» ",
        "speech after speech": "وقال المسماري إن ",
        "dates": "أمس السبت 4 أبريل ",
        "head nouns": "مدينة بلدة ",
        "vowel signs": "طَ",
    }
    print("\n| hard input of 100 KB | seconds |")
    print("|---|---|")
    for label, piece in hard.items():
        text = (piece * size)[: size // len(piece.encode()) * len(piece)]
        article = make_article(text, published="2020-01-01", lang="ar")
        start = time.perf_counter()
        reader.read(article)
        print(f"| {label} | {time.perf_counter() - start:.2f} |")


def _commands() -> None:
    """Print how long commands take, and how much memory."""
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("\n| command | seconds |")
    print("|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "report.txt"
        text.write_text("اندلعت اشتباكات في سرت", encoding="utf-8")
        geocode = ["geocode", str(text), "-o", folder, "--quiet", "--published", "2020-01-01"]
        calls = {
            "import geopandas": ["-c", "import geopandas"],
            "mihwar geocode, one short article": ["-m", "dashboard.cli", *geocode],
            "mihwar --version": ["-m", "dashboard.cli", "--version"],
            "mihwar gazetteer search Sirte": [
                "-m",
                "dashboard.cli",
                "gazetteer",
                "search",
                "Sirte",
            ],
        }
        for label, args in calls.items():
            seconds = _best(
                lambda args=args: subprocess.run(
                    [sys.executable, *args], check=True, capture_output=True
                )
            )
            print(f"| {label} | {seconds:.2f} |")
    children_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\nPeak memory: this process {peak_mb:.0f} MB, a command {children_mb:.0f} MB.")


if __name__ == "__main__":
    main()
