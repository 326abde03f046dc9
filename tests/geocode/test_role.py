"""Roles: what the place is in its sentence."""

import pytest


def roles(read, text):
    mentions = read(text, published="2020-01-15").mentions
    return dict(zip(mentions["text"], mentions["role"], strict=True))


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        pytest.param("شنت طائرات غارات على سرت", "سرت", "event", id="act"),
        pytest.param(
            "وقال المسماري في مؤتمر صحفي عقده في بنغازي إن القوات تقدمت",
            "بنغازي",
            "setting",
            id="press conference",
        ),
        pytest.param("أنقرة ترفض إعلان القاهرة", "أنقرة", "actor", id="capital that acts"),
        pytest.param("أنقرة ترفض إعلان القاهرة", "القاهرة", "name-part", id="part of a name"),
        pytest.param(
            "اشتباكات مع ميليشيات مصراتة في سرت", "مصراتة", "actor", id="militia of a town"
        ),
        pytest.param("انسحبت القوات من غريان باتجاه مزدة", "غريان", "event", id="left"),
        pytest.param("انسحبت القوات من غريان باتجاه مزدة", "مزدة", "origin", id="withdrawn to"),
        pytest.param("وصلت تعزيزات من الزنتان", "الزنتان", "origin", id="came from"),
        pytest.param(
            "سيطرت القوات على بني وليد جنوب شرق طرابلس", "طرابلس", "background", id="locator"
        ),
        pytest.param("ليست سرت كترهونة", "ترهونة", "background", id="comparison"),
    ],
)
def test_role(read, text, name, role):
    assert roles(read, text)[name] == role


def test_names_of_a_list_share_their_role(read):
    assert set(roles(read, "سيطرت القوات على زلطن ورقدالين والعجيلات").values()) == {"event"}


def test_no_fight_takes_place_at_a_whole_country(read):
    """A dot in the middle of Libya would be a wrong dot."""
    result = read("تتواصل المعارك في ليبيا")
    assert result.events.empty
    assert not result.mentions["front_line"].any()


@pytest.mark.parametrize(
    "text",
    [
        "فاز فريق الاتحاد في مباراة أقيمت في بنغازي أمس",
        "ارتفع حجم المناولة في ميناء الخمس خلال الربع الأول",
        "The football match in Benghazi was postponed on Tuesday.",
        "حررت الشرطة مخالفات مرورية في بنغازي",
        "دخل سعر الدولار في طرابلس مرحلة جديدة",
        "سجل المهاجم بعد هجوم سريع في ملعب بنغازي وصد الحارس الكرة",
        "Oil prices hit a record in Tripoli as traders entered the market",
        "Le club de Benghazi a repris l'entraînement après une attaque de grippe",
    ],
)
def test_what_is_no_war_is_no_front_line(read, text):
    result = read(text, published="2020-01-15")
    assert not result.mentions["front_line"].any()
