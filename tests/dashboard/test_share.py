"""The shared page holds no text of an article as markup, and asks no server for anything."""

import re

import pytest

from dashboard.share import share_html, time_map
from geocode import geocode_articles, make_article
from geocode.conflict import load_conflict

HOSTILE = "<img src=x onerror=alert(1)> ${alert(2)} {{ cycler.__init__ and 7919 * 7907 }} {% x </script><script>alert(3)</script>"


@pytest.fixture
def page(gazetteer):
    article = make_article(f"قصف سرت {HOSTILE}", published="2020-01-07", outlet=HOSTILE)
    result = geocode_articles([article], gazetteer=gazetteer)
    made = time_map(
        result.mentions,
        result.events,
        {article.article_id: article},
        conflict=load_conflict(),
        gazetteer=gazetteer,
        lang="ar",
    )
    return share_html(made)


@pytest.mark.parametrize("part", ["onerror=alert", "alert(", "cycler", "{% x"])
def test_hostile_text_is_not_in_the_page_as_it_is(page, part):
    assert part not in page


def test_no_template_was_run(page):
    assert "62615533" not in re.sub(r"[A-Za-z0-9+/=]{200,}", "", page)


def test_the_page_loads_nothing(page):
    assert re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", page) == []
