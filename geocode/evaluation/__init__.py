"""
Evaluation: what was read against what people annotated.

The figures are those of the annotation guide's scorer: a span answers a gold span it overlaps, an
event answers a gold event of its type whose place lies within the gold radius. The error budget
says where the rest goes, and a bootstrap over passages how far the figures can be trusted.
"""

from geocode.evaluation.compare import Fault
from geocode.evaluation.figures import Evaluation, Figure, evaluate
from geocode.evaluation.gold import Passage, read_gold, write_gold

__all__ = ["Evaluation", "Fault", "Figure", "Passage", "evaluate", "read_gold", "write_gold"]
