"""
Names of places and where they are.

Knows no article, no event and no map. `load_gazetteer` gives the curated catalogue of Libya and
of the namesakes that must not be taken for it.
"""

from gazetteer.catalogue import Gazetteer, NameUse, Ranked
from gazetteer.clue import Clue, Head
from gazetteer.errors import GazetteerError, PackError, PlaceError, PlaceNotFoundError
from gazetteer.matcher import NameHit, NameMatcher
from gazetteer.names import Folded, fold, fold_many, fold_name
from gazetteer.place import EARTH_RADIUS_KM, KINDS, WIDE_KINDS, Place, bearing, distance_km
from gazetteer.reader import load_gazetteer, read_pack, user_packs

__all__ = [
    "EARTH_RADIUS_KM",
    "KINDS",
    "WIDE_KINDS",
    "Clue",
    "Folded",
    "Gazetteer",
    "GazetteerError",
    "Head",
    "NameHit",
    "NameMatcher",
    "NameUse",
    "PackError",
    "Place",
    "PlaceError",
    "PlaceNotFoundError",
    "Ranked",
    "bearing",
    "distance_km",
    "fold",
    "fold_many",
    "fold_name",
    "load_gazetteer",
    "read_pack",
    "user_packs",
]
