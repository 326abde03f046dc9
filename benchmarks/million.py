"""
Measure a month in a box of 1,000,000 stored mentions: SQLite, PostgreSQL, GeoPackage, GeoParquet.

Run as ``python benchmarks/million.py [ROWS]``. Rows are made up: 20,000 places from the Atlas to
the Zagros, two years, as in the design notes, so that a month in a box of 7 by 5.5 degrees holds
about 950 rows. Each question is asked 30 times after one that is not counted, with another month
each time, and gives a GeoDataFrame with all columns of the layer.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import sqlalchemy as sa
from shapely.geometry import box

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from postgres import Cluster

from geocode import Selection, Store, open_store
from geocode.schema import layer_columns
from geocode.store import tables
from geocode.store.bulk import insert_rows

ROWS = 1_000_000
PLACES = 20_000
PER_ARTICLE = 4
ROUNDS = 30
FIRST = date(2019, 1, 1)
DAYS = 730
BOX = (13.0, 28.0, 20.0, 33.5)
_BATCH = 20_000


def made_up(count: int) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """Give articles and mentions, some thousand at a time."""
    draw = random.Random(7)  # noqa: S311 (drawn for a benchmark)
    places = [
        (f"p{n}", round(draw.uniform(-10, 50), 5), round(draw.uniform(10, 38), 5))
        for n in range(PLACES)
    ]
    articles: list[dict[str, Any]] = []
    mentions: list[dict[str, Any]] = []
    for number in range(count // PER_ARTICLE):
        name = f"a{number:07}"
        day = (FIRST + timedelta(days=draw.randrange(DAYS))).isoformat()
        articles.append(
            {
                "article_id": name, "content_hash": name, "rules": "b", "text": "نص", "title": "",
                "published": day, "published_at": day, "outlet": "o", "url": "", "lang": "ar",
                "remarks": "",
            }
        )  # fmt: skip
        mentions += [_mention(name, n, day, draw.choice(places)) for n in range(PER_ARTICLE)]
        if len(mentions) >= _BATCH:
            yield articles, mentions
            articles, mentions = [], []
    if mentions:
        yield articles, mentions


def _mention(
    article: str, number: int, day: str, place: tuple[str, float, float]
) -> dict[str, Any]:
    place_id, lon, lat = place
    row: dict[str, Any] = dict.fromkeys(column.name for column in layer_columns("mentions"))
    row |= {
        "article_id": article, "mention_id": f"{article}-{number}", "start": number * 10,
        "end": number * 10 + 5, "text": "سرت", "place_id": place_id, "place_name": "Sirte",
        "place_name_ar": "سرت", "kind": "town", "country": "LY", "role": "event", "lat": lat,
        "lon": lon, "precision_km": 5.0, "score": 0.98, "candidates": "[]", "reason": "its name",
        "corrected": False, "front_line": number % 2 == 0, "sentence_start": 0,
        "sentence_end": 60, "published": day, "outlet": "o",
    }  # fmt: skip
    return {**row, "x": lon, "y": lat, "cell": tables.cell_of(lon, lat)}


def fill(store: Store, count: int) -> float:
    """Fill a store past the reading; give the seconds."""
    started = time.monotonic()
    for articles, mentions in made_up(count):

        def work(connection: sa.Connection, a: Any = articles, m: Any = mentions) -> None:  # noqa: ANN401
            insert_rows(connection, tables.article, a)
            insert_rows(connection, tables.tables["mentions"], m)

        store._backend.write(work)  # noqa: SLF001 (the bulk path itself is asked for)
    store._backend.write(lambda c: c.exec_driver_sql("ANALYZE"))  # noqa: SLF001
    return time.monotonic() - started


def months() -> list[tuple[date, date]]:
    """Give a month for each round."""
    draw = random.Random(3)  # noqa: S311 (drawn for a benchmark)
    starts = [FIRST + timedelta(days=draw.randrange(DAYS - 31)) for _ in range(ROUNDS + 1)]
    return [(day, day + timedelta(days=29)) for day in starts]


def ask(name: str, question: Callable[[date, date], gpd.GeoDataFrame], rounds: int) -> None:
    """Ask, and print the figures."""
    times, rows = [], []
    for first, last in months()[: rounds + 1]:
        started = time.perf_counter()
        found = question(first, last)
        times.append((time.perf_counter() - started) * 1000)
        rows.append(len(found))
    warm = sorted(times[1:])
    p95 = warm[int(len(warm) * 0.95)]
    print(f"| {name} | {statistics.median(warm):.0f} | {p95:.0f} | {statistics.mean(rows):.0f} |")


def month_in_box(store: Store) -> Callable[[date, date], gpd.GeoDataFrame]:
    """Ask a store as an export does."""
    return lambda first, last: store.layer(
        "mentions", Selection(first_day=first, last_day=last, box=BOX)
    )


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cluster = Cluster()
        try:
            with (
                open_store(str(folder / "s.sqlite")) as sqlite,
                open_store(cluster.new_database()) as postgres,
            ):
                print(f"filled: SQLite {fill(sqlite, count):.0f} s", end=", ")
                print(f"PostgreSQL {fill(postgres, count):.0f} s")
                size = (folder / "s.sqlite").stat().st_size / 1e6
                print(f"SQLite {size:.0f} MB\n\n| store | median ms | p95 ms | rows |")
                print("|---|---|---|---|")
                ask("SQLite", month_in_box(sqlite), ROUNDS)
                ask("PostgreSQL", month_in_box(postgres), ROUNDS)
                everything = sqlite.layer("mentions")
        finally:
            cluster.remove()
        files(everything, folder)


def files(everything: gpd.GeoDataFrame, folder: Path) -> None:
    """Ask the same of files beside the stores."""
    everything = everything.assign(published=everything["published"].astype("str"))
    everything.to_file(folder / "m.gpkg", layer="m", driver="GPKG")
    everything.sort_values("published").to_parquet(
        folder / "m.parquet", write_covering_bbox=True, row_group_size=10_000
    )

    def geopackage(first: date, last: date) -> gpd.GeoDataFrame:
        where = f"published >= '{first}' AND published <= '{last}'"
        return gpd.read_file(folder / "m.gpkg", bbox=BOX, where=where)

    def geoparquet(first: date, last: date) -> gpd.GeoDataFrame:
        days = [("published", ">=", str(first)), ("published", "<=", str(last))]
        found = gpd.read_parquet(folder / "m.parquet", bbox=BOX, filters=days)
        return found[found.intersects(box(*BOX))]

    ask("GeoPackage (pyogrio)", geopackage, 10)
    ask("GeoParquet (bbox column, sorted by day)", geoparquet, 10)
    print(f"pandas {pd.__version__}, geopandas {gpd.__version__}, SQLAlchemy {sa.__version__}")


if __name__ == "__main__":
    main()
