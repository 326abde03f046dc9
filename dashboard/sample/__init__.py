"""Sample reports for the demo, and the figures of accuracy that the dashboard shows."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

GOLD = ("dev", "seeds")


def load_accuracy() -> Mapping[str, Mapping[str, float]]:
    """
    Load the figures of `mihwar evaluate` that stand in `benchmarks/README.md`.

    Returns
    -------
    figures
        By name, then by annotated set.
    """
    text = (resources.files("dashboard.sample") / "accuracy.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text))


def load_control_figures() -> Mapping[str, Any]:
    """
    Load the figures of control against the yardstick that stand in `benchmarks/README.md`.

    Returns
    -------
    figures
        For the facts that were ``held`` back and the ``fresh`` ones on other places: ``facts``,
        how many; ``way``, each way to say who holds a place with its figures and their intervals;
        ``bin``, how often a probability was right.
    """
    text = (resources.files("dashboard.sample") / "control.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text))
