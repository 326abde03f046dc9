"""The matcher finds names with clitics and articles, and no name inside a word."""

import itertools

import pytest
from hypothesis import given
from strategies import press_texts

from gazetteer import NameMatcher, load_gazetteer

MATCHER = NameMatcher(load_gazetteer())


def found(text):
    return [text[hit.start : hit.end] for hit in MATCHER.find(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("وبسرت", ["سرت"], id="conjunction and preposition"),
        pytest.param("للعزيزية", ["عزيزية"], id="lam with article"),
        pytest.param("بالزاوية", ["الزاوية"], id="article is part of the span"),
        pytest.param("ضواحي طرابلس", ["طرابلس"], id="a false inner match eats no true name"),
        pytest.param("طرابلس.وقال", ["طرابلس"], id="full stop without a blank"),
        pytest.param("منطرابلس", ["طرابلس"], id="glued preposition"),
        pytest.param("ترهونةتكشفت", ["ترهونة"], id="glued after taa marbuta"),
        pytest.param("عيـن زَارة", ["عيـن زَارة"], id="tatweel and marks stay in the span"),
        pytest.param(
            "بوقرين وأبوقرين وأبو قرين",
            ["بوقرين", "أبوقرين", "أبو قرين"],
            id="abu in all spellings",
        ),
        pytest.param("in al-Qawasim and Es Sider", ["al-Qawasim", "Es Sider"], id="Latin articles"),
        pytest.param("the Tripoli-based government", ["Tripoli"], id="before a hyphen"),
        pytest.param("près d'Ajdabiya", ["Ajdabiya"], id="French elision"),
        pytest.param(
            "Ouagadougou Complex", ["Ouagadougou Complex"], id="letters lost at the start"
        ),
        pytest.param(
            "Tarhounah, Tajourah", ["Tarhounah", "Tajourah"], id="letters lost at the end"
        ),
        pytest.param("قاعدة الجفرة", ["قاعدة الجفرة"], id="longest wins"),
    ],
)
def test_matcher_finds(text, names):
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("كسرت", id="verb that ends like Sirte"),
        pytest.param("لغات", id="languages"),
        pytest.param("أسرته", id="his family"),
        pytest.param("سيرتها", id="her biography"),
        pytest.param("عين. زارة", id="a full stop parts a name"),
        pytest.param("he told us about it", id="us is no country"),
        pytest.param("the marj of time", id="lower-case Latin"),
    ],
)
def test_matcher_finds_nothing_in(text):
    assert found(text) == []


def test_matcher_reads_the_acronym_of_a_country():
    assert found("The US and the USA said") == ["US", "USA"]


@given(press_texts())
def test_hits_do_not_overlap_and_fold_to_their_key(text):
    hits = MATCHER.find(text)
    assert all(one.end <= other.start for one, other in itertools.pairwise(hits))
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
