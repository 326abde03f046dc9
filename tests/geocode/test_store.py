"""The store keeps what it acknowledged, once, and can be read while it is written."""

import multiprocessing
import os
import signal
import sqlite3
import threading
import time
import traceback
from datetime import date

import pytest
import sqlalchemy as sa
from geopandas.testing import assert_geodataframe_equal

from geocode import (
    ArticleReader,
    LayerError,
    Selection,
    StoreError,
    geocode_articles,
    ingest_articles,
    make_article,
    open_store,
)
from geocode.errors import ArticleError
from geocode.store import Saved, tables
from geocode.store.tables import cell_of

TEXTS = [
    ("سيطر الجيش الوطني على سرت", "2020-01-07"),
    ("قصفت قوات حفتر مطار معيتيقة", "2020-02-28"),
    ("GNA forces captured Tarhuna", "2020-06-05"),
]


def articles():
    return [make_article(text, published=day) for text, day in TEXTS]


@pytest.fixture
def store(store_url):
    with open_store(store_url) as opened:
        yield opened


@pytest.fixture
def filled(store, reader):
    list(ingest_articles(articles(), store, reader=reader))
    return store


def test_a_layer_comes_back_as_it_went_in(filled, gazetteer):
    expected = geocode_articles(articles(), gazetteer=gazetteer)
    for layer in ("mentions", "events"):
        assert_geodataframe_equal(filled.layer(layer), getattr(expected, layer))


def test_articles_come_back_as_they_went_in(filled):
    assert list(filled.articles()) == articles()


def test_ingesting_twice_changes_nothing(filled, reader):
    before = (filled.count(), filled.changes(), filled.made_from())
    saved = sum(ingest_articles(articles(), filled, reader=reader), start=Saved())
    assert (saved.new, saved.changed, saved.known) == (0, 0, 3)
    assert (filled.count(), filled.changes(), filled.made_from()) == before


def test_an_edited_article_takes_the_place_of_the_old_one(store, reader):
    for text in ("قصف سرت", "قصف مصراتة وسرت"):
        list(ingest_articles([make_article(text, article_id="1")], store, reader=reader))
    assert store.count()["articles"] == 1
    assert store.layer("mentions")["text"].to_list() == ["مصراتة", "سرت"]


@pytest.mark.parametrize(
    ("selection", "places"),
    [
        (Selection(first_day=date(2020, 2, 1)), ["Mitiga Airport", "Tarhuna"]),
        (Selection(last_day=date(2020, 2, 1)), ["Sirte"]),
        (Selection(box=(16, 31, 17, 32)), ["Sirte"]),
        (Selection(event_type="capture"), ["Sirte", "Tarhuna"]),
        (Selection(side="GNA"), ["Tarhuna"]),
        (Selection(place_id="ly:mitiga"), ["Mitiga Airport"]),
        (Selection(place_id="'; DROP TABLE events--"), []),
    ],
)
def test_a_selection_gives_its_rows(filled, selection, places):
    assert filled.layer("events", selection)["place_name"].to_list() == places


@pytest.mark.parametrize(
    "given",
    [
        {"first_day": date(2020, 2, 1), "last_day": date(2020, 1, 1)},
        {"box": (17, 31, 16, 32)},
        {"box": (0, 95, 1, 99)},
    ],
)
def test_a_selection_that_holds_nothing_is_refused(given):
    with pytest.raises(LayerError):
        Selection(**given)


def test_a_box_across_the_180th_meridian_has_two_halves():
    assert Selection(box=(170, -10, -170, 10)).boxes == ((170, -10, 180, 10), (-180, -10, -170, 10))


def test_cells_reach_to_the_edges_of_the_world():
    assert cell_of(-180, -90) == 0
    assert cell_of(180, 90) == 179 * 360 + 359
    assert cell_of(-0.5, 0) != cell_of(0.5, 0)


def test_a_reader_is_not_stopped_by_a_writer(filled, store_url):
    with open_store(store_url, read_only=True) as viewer:
        counts = filled._backend.write(lambda _: viewer.count())
    assert counts["articles"] == 3


def test_a_viewer_cannot_write(filled, store_url):
    read = ArticleReader().read(make_article("قصف سرت اليوم"))
    rules = {read.article.article_id: "x"}
    with (
        open_store(store_url, read_only=True) as viewer,
        pytest.raises(StoreError, match=r"may not be written|reading only"),
    ):
        viewer.save([read], rules, {})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no database at all, only text " * 40, "not a Mihwar store|damaged"),
        (b"SQLite format 3\0" + b"\1" * 2000, "damaged|not a Mihwar store|failed"),
    ],
)
def test_what_is_no_store_is_refused_with_advice(tmp_path, content, message):
    path = tmp_path / "x.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        open_store(str(path))
    assert any(part in str(caught.value) for part in message.split("|"))


def set_schema(store, version):
    meta = tables.meta
    change = sa.update(meta).where(meta.c.name == "schema").values(value=version)
    store._backend.write(lambda connection: connection.execute(change))


def test_a_store_of_a_newer_version_is_refused(filled, store_url):
    set_schema(filled, "99")
    for read_only in (True, False):
        with pytest.raises(StoreError, match=r"version 99.*update Mihwar"):
            open_store(store_url, read_only=read_only)


def test_a_store_of_the_version_before_is_brought_forward(filled, store_url):
    for step in (
        "DROP TABLE quarantine",
        "DROP TABLE watched",
        "DROP INDEX ix_article_url",
        "ALTER TABLE article DROP COLUMN remarks",
    ):
        filled._backend.write(lambda c, step=step: c.exec_driver_sql(step))
    set_schema(filled, "3")
    with pytest.raises(StoreError, match="older version"):
        open_store(store_url, read_only=True)
    with open_store(store_url) as forward:
        assert forward.version() == tables.SCHEMA_VERSION
        assert list(forward.articles()) == articles()


def test_a_database_of_others_is_left_as_it_is(tmp_path):
    path = tmp_path / "other.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE foo (x)")
    connection.commit()
    with pytest.raises(StoreError, match="not a Mihwar store"):
        open_store(str(path))
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("foo",)]
    connection.close()


def test_an_article_that_cannot_be_read_costs_no_other(store, gazetteer):
    class Broken(ArticleReader):
        def _read(self, article):
            if "مصراتة" in article.text:
                raise ZeroDivisionError
            return super()._read(article)

    texts = ["قصف سرت", "قصف مصراتة", "قصف ترهونة"]
    refused = []
    list(
        ingest_articles(map(make_article, texts), store, reader=Broken(gazetteer), refused=refused)
    )
    assert (store.count()["articles"], len(refused)) == (2, 1)
    assert "ZeroDivisionError" in refused[0].reason


def test_a_closed_store_is_one_file(tmp_path, reader):
    """Nothing is left in the -wal file, so that the store can be copied."""
    path = tmp_path / "one.sqlite"
    with open_store(str(path)) as store:
        list(ingest_articles(articles(), store, reader=reader))
    (tmp_path / "copy.sqlite").write_bytes(path.read_bytes())
    with open_store(str(tmp_path / "copy.sqlite"), read_only=True) as copy:
        assert copy.count()["articles"] == 3


def test_the_files_of_a_store_say_what_made_them(filled, reader):
    made = filled.made_from()
    assert made["gazetteer"] == reader.made_from()["gazetteer"]
    assert made["generated_from"] == "3 articles"


def test_one_id_twice_in_a_batch_is_one_article(store, reader):
    twice = [make_article("قصف سرت", article_id="1"), make_article("قصف سرت", article_id="1")]
    list(ingest_articles(twice, store, reader=reader))
    assert store.count()["articles"] == 1


def test_a_missing_store_is_not_made_by_a_viewer(tmp_path):
    with pytest.raises(StoreError, match="mihwar ingest"):
        open_store(str(tmp_path / "none.sqlite"), read_only=True)
    assert not (tmp_path / "none.sqlite").exists()


@pytest.mark.loopback
@pytest.mark.parametrize(
    "url",
    [
        "mysql://me:secret@host/db",
        "postgresql://me:secret@127.0.0.1:1/db",
        "postgresql://me:secret@127.0.0.1:x/db",
        "postgresql://me:secret@127.0.0.1:1/db?password=secret",
    ],
)
def test_a_refusal_never_shows_a_password(url):
    with pytest.raises(StoreError) as caught:
        open_store(url)
    shown = "".join(traceback.format_exception(caught.value))
    assert "secret" not in str(caught.value)
    assert "secret" not in shown.split("raise StoreError")[-1]


def _ingest_forever(path, acknowledged):
    with open_store(path) as store:
        reader = ArticleReader()
        for i in range(100_000):
            article = make_article(f"قصف سرت رقم {i}", article_id=str(i), published="2020-01-07")
            for _ in ingest_articles([article], store, reader=reader):
                acknowledged.value = i + 1


@pytest.mark.slow
def test_a_killed_ingest_loses_nothing_it_acknowledged(store_url):
    """kill -9 in mid-ingest: every acknowledged article is there, with its mention; none by half."""
    context = multiprocessing.get_context("spawn")
    acknowledged = context.Value("i", 0)
    child = context.Process(target=_ingest_forever, args=(store_url, acknowledged))
    child.start()
    deadline = time.monotonic() + 60
    while acknowledged.value < 20 and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    with open_store(store_url, read_only=True) as store:
        counts = store.count()
    assert counts["articles"] >= acknowledged.value >= 20
    assert counts["mentions"] == counts["articles"]


def test_a_full_disk_is_told_and_costs_nothing_that_was_acknowledged(tmp_path, reader):
    with open_store(str(tmp_path / "full.sqlite")) as store:
        list(ingest_articles(articles(), store, reader=reader))
        pages = store._backend.write(lambda c: c.exec_driver_sql("PRAGMA page_count").scalar())
        store._backend.write(lambda c: c.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}"))
        many = [make_article(f"قصف سرت رقم {n} " * 200, article_id=f"m{n}") for n in range(20)]
        with pytest.raises(StoreError, match=r"the disk is full; free some space"):
            list(ingest_articles(many, store, reader=reader))
        assert store.count()["articles"] == 3
        store._backend.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count = 1000000"))
        list(ingest_articles(many, store, reader=reader))
        assert store.count()["articles"] == 23


@pytest.mark.slow
def test_two_ingests_at_once_lose_nothing_and_double_nothing(store_url, reader):
    open_store(store_url).close()
    faults = []

    def run(numbers):
        some = [make_article(f"قصف سرت رقم {n}", article_id=str(n)) for n in numbers]
        try:
            with open_store(store_url) as store:
                list(ingest_articles(some, store, reader=reader, batch=2))
        except StoreError as error:
            faults.append(str(error))

    threads = [threading.Thread(target=run, args=(n,)) for n in (range(12), range(6, 18))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with open_store(store_url, read_only=True) as store:
        counts = store.count()
    assert (counts["articles"], counts["mentions"], faults) == (18, 18, [])


def test_a_retry_lifts_no_ban_on_naming_files(tmp_path):
    """A list in an archive may name no file, neither at first nor when it is read again."""
    import zipfile

    from click.testing import CliRunner

    from dashboard.cli import main

    (tmp_path / "secret.txt").write_text("قصف سرت", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("list.jsonl", '{"file": "secret.txt"}')
    store = ["--store", str(tmp_path / "s.sqlite")]
    for command in (["ingest", str(tmp_path / "a.zip")], ["quarantine", "retry"]):
        done = CliRunner().invoke(main, [*command, *store])
        assert "only lists named on the command line" in done.output
    with open_store(str(tmp_path / "s.sqlite"), read_only=True) as opened:
        assert opened.count()["articles"] == 0


@pytest.mark.parametrize("name", ["article_id", "url"])
def test_a_name_that_no_index_takes_is_refused_before_the_store(name):
    with pytest.raises(ArticleError, match="more than 2000 bytes"):
        make_article("قصف سرت", **{name: "https://e.org/" + "ا" * 1500})
