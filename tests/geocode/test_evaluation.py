"""The figures of an annotated set are those of the guide's scorer, with intervals."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from geocode import ArticleReader, geocode_articles
from geocode.errors import GoldError
from geocode.evaluation import evaluate, read_gold
from geocode.layers import write_layer

SHARED = Path(__file__).parents[3] / "shared"
PASSAGE = {
    "id": "1",
    "text": "سيطر الجيش الوطني على ترهونة أمس",
    "lang": "ar",
    "published": "2019-12-15",
    "mentions": [
        {
            "start": 22,
            "end": 28,
            "surface": "ترهونة",
            "name": "Tarhuna",
            "kind": "city",
            "lat": 32.434,
            "lon": 13.6331,
            "radius_km": 5,
            "role": "event",
            "relation": None,
        }
    ],
    "events": [
        {
            "type": "capture",
            "trigger": "سيطر",
            "place": "Tarhuna",
            "lat": 32.434,
            "lon": 13.6331,
            "date": "2019-12-14",
            "actor": "LNA",
            "target": "GNA",
            "claimed_by": "outlet",
            "status": "reported",
        }
    ],
}


@pytest.fixture(scope="module")
def reader():
    return ArticleReader()


def _gold(tmp_path, *passages):
    path = tmp_path / "gold.jsonl"
    path.write_text(
        "\n".join(json.dumps(p, ensure_ascii=False) for p in passages), encoding="utf-8"
    )
    return path


def test_a_passage_read_rightly_scores_one_everywhere(tmp_path, reader):
    result = evaluate(read_gold(_gold(tmp_path, PASSAGE)), reader, rounds=20)
    wrong = {"wrong_dots", "relation"}
    assert {
        n: f.value for n, f in result.figures.items() if n not in wrong and f.value != 1.0
    } == {}
    assert result.budget == {}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"mentions": []}, "extra"),
        ({"events": []}, "event extra"),
        ({"mentions": [{**PASSAGE["mentions"][0], "role": "origin"}]}, "wrong role"),
        ({"mentions": [{**PASSAGE["mentions"][0], "lat": 30.0}]}, "wrong place, under 500 km"),
        ({"events": [{**PASSAGE["events"][0], "date": "2019-12-01"}]}, "event date"),
        ({"events": [{**PASSAGE["events"][0], "actor": "GNA"}]}, "event actor"),
        ({"events": [{**PASSAGE["events"][0], "type": "ultimatum"}]}, "event missed"),
        ({"events": [{**PASSAGE["events"][0], "status": "denied"}]}, "event status"),
        ({"events": [{**PASSAGE["events"][0], "claimed_by": "GNA"}]}, "event claimed_by"),
    ],
)
def test_each_fault_is_counted_in_its_class(tmp_path, reader, change, kind):
    result = evaluate(read_gold(_gold(tmp_path, PASSAGE | change)), reader, rounds=5)
    assert kind in result.budget


def test_the_interval_holds_the_figure_and_is_the_same_each_time(tmp_path, reader):
    worse = PASSAGE | {"id": "2", "mentions": [], "events": []}
    passages = read_gold(_gold(tmp_path, PASSAGE, worse))
    one, other = (evaluate(passages, reader, rounds=50) for _ in range(2))
    assert one.figures == other.figures
    figure = one.figures["event"]
    assert figure.low < figure.value < figure.high


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"id": 1, "text": "", "mentions": []}'])
def test_a_wrong_line_is_told(tmp_path, line):
    path = tmp_path / "gold.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(GoldError, match=r"gold\.jsonl:1"):
        read_gold(path)


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
@pytest.mark.parametrize("name", ["dev", "seeds"])
def test_the_figures_are_those_of_the_scorer(tmp_path, reader, name):
    gold = SHARED / "gold" / f"{name}.jsonl"
    passages = read_gold(gold)
    result = geocode_articles(p.article for p in passages)
    for layer in ("mentions", "events"):
        write_layer(
            layer,
            getattr(result, layer),
            tmp_path / f"{layer}.geojson",
            file_format="geojson",
            made_from={},
        )
    command = [sys.executable, SHARED / "tools" / "score.py", gold, tmp_path, "--json"]
    scored = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    for figure, ours in evaluate(passages, reader, rounds=2).figures.items():
        theirs = scored[figure]
        value = theirs["f1"] if isinstance(theirs, dict) else theirs
        assert ours.value == pytest.approx(value, abs=2e-4), figure
