"""Accuracy against the annotated passages does not fall below what was promised."""

import json
import subprocess
import sys

import pytest

from dashboard.cli import main as mihwar


def score(shared, gold, inputs, out):
    from click.testing import CliRunner

    result = CliRunner().invoke(mihwar, ["geocode", str(inputs), "-o", str(out), "--quiet"])
    assert result.exit_code == 0, result.output
    command = [sys.executable, shared / "tools" / "score.py", shared / "gold" / gold, out, "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.slow
def test_the_annotated_articles_are_read_as_promised(shared, tmp_path):
    figures = score(shared, "seeds.jsonl", shared / "seeds" / "articles.jsonl", tmp_path)
    assert figures["mention_overlap"]["f1"] >= 0.90
    assert figures["end_to_end_r"] >= 0.85
    assert figures["wrong_dots"] <= 0.08
    assert figures["role_acc"] >= 0.75
    assert figures["event"]["f1"] >= 0.45
    assert figures["event_actor_acc"] >= 0.75


@pytest.mark.slow
def test_the_annotated_passages_are_read_as_promised(shared, tmp_path):
    figures = score(shared, "dev.jsonl", shared / "gold" / "dev.jsonl", tmp_path)
    assert figures["mention_overlap"]["f1"] >= 0.82
    assert figures["end_to_end_r"] >= 0.72
    assert figures["event"]["f1"] >= 0.40
