"""What all tests share: the curated gazetteer, a reader, and sockets only where marked."""

from pathlib import Path

import pytest

from gazetteer import Gazetteer, load_gazetteer
from geocode import ArticleReader, Geocoded, geocode_articles, make_article

SHARED = Path(__file__).parents[2] / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests marked `network` open sockets, and tests marked `browser` loopback ones."""
    for item in items:
        if item.get_closest_marker("network"):
            item.add_marker(pytest.mark.enable_socket)
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.enable_socket)
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "localhost"]))


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


@pytest.fixture(scope="session")
def reader(gazetteer: Gazetteer) -> ArticleReader:
    return ArticleReader(gazetteer)


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
