"""Words for what happened: a verb is listed once, and all its forms are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geocode.conflict import load_conflict
from geocode.errors import ConflictError
from geocode.language_rules import load_language
from geocode.triggers import read_triggers
from geocode.word_families import VerbRules, family_forms


def forms(family, lang):
    return set(family_forms(family, load_language(lang).verbs))


@pytest.mark.parametrize(
    ("family", "lang", "some"),
    [
        ("seize", "en", {"seize", "seizes", "seized", "seizing"}),
        ("carry~ out raids", "en", {"carries out raids", "carried out raids"}),
        ("flee", "en", {"flee", "fled", "fleeing"}),
        ("rocket|shells hit~", "en", {"rocket hits", "shells hitting", "shells have hit"}),
        ("expel", "en", {"expelled", "expelling"}),
        ("shells strike~", "en", {"shells have struck"}),
        ("push~ into|past", "en", {"pushed into", "pushing past"}),
        ("pilonner", "fr", {"pilonne", "pilonnée", "pilonnaient", "pilonnant"}),
        ("assiéger", "fr", {"assiégé", "assiègent"}),
        ("reprendre", "fr", {"repris", "reprises", "reprennent"}),
        ("drone frapper~", "fr", {"drone frappe", "drone a frappé"}),
        ("استولى/يستولي", "ar", {"استولت", "استولوا", "يستولون", "يستولي"}),
        ("تصدى/يتصدى", "ar", {"تصداها", "يتصداهم"}),
        ("قصف/يقصف", "ar", {"قصفت", "يقصفون", "قصفتها", "قصفوهم"}),
        ("شن/يشن غارة|غارات", "ar", {"شنت غارة", "يشن غارات"}),
        ("طائرة تحطم/يتحطم~", "ar", {"طائرة تحطمت", "طائرة تتحطم"}),
    ],
)
def test_a_family_has_the_forms_of_its_verb(family, lang, some):
    assert some <= forms(family, lang)


@pytest.mark.parametrize(
    ("family", "lang", "never"),
    [
        ("shell!", "en", {"shell", "shells"}),
        ("repel", "en", {"repeled", "repeling"}),
        ("reprendre", "fr", {"repriss"}),
        ("شن/يشن غارة", "ar", {"شنها غارة"}),
    ],
)
def test_a_family_has_no_form_that_is_none(family, lang, never):
    assert not never & forms(family, lang)


@given(st.from_regex(r"[a-z]{3,9}( [a-z]{2,5}(\|[a-z]{2,5})?){0,2}", fullmatch=True))
def test_forms_are_words_parted_by_one_space(family):
    for lang in ("en", "fr"):
        try:
            found = list(family_forms(family, VerbRules(lang=lang, irregular={})))
        except ValueError:
            assert lang == "fr"  # a verb that does not end with -er
            continue
        for form in found:
            assert form == " ".join(form.split())
            assert not set("|~!") & set(form)


@pytest.mark.parametrize(
    ("lists", "message"),
    [
        ({"ar": {"families": ["هاجم"]}}, r"t\.toml: clash\.ar\.families: 'هاجم', expected perfect"),
        ({"en": {"families": ["set~ up|man~ posts"]}}, r"clash\.en\.families: .*the tilde stands"),
        ({"en": {"families": ["rockets hit~|come down"]}}, r"clash\.en\.families: .*the tilde"),
        ({"de": {"families": ["kämpfen"]}}, r"clash\.de\.families: forms of verbs are known of"),
        ({"en": {"nouns": ["war"]}}, r"clash\.en\.nouns, expected one of"),
    ],
)
def test_a_verb_that_is_not_written_as_wanted_is_refused(lists, message):
    with pytest.raises(ConflictError, match=message):
        read_triggers({"type": [{"id": "clash", **lists}]}, "t.toml")


def test_a_phrase_tells_no_less_than_the_sure_word_it_begins_with():
    lists = {"own": ["fighting"], "common_families": ["fighting break~ out", "row break~ out"]}
    triggers = read_triggers({"type": [{"id": "clash", "en": lists}]}, "t.toml").get("en")
    for words, common in ((["fighting", "broke", "out"], False), (["row", "broke", "out"], True)):
        (hit,) = triggers.at(words, 0)
        assert (hit.last, hit.meaning.common) == (3, common)


def test_a_verb_whose_forms_no_rule_gives_is_named():
    triggers = read_triggers({"type": [{"id": "clash", "fr": {"families": ["ourdir"]}}]}, "t.toml")
    with pytest.raises(ConflictError, match=r"t\.toml: clash\.fr\.families: .*'ourdir'"):
        triggers.get("fr")


def test_all_verbs_of_the_war_have_forms_without_marks():
    conflict = load_conflict()
    for lang in ("ar", "en", "fr"):
        phrases = conflict.triggers.get(lang)
        assert phrases is not None
        assert not any(phrases.may_begin(mark) for mark in "|~!")


def test_a_form_that_is_listed_counts_before_one_that_is_derived():
    types = [
        {"id": "clash", "en": {"families": ["strike"]}},
        {"id": "airstrike", "en": {"verbs": ["struck"]}},
    ]
    triggers = read_triggers({"type": types}, "t.toml").get("en")
    assert [hit.meaning.event_type for hit in triggers.at(["struck"], 0)] == ["airstrike"]
    assert [hit.meaning.event_type for hit in triggers.at(["striking"], 0)] == ["clash"]


def test_a_language_without_triggers_has_none():
    assert load_conflict().triggers.get("tr") is None
