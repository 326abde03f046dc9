"""Places, reports and a store that hold the corpus in every field, and commands run beside them."""

import pytest
from click.testing import CliRunner
from payloads import (
    hostile_articles,
    hostile_places,
    write_acled,
)

from dashboard.cli import main
from gazetteer import load_gazetteer
from gazetteer.importers import write_pack
from geocode import (
    ArticleReader,
    geocode_articles,
    ingest_articles,
    make_article,
    open_store,
)
from geocode.exchange import read_others
from geocode.schema import ALL_LAYERS
from geocode.uncertainty import uncertain_areas


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    path = tmp_path_factory.mktemp("pack") / "places.csv"
    write_pack(hostile_places(), path)
    return path


@pytest.fixture(scope="module")
def places(pack):
    return load_gazetteer([pack])


@pytest.fixture(scope="module")
def filled(tmp_path_factory, places):
    """A store of all articles, and events of others: nothing of it may be changed."""
    folder = tmp_path_factory.mktemp("filled")
    write_acled(folder / "acled.csv")
    with open_store(str(folder / "s.sqlite")) as store:
        list(ingest_articles(hostile_articles(), store, reader=ArticleReader(places)))
        store.keep_others(read_others("acled", folder / "acled.csv"))
    return str(folder / "s.sqlite")


@pytest.fixture(scope="module")
def layers(filled, places):
    """All layers as they were read."""
    with open_store(filled, read_only=True) as store:
        read = {name: store.layer(name) for name in ALL_LAYERS if name != "uncertainty"}
    shifted = make_article(
        "اندلعت اشتباكات جنوب سرت بين قوات الوفاق وقوات حفتر", published="2020-01-07"
    )
    areas = uncertain_areas(geocode_articles([shifted]).mentions, places)
    return {**read, "uncertainty": areas}


@pytest.fixture
def run(tmp_path, monkeypatch, pack):
    """Run a command in a folder of its own, on a terminal that takes colours."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("MIHWAR_STORE", str(tmp_path / "s.sqlite"))
    monkeypatch.setenv("MIHWAR_PACKS", str(pack))

    def call(*args, **kwargs):
        # Without colour click takes escape characters out by itself.
        result = CliRunner().invoke(main, [str(a) for a in args], color=True, **kwargs)
        assert isinstance(result.exception, SystemExit | None), result.exception
        assert "Traceback" not in result.output
        return result

    return call
