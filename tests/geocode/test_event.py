"""Events: what, where, by whom, to whom, according to whom, and how certain."""

import pytest


def event(read, text, **kwargs):
    events = read(text, published="2020-06-10", **kwargs).events
    assert len(events) >= 1, text
    return events.iloc[0].where(events.iloc[0].notna(), None)


@pytest.mark.parametrize(
    ("text", "kind", "actor", "target"),
    [
        pytest.param("سيطرت قوات الوفاق على ترهونة", "capture", "GNA", "LNA", id="verb first"),
        pytest.param("قوات حفتر انسحبت من غريان", "withdrawal", "LNA", "GNA", id="subject first"),
        pytest.param(
            "صدت قوات الوفاق هجوما لقوات حفتر على عين زارة",
            "repelled_attack",
            "GNA",
            "LNA",
            id="repelled",
        ),
        pytest.param(
            "نجح الجيش الوطني في إسقاط طائرة تركية مسيرة في عين زارة",
            "aircraft_downed",
            "LNA",
            "Turkey",
            id="equipment downs nothing",
        ),
        pytest.param(
            "أدانت البلدية قصف طيران حفتر مطار زوارة",
            "airstrike",
            "LNA",
            "GNA",
            id="arms act after a noun",
        ),
        pytest.param(
            "تمكن الجيش الوطني من طرد الميليشيات من حي الزهور",
            "capture",
            "LNA",
            "GNA",
            id="noun with object",
        ),
        pytest.param(
            "تعرضت ترهونة لقصف من قبل قوات الوفاق", "shelling", "GNA", "LNA", id="agent after from"
        ),
        pytest.param(
            "أعلنت قوات الوفاق سيطرتها على غريان", "capture", "GNA", "LNA", id="noun with a pronoun"
        ),
        pytest.param(
            "قصفت مدفعية قوات الوفاق تمركزات العدو في قصر بن غشير",
            "shelling",
            "GNA",
            "LNA",
            id="what was hit is no act",
        ),
        pytest.param("GNA forces captured Gharyan", "capture", "GNA", "LNA", id="English"),
        pytest.param("Haftar's forces lost Gharyan", "capture", "GNA", "LNA", id="he who lost it"),
        pytest.param("Les forces du GNA ont repris Tarhouna", "capture", "GNA", "LNA", id="French"),
    ],
)
def test_who_did_what(read, text, kind, actor, target):
    found = event(read, text)
    assert (found["type"], found["actor_side"], found["target_side"]) == (kind, actor, target)


@pytest.mark.parametrize(
    ("outlet", "side"),
    [("نموذج مؤيد للجيش الوطني", "LNA"), ("نموذج مؤيد لحكومة الوفاق", "GNA"), ("", None)],
)
def test_the_army_is_the_army_of_the_outlets_side(read, outlet, side):
    assert event(read, "سيطر الجيش على سرت", outlet=outlet)["actor_side"] == side


def test_the_printed_label_stays_beside_the_coded_side(read):
    found = event(read, "فرت مليشيات حفتر من ترهونة")
    assert (found["actor"], found["actor_side"]) == ("مليشيات حفتر", "LNA")


@pytest.mark.parametrize(
    ("text", "speaker", "status"),
    [
        pytest.param("سيطرت قوات الوفاق على ترهونة", None, "reported", id="the outlet"),
        pytest.param("قال المسماري إن قواته سيطرت على سرت", "LNA", "claimed", id="a spokesman"),
        pytest.param("أعلنت قوات الوفاق السيطرة على ترهونة", "GNA", "claimed", id="a side"),
        pytest.param(
            "قال شهود عيان إن قذائف سقطت على أبو سليم", "witnesses", "reported", id="witnesses"
        ),
        pytest.param("نفت قوات الوفاق سيطرة قوات حفتر على سرت", "GNA", "denied", id="denial"),
        pytest.param("تستعد قوات حفتر لاستعادة غريان", None, "planned", id="plan"),
        pytest.param("قال المسماري إن قواته ستواصل قصف مصراتة", "LNA", "planned", id="future verb"),
    ],
)
def test_who_says_so_and_how_certain(read, text, speaker, status):
    found = event(read, text)
    assert (found["claimed_by_side"], found["status"]) == (speaker, status)


def test_a_source_passed_on_keeps_its_chain(read):
    found = event(
        read, "نقلت رويترز عن ضابط، وهو مصدر عسكري في قوات حفتر، أن الوحدات انسحبت من ضواحي طرابلس"
    )
    assert found["claimed_by_side"] == "LNA"
    assert "رويترز" in found["source_chain"]


def test_he_said_that_another_did_it_does_not_make_the_other_the_speaker(read):
    found = event(read, "وقالت غرفة عمليات الكرامة إن سلاح الجو شن غارات على غريان")
    assert found["claimed_by"] == "غرفة عمليات الكرامة"


def test_a_speaker_goes_on_in_the_next_sentence(read):
    events = read(
        "قال المسماري إن قواته دخلت سرت. وأضاف أنها سيطرت على القرضابية.", published="2020-01-07"
    ).events
    assert set(events["claimed_by_side"]) == {"LNA"}


def test_what_goes_on_is_an_event(read):
    assert event(read, "لا تزال الاشتباكات مستمرة في محور الخلاطات")["type"] == "clash"


@pytest.mark.parametrize(
    "text",
    [
        "دعا المبعوث قوات حفتر إلى الانسحاب من سرت",
        "The UN urged the withdrawal of Haftar's forces from Sirte",
    ],
)
def test_what_is_asked_for_is_only_planned(read, text):
    assert event(read, text)["status"] == "planned"


def test_a_car_is_no_verb_in_the_future(read):
    assert event(read, "استهدفت قوات حفتر سيارة إسعاف وقصفت عين زارة")["status"] != "planned"


def test_what_did_not_happen_is_no_event(read):
    assert read("لم تقصف الطائرات سرت", published="2020-06-10").events.empty


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("قصفت طائرات مدينة سرت", "airstrike"),
        ("قصفت مدفعية حفتر ميناء طرابلس", "shelling"),
        ("قصف سلاح الجو مصراتة", "airstrike"),
    ],
)
def test_bombed_by_air_or_by_guns(read, text, kind):
    assert event(read, text)["type"] == kind


def test_the_same_act_told_twice_is_one_event_with_two_spans(read):
    text = "سيطرت قوات الوفاق على ترهونة. وجاءت سيطرة قوات الوفاق على ترهونة بعد قتال."
    captures = read(text, published="2020-06-05").events.query("type == 'capture'")
    assert len(captures) == 1
    assert captures.iloc[0]["evidence"].count("[") == 3


def test_losses_keep_their_words(read):
    found = event(read, "قصفت مدفعية حفتر سوق الجمعة ما أدى إلى مقتل ثلاثة")
    assert '"killed", "low": 3' in found["losses"]
    assert "مقتل ثلاثة" in found["losses"]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("قصفت مدفعية حفتر سوق الجمعة ما أدى إلى مقتل 15 وإصابة 20", {"killed": 15, "wounded": 20}),
        ("قصفت مدفعية حفتر سوق الجمعة موقعة ثلاثة قتلى وخمسة جرحى", {"killed": 3, "wounded": 5}),
        ("قصفت مدفعية حفتر سوق الجمعة بعد 3 أيام من مقتل قائد", {}),
        (
            "Shelling of Ain Zara by Haftar's forces left 4 dead and 7 wounded",
            {"killed": 4, "wounded": 7},
        ),
    ],
)
def test_losses_are_counted_once_each(read, text, counts):
    import json

    losses = json.loads(event(read, text)["losses"])
    assert {loss["what"]: loss["low"] for loss in losses} == counts


@pytest.mark.parametrize(
    "text",
    [
        "حاولت قوات حفتر السيطرة على سرت",
        "لم تتمكن قوات حفتر من السيطرة على سرت",
        "Haftar's forces attempted to have captured Sirte",
    ],
)
def test_an_attempt_takes_nothing(read, text):
    assert event(read, text)["type"] == "clash"


def test_every_mention_of_an_act_told_twice_knows_its_event(read):
    result = read(
        "قال المسماري إن قواته سيطرت على سرت. وأضاف أن القوات أكملت السيطرة على سرت أمس.",
        published="2020-01-07",
    )
    assert result.events.iloc[0]["mention_ids"].count('"') == 4
    assert result.mentions["front_line"].all()


def test_a_denied_fight_is_no_front_line(read):
    result = read("نفت قوات الوفاق سيطرة قوات حفتر على سرت", published="2020-06-10")
    assert not result.events["front_line"].any()


def test_another_conflict_needs_no_code(gazetteer):
    from pathlib import Path

    from geocode import geocode_articles, make_article
    from geocode.conflict import load_conflict

    border = load_conflict(Path(__file__).parents[1] / "data" / "border")
    article = make_article(
        "The Northern Guard stormed and held Sfax from the Southern League",
        lang="en",
        published="2021-05-01",
    )
    found = geocode_articles([article], gazetteer=gazetteer, conflict=border).events.iloc[0]
    assert (found["type"], found["place_name"], found["actor_side"], found["target_side"]) == (
        "capture",
        "Sfax",
        "North",
        "South",
    )
