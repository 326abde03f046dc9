"""Evidence is plain text, with the printed label beside the coded side."""

import pytest

from dashboard.language import load_words
from dashboard.timemap.evidence import make_evidence, safe_url
from dashboard.timemap.rows import make_map_rows
from geocode import geocode_articles, make_article
from geocode.conflict import load_conflict


@pytest.fixture
def evidence(gazetteer):
    def make(text, lang="en", **kwargs):
        article = make_article(text, published="2020-01-07", **kwargs)
        result = geocode_articles([article], gazetteer=gazetteer)
        rows = make_map_rows(result.mentions, result.events, load_conflict(), gazetteer)
        return make_evidence(
            rows.mentions,
            result.events,
            {article.article_id: article},
            conflict=load_conflict(),
            gazetteer=gazetteer,
            lang=lang,
            words=load_words(lang),
        )

    return make


def test_place_trigger_actor_and_date_are_marked_in_the_sentence(evidence):
    item = evidence("عاد الهدوء. سيطرت مليشيات حفتر على سرت أمس. انتهى.")[0]
    assert "".join(text for text, _ in item["pieces"]) == "سيطرت مليشيات حفتر على سرت أمس."
    assert [(text, kind) for text, kind in item["pieces"] if kind] == [
        ("سيطرت", "trigger"),
        ("مليشيات حفتر", "actor"),
        ("سرت", "place"),
        ("أمس", "date"),
    ]


def test_cards_of_one_event_stand_together(evidence):
    cards = evidence("قصفت طائرات سرت. وفي مصراتة اجتماع. وتجدد قصف سرت بالطائرات.")
    groups = [card["group"] for card in cards]
    assert groups == sorted(groups, key=groups.index)


def test_the_printed_label_stands_beside_the_side(evidence):
    facts = dict(evidence("سيطرت مليشيات حفتر على سرت")[0]["facts"])
    assert facts["Who"] == "\u2068«مليشيات حفتر»\u2069 (\u2068Libyan National Army\u2069)"


def test_candidates_that_were_not_chosen_are_told(evidence):
    facts = dict(evidence("اشتباكات في طرابلس")[0]["facts"])
    assert "Tripoli (Lebanon)" in facts["Could also be"]


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("//example.org", ""),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(url, link):
    assert safe_url(url) == link


def test_why_a_place_was_chosen_is_said_in_the_language_of_the_interface(evidence):
    facts = dict(evidence("سيطرت مليشيات حفتر على مدينة سرت", lang="ar")[0]["facts"])
    why = next(value for label, value in facts.items() if label == load_words("ar")["chosen"])
    assert not any("a" <= letter <= "z" for letter in why)


def test_an_event_both_sides_tell_otherwise_shows_both_versions_and_is_contested(gazetteer):
    told = [
        ("نموذج مؤيد للجيش الوطني", "سيطر الجيش الوطني على الهيرة، الاثنين."),
        ("نموذج مؤيد لحكومة الوفاق", "صدت قوات الوفاق هجوما لقوات حفتر على الهيرة، الاثنين."),
    ]
    articles = [make_article(text, published="2019-06-10", outlet=name) for name, text in told]
    result = geocode_articles(articles, gazetteer=gazetteer)
    rows = make_map_rows(result.mentions, result.events, load_conflict(), gazetteer)
    cards = make_evidence(
        rows.mentions,
        result.events,
        {article.article_id: article for article in articles},
        conflict=load_conflict(),
        gazetteer=gazetteer,
        lang="en",
        words=load_words("en"),
    )
    assert len({card["group"] for card in cards}) == 1
    event = cards[0]["event"]
    badges = [badge["text"] for badge in event["badges"]]
    assert badges == ["2 reports", "outlets of both sides", "contested"]
    assert [column["name"] for column in event["columns"]] == [
        "Libyan National Army",
        "Government of National Accord",
    ]
    rows = {row["label"]: row for row in event["rows"]}
    assert "سيطر" in rows["What happened"]["cells"][0]
    assert "صدت" in rows["What happened"]["cells"][1]
    assert rows["What happened"]["differs"]
    assert not rows["When"]["differs"]
    assert cards[1]["event"] is None
