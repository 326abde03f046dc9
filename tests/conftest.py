"""What all tests share: the curated gazetteer, a reader, and sockets only where marked."""

import os
from pathlib import Path

import pytest
from postgres import Cluster, binaries

from gazetteer import Gazetteer, load_gazetteer
from geocode import ArticleReader, Geocoded, geocode_articles, make_article

SHARED = Path(__file__).parents[2] / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests marked `network` open sockets, and those with a server of ours loopback ones."""
    for item in items:
        if item.get_closest_marker("network"):
            item.add_marker(pytest.mark.enable_socket)
        marked = item.get_closest_marker("browser") or item.get_closest_marker("loopback")
        if marked or {"cluster", "new_store"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.enable_socket)
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "localhost"]))


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


@pytest.fixture(scope="session")
def reader(gazetteer: Gazetteer) -> ArticleReader:
    return ArticleReader(gazetteer)


@pytest.fixture(scope="session")
def cluster():
    """A PostgreSQL server of the tests' own; skips, or in CI fails, where none is installed."""
    if binaries() is None:
        reason = "PostgreSQL is not installed (Debian: postgresql-15 postgresql-15-postgis-3)"
        if os.environ.get("MIHWAR_REQUIRE_POSTGRES"):
            pytest.fail(reason)
        pytest.skip(reason)
    started = Cluster()
    yield started
    started.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_store(request, tmp_path):
    """Give the address of a store that is not there yet, another with each call: on both kinds."""
    kind = request.param
    cluster = request.getfixturevalue("cluster") if kind == "postgresql" else None
    count = iter(range(100))
    return lambda: cluster.new_database() if cluster else str(tmp_path / f"s{next(count)}.sqlite")


@pytest.fixture
def store_url(new_store):
    return new_store()


@pytest.fixture
def read():
    """Read one text and give its tables."""

    def run(text: str, **kwargs: str) -> Geocoded:
        return geocode_articles([make_article(text, **kwargs)])

    return run


@pytest.fixture(scope="session")
def shared() -> Path:
    """The material outside the project; skips where it is absent."""
    if not SHARED.exists():
        pytest.skip(f"{SHARED} is absent: no annotated texts and place sources to test against")
    return SHARED
