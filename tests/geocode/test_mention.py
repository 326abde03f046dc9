"""Mentions are place names that are places there."""

import pytest
from hypothesis import given, settings
from strategies import press_texts

from geocode import make_article


def names(read, text, **kwargs):
    return read(text, **kwargs).mentions["text"].to_list()


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        pytest.param("خلال الساعات الخمس الماضية", [], id="five hours"),
        pytest.param("وصلت القوات إلى مدينة الخمس", ["الخمس"], id="the town called five"),
        pytest.param("وضع حجر الزاوية", [], id="corner stone"),
        pytest.param("وودان المجلس القصف", [], id="he condemned"),
        pytest.param("سيطرت على ودان وسوكنة", ["ودان", "سوكنة"], id="a list lifts the doubt"),
        pytest.param("قال صلاح الدين النمروش", [], id="a man's name"),
        pytest.param("اشتباكات في محور صلاح الدين", ["صلاح الدين"], id="the axis"),
        pytest.param("استقبل فايز السراج الوفد", [], id="the prime minister"),
        pytest.param("قصف حي السراج", ["حي السراج"], id="the quarter"),
        pytest.param("سكان البلدة ثلاثة آلاف نسمة", [], id="inhabitants"),
        pytest.param("أعلنت المؤسسة القوة القاهرة", [], id="force majeure"),
        pytest.param("قصف مطار معيتيقة", ["مطار معيتيقة"], id="head noun is part of the name"),
        pytest.param("في محور عين زارة", ["عين زارة"], id="axis is not part of the name"),
        pytest.param("القوات الليبية والتركية", [], id="adjectives"),
        pytest.param(
            "مطارات مصراتة وزوارة ومعيتيقة", ["مصراتة", "زوارة", "معيتيقة"], id="shared head"
        ),
    ],
)
def test_mentions(read, text, mentioned):
    assert names(read, text) == mentioned


def test_a_shared_head_noun_speaks_for_all_names(read):
    mentions = read("استقبلت مطارات مصراتة وزوارة ومعيتيقة مسلحين").mentions
    assert mentions["kind"].to_list() == ["airport"] * 3


def test_an_english_plural_speaks_for_the_names_before_it(read):
    mentions = read("Shells fell on the Salah al-Din and Wadi al-Rabie fronts.").mentions
    assert mentions["kind"].to_list() == ["axis", "axis"]


@settings(max_examples=60, deadline=None)
@given(press_texts().filter(str.strip))
def test_the_words_between_start_and_end_are_the_mentions_own(reader, text):
    article = make_article(text, published="2020-01-15")
    for row in reader.read(article).mentions:
        assert article.text[row["start"] : row["end"]] == row["text"]
        assert row["sentence_start"] <= row["start"] < row["end"] <= row["sentence_end"]


@settings(max_examples=60, deadline=None)
@given(press_texts().filter(str.strip))
def test_the_words_between_start_and_end_are_the_triggers_own(reader, text):
    article = make_article(text, published="2020-01-15")
    for row in reader.read(article).events:
        assert article.text[row["trigger_start"] : row["trigger_end"]] == row["trigger"]
        assert article.text[row["sentence_start"] : row["sentence_end"]] == row["sentence"]
