"""Placement chooses by head noun, country and neighbourhood, and rather not than wrongly."""

import pytest


def placed(read, text):
    mentions = read(text).mentions
    return dict(zip(mentions["text"], mentions["place_id"], strict=True))


@pytest.mark.parametrize(
    ("text", "name", "place_id"),
    [
        pytest.param("اندلعت اشتباكات في طرابلس", "طرابلس", "ly:tripoli", id="Libya unless said"),
        pytest.param(
            "اندلعت اشتباكات في طرابلس شمال لبنان بين باب التبانة وجبل محسن",
            "طرابلس",
            "w:lb-tripoli-lb",
            id="Lebanon",
        ),
        pytest.param(
            "هجوم في محافظة صلاح الدين شمال بغداد، وانفجار في تكريت وسامراء",
            "صلاح الدين",
            "w:iq-salahaddin-iq",
            id="Iraq",
        ),
        pytest.param(
            "قصف الحوثيون البيضاء ومأرب وتعز في اليمن", "البيضاء", "w:ye-bayda-ye", id="Yemen"
        ),
        pytest.param(
            "غادرت ناقلة ميناء السدرة نحو البريقة ورأس لانوف",
            "ميناء السدرة",
            "ly:sidra-port",
            id="oil port",
        ),
        pytest.param(
            "قصف السدرة والطويشة والرملة على طريق المطار",
            "السدرة",
            "ly:sidra-tripoli",
            id="suburb by its neighbours",
        ),
        pytest.param("قصف مطار مصراتة", "مطار مصراتة", "ly:misrata-airport", id="airport by head"),
        pytest.param(
            "سيطرت القوات على قاعدتي القرضابية والجفرة",
            "الجفرة",
            "ly:jufra-airbase",
            id="air base by shared head",
        ),
        pytest.param("سيطرت القوات على الجفرة", "الجفرة", "ly:jufra", id="region without head"),
    ],
)
def test_placement(read, text, name, place_id):
    assert placed(read, text)[name] == place_id


def test_a_place_said_to_lie_in_another_country_is_never_put_into_libya(read):
    row = read("قصف مدينة ترهونة في لبنان").mentions.iloc[0]
    assert row.isna()["place_id"]
    assert "LB" in row["reason"]


def test_a_kind_the_gazetteer_lacks_is_stood_in_for_with_a_wider_radius(read):
    row = read("قصف سجن ترهونة").mentions.iloc[0]
    assert row["place_id"] == "ly:tarhuna"
    assert row["precision_km"] >= 15
    assert "stands in" in row["reason"]


def test_candidates_are_kept_with_their_scores(read):
    row = read("اشتباكات في طرابلس").mentions.iloc[0]
    assert '"w:lb-tripoli-lb"' in row["candidates"]
    assert 0 < row["score"] < 1


def test_what_is_as_likely_here_as_there_stays_unresolved():
    from gazetteer import Gazetteer, Place
    from geocode import geocode_articles, make_article

    twins = [
        Place(
            place_id=f"x:{i}",
            kind="town",
            name_en="Twin",
            name_ar="توأم",
            lat=30.0 + i,
            lon=15.0,
            precision_km=5,
            country="LY",
        )
        for i in range(2)
    ]
    row = geocode_articles([make_article("قصف توأم")], gazetteer=Gazetteer(twins)).mentions.iloc[0]
    assert row["place_id"] is None or row.isna()["place_id"]
    assert row.geometry is None
    assert "x:0" in row["candidates"]
    assert "x:1" in row["candidates"]
