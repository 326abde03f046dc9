"""GDELT 2.0's event table: its rows as ours."""

from collections.abc import Mapping
from typing import Any

from geocode.exchange.cells import Cells, other_row
from geocode.exchange.codes import load_codes

# The table has no header (GDELT event codebook 2.0).
_ACTOR = (
    "Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code",
    "Religion2Code", "Type1Code", "Type2Code", "Type3Code",
)  # fmt: skip
_GEO = (
    "Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID",
)  # fmt: skip
GDELT_COLUMNS = (
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate",
    *(f"Actor1{name}" for name in _ACTOR), *(f"Actor2{name}" for name in _ACTOR),
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale",
    "NumMentions", "NumSources", "NumArticles", "AvgTone",
    *(f"{who}Geo_{name}" for who in ("Actor1", "Actor2", "Action") for name in _GEO),
    "DATEADDED", "SOURCEURL",
)  # fmt: skip
# What kind of place it is: 3 and 4 are towns, 1 a country, 2 and 5 its parts.
_TOWN, _WIDE = ("3", "4"), 3


def from_gdelt(row: Mapping[str, str]) -> dict[str, Any]:
    """
    Read a row of GDELT's event table.

    Parameters
    ----------
    row
        Its cells by column.

    Returns
    -------
    row
        Of the layer of others. ``SQLDATE`` is often the day of the report: precision ``report``.

    Raises
    ------
    InputError
        If day or position are none.
    """
    cells = Cells(row)
    code, day = cells.text("EventCode"), cells.day("SQLDATE")
    known = load_codes().gdelt_code
    begun = [prefix for prefix in known if code.startswith(prefix)]
    return other_row(
        "gdelt",
        number=cells.needed("GLOBALEVENTID"),
        type=known[max(begun, key=len)] if begun else "other",
        type_printed=f"CAMEO {code}" if code else "",
        place_name=cells.text("ActionGeo_FullName"),
        point=cells.point("ActionGeo_Lat", "ActionGeo_Long"),
        days=(day, day),
        date_precision="report",
        geo_precision=1 if cells.text("ActionGeo_Type") in _TOWN else _WIDE,
        actor=cells.text("Actor1Name"),
        target=cells.text("Actor2Name"),
        source="GDELT",
        url=cells.text("SOURCEURL"),
    )
