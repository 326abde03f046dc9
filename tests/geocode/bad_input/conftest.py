"""Bad input is read from files, by commands, and into stores."""

import pytest
from bad_files import SIRTE, TARHUNA, line
from click.testing import CliRunner

from dashboard.cli import main
from geocode import ingest_articles, open_store
from geocode.reading import Given, read_articles
from geocode.store import Saved


@pytest.fixture
def read_file(tmp_path):
    """Write a file and read it: its articles, and what was refused in words."""

    def run(name, content, **given):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        refused = []
        articles = list(read_articles(path, given=Given(**given), refused=refused))
        return articles, [str(item) for item in refused]

    return run


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIHWAR_STORE", str(tmp_path / "own.sqlite"))

    def call(*args):
        result = CliRunner().invoke(main, [str(a) for a in args])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert "Traceback" not in result.output
        return result

    return call


@pytest.fixture
def stored(tmp_path):
    """Say how many articles the store has, and what is in its quarantine."""

    def look():
        with open_store(str(tmp_path / "own.sqlite")) as store:
            return store.count()["articles"], [kept.refused for kept in store.quarantine.list()]

    return look


@pytest.fixture
def store(store_url):
    with open_store(store_url) as opened:
        yield opened


@pytest.fixture
def ingest(store, reader, tmp_path):
    """Read rows from files of JSON Lines, a list a file, into the store."""

    def work(*files):
        paths = []
        for number, rows in enumerate(files):
            paths.append(tmp_path / f"{number}.jsonl")
            paths[-1].write_text("".join(map(line, rows)), encoding="utf-8")
        refused = []
        articles = read_articles(*paths, refused=refused)
        saved = sum(ingest_articles(articles, store, reader=reader, refused=refused), Saved())
        return saved, [str(item) for item in refused]

    return work


@pytest.fixture
def published(tmp_path):
    """Read an article of a day beside another: its day and time, or why it was refused."""

    def work(value, **given):
        path = tmp_path / "a.jsonl"
        rows = ({"text": SIRTE, "published": value}, {"text": TARHUNA})
        path.write_text("".join(map(line, rows)), encoding="utf-8")
        refused = []
        articles = list(read_articles(path, given=Given(**given), refused=refused))
        assert articles.pop().text == TARHUNA
        assert len(articles) + len(refused) == 1
        if refused:
            assert refused[0].where == "line 1"
            return refused[0].reason
        return str(articles[0].published), articles[0].published_at

    return work
