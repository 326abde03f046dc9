"""Folding brings spellings together and keeps exact offsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import press_texts

from gazetteer import fold, fold_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("أجدابيا", "اجدابيا", id="hamza"),
        pytest.param("ترهونة", "ترهونه", id="taa marbuta"),
        pytest.param("بنى وليد", "بني وليد", id="alef maqsura"),
        pytest.param("عيـــن زارة", "عين زارة", id="tatweel"),
        pytest.param("طرابُلُس", "طرابلس", id="marks"),
        pytest.param("ﻁﺮﺍﺑﻠﺲ", "طرابلس", id="presentation forms"),
        pytest.param("درنہ", "درنه", id="Urdu letter"),
        pytest.param("الأبيار\u200e", "الابيار", id="direction mark"),
        pytest.param("بوابة ٢٧", "بوابة 27", id="digits"),
        pytest.param("تاورغاء", "تاورغا", id="final hamza"),
        pytest.param("Tarhounah", "Tarhuna", id="romanised u and final h"),
        pytest.param("Gharyān", "Gharian", id="accents"),
        pytest.param("QASR BEN GASHIR", "Qasr bin Ghashir", id="case and vowels"),
    ],
)
def test_fold_name_brings_spellings_together(one, other):
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"), [("سرت", "سرتي"), ("زوارة", "زيارة"), ("Sirte", "Surman")]
)
def test_fold_name_keeps_different_names_apart(one, other):
    assert fold_name(one) != fold_name(other)


def test_fold_parts_words_glued_after_a_final_letter():
    assert fold("المسلحةرئيس").text == "المسلحه رييس"


@given(press_texts())
def test_fold_twice_is_fold_once(text):
    once = fold(text, sound=True).text
    assert fold(once, sound=True).text == once


@given(st.one_of(press_texts(), st.text()))
def test_fold_offsets_rise_and_lie_inside_the_text(text):
    folded = fold(text, sound=True)
    assert len(folded.offsets) == len(folded.text)
    assert all(0 <= i < len(text) for i in folded.offsets)
    assert (folded.offsets[1:] >= folded.offsets[:-1]).all()


@given(press_texts())
def test_fold_of_a_span_is_the_span_of_the_fold(text):
    """Each folded word, cut out of the source by its offsets, folds to itself again."""
    folded = fold(text)
    at = 0
    for word in folded.text.split(" "):
        if word:
            start, end = folded.source_span(at, at + len(word))
            assert fold(text[start:end]).text.replace(" ", "") == word
        at += len(word) + 1
