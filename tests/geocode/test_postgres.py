"""What PostgreSQL has that an SQLite file has not: roles, geometry, COPY, restarts."""

import re
import threading
import time
from pathlib import Path

import pytest
from postgres import Cluster

from geocode import StoreError, ingest_articles, make_article, open_store

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy.md"
MANY = " ثم ".join(f"قصفت طائرات مجهولة {town}." for town in ("سرت", "مصراتة", "ترهونة") * 90)


def name_of(url):
    return url.rsplit("/", 1)[1]


def articles(count):
    return [
        make_article(f"قصف سرت رقم {n}", article_id=str(n), published="2020-01-07")
        for n in range(count)
    ]


@pytest.fixture
def url(cluster):
    return cluster.new_database()


def test_postgis_sees_the_points(cluster, url, reader):
    with open_store(url) as store:
        list(
            ingest_articles([make_article("قصف سرت", published="2020-01-07")], store, reader=reader)
        )
    box = "ST_MakeEnvelope(16, 31, 17, 32, 4326)"
    seen = (
        f"SELECT count(*) FROM mentions WHERE geom && {box} AND ST_X(geom) = x AND ST_Y(geom) = y"
    )
    assert len(cluster.sql(name_of(url), seen).split()) == 1


def test_many_rows_go_by_copy_and_come_back_as_from_a_file(url, tmp_path, reader):
    article = make_article(MANY, article_id="many", published="2020-01-07")
    found = {}
    for address in (url, str(tmp_path / "s.sqlite")):
        with open_store(address) as store:
            list(ingest_articles([article], store, reader=reader))
            found[address] = [store.layer(name).to_json() for name in ("mentions", "events")]
    assert len(set(map(str, found.values()))) == 1
    assert found[url][0].count('"mention_id"') > 200


def test_the_roles_of_the_manual_are_what_is_needed(cluster, url, reader):
    (sql,) = re.findall(r"```sql\n(.+?)```", DEPLOY.read_text(encoding="utf-8"), re.DOTALL)
    cluster.sql(name_of(url), sql)
    ingest = cluster.url(name_of(url), "mihwar_ingest", "change-me-1")
    viewer = cluster.url(name_of(url), "mihwar_viewer", "change-me-2")
    with open_store(ingest) as store:
        list(ingest_articles(articles(2), store, reader=reader))
    with open_store(viewer, read_only=True) as store:
        assert store.count()["articles"] == 2
    with (
        pytest.raises(StoreError, match=r"reading only|lacks rights"),
        open_store(viewer) as store,
    ):
        store.save([reader.read(articles(3)[-1])], {"2": "x"}, {})


def test_tables_of_others_are_left_as_they_are(cluster, url):
    cluster.sql(name_of(url), "CREATE TABLE article (x int)")
    with pytest.raises(StoreError, match=r"others called article"):
        open_store(url)
    assert cluster.sql(name_of(url), "SELECT count(*) FROM article").strip() == "0"


@pytest.mark.slow
@pytest.mark.loopback
def test_a_restart_in_the_middle_of_an_ingest_is_waited_for(reader):
    """The server goes away at the tenth article and comes back: all are there, once."""
    cluster = Cluster()
    try:
        with open_store(cluster.new_database()) as store:
            away = threading.Thread(target=lambda: (cluster.stop(), time.sleep(1), cluster.start()))
            for number, _ in enumerate(
                ingest_articles(articles(40), store, reader=reader, batch=1)
            ):
                if number == 10:
                    away.start()
            away.join()
            assert store.count()["articles"] == store.count()["mentions"] == 40
    finally:
        cluster.remove()
