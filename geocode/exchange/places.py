"""Where a place lies, as tables of others ask for it."""

from gazetteer import Gazetteer


def country_of(place_id: str, gazetteer: Gazetteer) -> str:
    """
    Give the ISO code of a place's country; empty where it is not known.

    Parameters
    ----------
    place_id
        A place.
    gazetteer
        Where it is looked up.
    """
    return gazetteer.by_id(place_id).country if place_id in gazetteer else ""


def admin_of(place_id: str, gazetteer: Gazetteer) -> str:
    """
    Give the district of a place; empty where it is not known.

    Parameters
    ----------
    place_id
        A place.
    gazetteer
        Where it is looked up.
    """
    return gazetteer.by_id(place_id).admin if place_id in gazetteer else ""
