"""Event tables of others: our events in their shape, theirs as a layer beside ours."""

from geocode.exchange.acled import ACLED_COLUMNS, to_acled
from geocode.exchange.others import DATASETS, read_others
from geocode.exchange.ucdp import UCDP_COLUMNS, to_ucdp

__all__ = ["ACLED_COLUMNS", "DATASETS", "UCDP_COLUMNS", "read_others", "to_acled", "to_ucdp"]
