"""Sample reports for the demo, and the figures of accuracy that the dashboard shows."""

import tomllib
from collections.abc import Mapping
from importlib import resources

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
