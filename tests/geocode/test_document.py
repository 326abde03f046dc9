"""Documents cut texts into sentences and words without losing a character's place."""

import pytest
from hypothesis import given
from strategies import press_texts

from geocode import make_article
from geocode.document import make_document


def sentences(text):
    document = make_document(make_article(text))
    return [text[s.start : s.end].strip() for s in document.sentences]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        pytest.param("قصف سرت.وقال", ["قصف سرت.", "وقال"], id="no blank after the stop"),
        pytest.param("one. two", ["one.", "two"], id="plain"),
        pytest.param("the U.S. army", ["the U.S. army"], id="abbreviation"),
        pytest.param("تبعد 3.5 كيلومتر", ["تبعد 3.5 كيلومتر"], id="decimal point"),
        pytest.param("عنوان\nنص", ["عنوان", "نص"], id="line end"),
        pytest.param("أين؟ هنا", ["أين؟", "هنا"], id="Arabic question mark"),
    ],
)
def test_sentences(text, cut):
    assert sentences(text) == cut


@given(press_texts().filter(str.strip))
def test_tokens_and_sentences_lie_in_order_inside_the_text(text):
    document = make_document(make_article(text))
    spans = [(t.start, t.end) for t in document.tokens]
    assert all(0 <= a < b <= len(document.article.text) for a, b in spans)
    assert [s.first for s in document.sentences[1:]] == [s.last for s in document.sentences[:-1]]
    assert sum(s.last - s.first for s in document.sentences) == len(document.tokens)


@given(press_texts().filter(str.strip))
def test_token_at_gives_the_token_that_holds_an_offset(text):
    document = make_document(make_article(text))
    for index, token in enumerate(document.tokens):
        held = document.token_at(token.start)
        assert document.tokens[held].start <= token.start < document.tokens[held].end
        assert held in (index, index + 1, index - 1)
