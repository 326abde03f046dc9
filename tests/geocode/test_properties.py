"""Whatever the text, offsets slice back to the words, and marks never hide a name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import MARKS, ODD, WORDS, marked

from geocode import ArticleReader, make_article
from geocode.errors import ArticleError

READER = ArticleReader()
HARMLESS = [mark for mark in MARKS if mark not in ("\u064b", "\u0301")]
PLAIN = ["طرابلس", "ترهونة", "مصراتة", "القره بوللي", "قاعدة الوطية", "Tarhuna", "Misrata"]


def _texts():
    words = st.sampled_from(WORDS + ODD + PLAIN)
    anything = st.text(max_size=12)
    return st.lists(st.one_of(words, marked(PLAIN), anything), max_size=25).map(" ".join)


@pytest.mark.parametrize("lang", ["ar", "en", "fr"])
@settings(max_examples=120, deadline=None)
@given(text=_texts())
def test_every_span_slices_back_to_what_it_says(lang, text):
    """Mentions, triggers and sentences lie inside the text, and their text is what stands there."""
    try:
        article = make_article(text, published="2020-01-01", lang=lang)
    except ArticleError:
        return
    read = READER.read(article)
    for mention in read.mentions:
        assert article.text[mention["start"] : mention["end"]] == mention["text"]
        assert mention["sentence_start"] <= mention["start"] < mention["sentence_end"]
    for event in read.events:
        span = slice(event["trigger_start"], event["trigger_end"])
        assert article.text[span] == event["trigger"]
        assert article.text[event["sentence_start"] : event["sentence_end"]] == event["sentence"]


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from(PLAIN), data=st.data())
def test_marks_inside_a_name_never_hide_it(name, data):
    """Tatweel, vowel signs and zero-width characters are no part of a spelling."""
    inside = "".join(c + data.draw(st.sampled_from(["", *HARMLESS])) for c in name[:-1]) + name[-1]
    lang = "en" if name.isascii() else "ar"
    before, after = ("near", "today") if lang == "en" else ("في", "اليوم")
    read = READER.read(make_article(f"{before} {inside} {after}", lang=lang))
    assert [m["text"] for m in read.mentions] == [inside]
    assert read.mentions[0]["place_id"] is not None


@settings(max_examples=60, deadline=None)
@given(text=_texts())
def test_reading_twice_gives_the_same(text):
    """Nothing depends on what was read before."""
    try:
        article = make_article(text, published="2020-01-01", lang="ar")
    except ArticleError:
        return
    assert READER.read(article) == ArticleReader().read(article)
