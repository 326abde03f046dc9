"""The pages run, with and without anything in the store, and say so when it cannot be read."""

from importlib import resources

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geocode import ingest_articles, make_article, open_store

APP = str(resources.files("dashboard") / "app.py")


@pytest.fixture
def store(store_url, monkeypatch):
    path = store_url
    monkeypatch.setenv("MIHWAR_STORE", path)
    yield path
    st.cache_resource.clear()


@pytest.fixture
def filled(store, reader):
    articles = [
        make_article("سيطر الجيش الوطني على سرت", published="2020-01-07"),
        make_article("قصفت طائرات مجهولة قاعدة الوطية", published="2020-07-05"),
        make_article("قصفت طائرات مجهولة مصراتة"),
    ]
    with open_store(store) as opened:
        list(ingest_articles(articles, opened, reader=reader))
    return store


def run(**params):
    app = AppTest.from_file(APP, default_timeout=30)
    app.query_params.update(params)
    return app.run()


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_map_page_counts_what_is_in_the_window(lang):
    app = run(lang=lang)
    assert not app.exception
    assert [m.value for m in app.metric] == ["2", "2", "2", "0"]


@pytest.mark.usefixtures("filled")
def test_the_window_of_the_address_is_kept():
    app = run(lang="en", **{"from": "2020-07-01", "to": "2020-07-05"})
    assert app.metric[0].value == "1"
    assert app.query_params["from"] in ("2020-07-01", ["2020-07-01"])


def test_an_empty_store_says_what_to_do(store):
    open_store(store).close()
    app = run(lang="en")
    assert "mihwar ingest" in app.info[0].value


@pytest.mark.usefixtures("store")
def test_a_missing_store_is_a_message_not_a_traceback():
    app = run()
    assert any("here is no store" in element.proto.body for element in app.get("html"))
    assert not app.exception
