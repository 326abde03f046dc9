"""The gazetteer: places by id, by name in any spelling, by rank and by nearness."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gazetteer.clue import Clue, Head
from gazetteer.errors import GazetteerError, PlaceNotFoundError
from gazetteer.names import fold_name, is_arabic, learn_names
from gazetteer.place import Place, great_circle_km

# Below this ratio two names are different names: of the spelling mistakes listed in the design
# notes (طرابس, رابلس) all score higher.
MIN_FUZZY_SCORE = 75.0
# Kinds whose head noun may stand once for several names («مطارات مصراتة وزوارة»), so that the
# rest of the name must find them too.
_HEADED_KINDS = frozenset({"airport", "airbase", "camp", "axis", "port", "oilfield", "building"})


@dataclass(frozen=True, slots=True)
class NameUse:
    """
    One place that a spelling may mean.

    Attributes
    ----------
    place
        The place.
    head_kind
        None when the spelling is a full name of the place; else the kind whose head noun must
        announce it (``airport`` for «مصراتة» meaning Misrata Airport).
    heads
        The head nouns that may do so: a prison is announced by no hospital.
    """

    place: Place
    head_kind: str | None = None
    heads: tuple[Head, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A search result: a place, its score from 0 to 100 and the spelling that matched."""

    place: Place
    score: float
    spelling: str


class Gazetteer:
    """
    Places, and how they are named.

    Parameters
    ----------
    places
        The places of all packs; ids must differ.
    heads
        Nouns that announce places.
    clues
        Names that need a clue.
    fingerprint
        A hash of the files it was read from.

    Raises
    ------
    GazetteerError
        If two places have one id.
    """

    def __init__(
        self,
        places: Iterable[Place],
        *,
        heads: Sequence[Head] = (),
        clues: Sequence[Clue] = (),
        fingerprint: str = "",
    ) -> None:
        self.places: tuple[Place, ...] = tuple(places)
        self.heads: tuple[Head, ...] = tuple(heads)
        self.fingerprint = fingerprint
        self._by_id = {place.place_id: place for place in self.places}
        if len(self._by_id) != len(self.places):
            counts = Counter(place.place_id for place in self.places)
            doubled = [place_id for place_id, count in counts.items() if count > 1]
            msg = f"Place ids {doubled!r} stand more than once; every id must be its own."
            raise GazetteerError(msg)
        learn_names(name for place in self.places for name in place.names)
        learn_names(word for head in self.heads for word in head.words)
        learn_names(clue.name for clue in clues)
        self._uses = _index_names(self.places, self.heads)
        self._clues = {fold_name(clue.name): clue for clue in clues}

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Place]:
        return iter(self.places)

    def __contains__(self, place_id: object) -> bool:
        return place_id in self._by_id

    def by_id(self, place_id: str) -> Place:
        """
        Give the place with an id.

        Parameters
        ----------
        place_id
            For example ``ly:sirte``.

        Raises
        ------
        PlaceNotFoundError
            If there is none.
        """
        try:
            return self._by_id[place_id]
        except KeyError as error:
            msg = f"No place has the id {place_id!r}; try: mihwar gazetteer search {place_id!r}"
            raise PlaceNotFoundError(msg) from error

    def uses(self, key: str) -> tuple[NameUse, ...]:
        """
        Give all places that a folded name may mean, most famous first.

        Parameters
        ----------
        key
            As `fold_name` gives it.
        """
        return self._uses.get(key, ())

    def by_name(self, name: str) -> list[Place]:
        """
        Give the places with a name, in any spelling, most famous first.

        Parameters
        ----------
        name
            In Arabic or Latin letters.

        Returns
        -------
        places
            Empty when the name is not known.
        """
        return [use.place for use in self.uses(fold_name(name)) if use.head_kind is None]

    def clue(self, key: str) -> Clue | None:
        """
        Give what is known about a folded name that is also a word.

        Parameters
        ----------
        key
            As `fold_name` gives it.
        """
        return self._clues.get(key)

    @property
    def clues(self) -> tuple[Clue, ...]:
        """All clues."""
        return tuple(self._clues.values())

    def name_keys(self) -> Iterator[str]:
        """Walk all folded names."""
        return iter(self._uses)

    def search(self, name: str, *, limit: int = 10) -> list[Ranked]:
        """
        Rank the places whose names are like a query.

        Parameters
        ----------
        name
            In any spelling, also with mistakes.
        limit
            The most results wanted.

        Returns
        -------
        ranked
            Best first; exact spellings score 100. Empty when nothing is alike.

        Examples
        --------
        >>> from gazetteer import load_gazetteer
        >>> load_gazetteer().search("ترهونه")[0].place.name_en
        'Tarhuna'
        """
        key = fold_name(name)
        if not key:
            return []
        best: dict[str, Ranked] = {}
        for spelling, score in self._alike(key, limit):
            for use in self.uses(spelling):
                if use.head_kind is None and use.place.place_id not in best:
                    best[use.place.place_id] = Ranked(use.place, score, spelling)
        ranked = sorted(best.values(), key=lambda r: (-r.score, -r.place.fame, r.place.place_id))
        return ranked[:limit]

    def near(self, lat: float, lon: float, *, limit: int = 5) -> list[tuple[Place, float]]:
        """
        Find the places nearest to a point.

        Parameters
        ----------
        lat, lon
            Degrees on EPSG:4326.
        limit
            The most results wanted.

        Returns
        -------
        nearest
            Pairs of place and distance in km, nearest first; countries, regions and seas, whose
            points are only labels, are left out.
        """
        spots = [p for p in self.places if not p.is_wide]
        ranked = sorted(
            ((p, great_circle_km((lat, lon), (p.lat, p.lon))) for p in spots), key=_second
        )
        return ranked[:limit]

    def _alike(self, key: str, limit: int) -> list[tuple[str, float]]:
        """Give spellings like a key with scores: itself, those it begins, then fuzzy ones."""
        from rapidfuzz import fuzz, process  # only where names are searched

        found = {key: 100.0} if key in self._uses else {}
        for spelling in self._uses:
            if spelling.startswith(key + " ") or spelling.endswith(" " + key):
                found.setdefault(spelling, 95.0)
        script = [s for s in self._uses if is_arabic(s) == is_arabic(key)]
        for spelling, score, _ in process.extract(
            key, script, scorer=fuzz.ratio, limit=limit * 2, score_cutoff=MIN_FUZZY_SCORE
        ):
            found.setdefault(spelling, min(score, 94.0))
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def _second(pair: tuple[Place, float]) -> float:
    return pair[1]


def _index_names(places: Iterable[Place], heads: Sequence[Head]) -> dict[str, tuple[NameUse, ...]]:
    uses: dict[str, dict[str, NameUse]] = defaultdict(dict)
    for place in places:
        for key in _spellings(place):
            uses[key][place.place_id] = NameUse(place)
    for place in places:
        for key, fitting in _headless_names(place, heads).items():
            uses[key].setdefault(place.place_id, NameUse(place, place.kind, tuple(fitting)))
    return {
        key: tuple(sorted(found.values(), key=lambda u: (-u.place.fame, u.place.place_id)))
        for key, found in uses.items()
    }


def _spellings(place: Place) -> set[str]:
    """Give the folded names of a place, and those that follow from the spelling rules."""
    keys = {fold_name(name) for name in place.names}
    for key in list(keys):
        keys.update(_abu_spellings(key))
    return keys - {""}


def _abu_spellings(key: str) -> set[str]:
    """Write «أبو قرين» in all the ways it is printed: ابو قرين، ابوقرين، بو قرين، بوقرين."""
    for start in ("ابو ", "بو "):
        if key.startswith(start):
            rest = key.removeprefix(start)
            return {f"ابو {rest}", f"ابو{rest}", f"بو {rest}", f"بو{rest}"}
    return set()


def _headless_names(place: Place, heads: Sequence[Head]) -> dict[str, list[Head]]:
    """Give what is left of the names of a place without its head noun, and that noun."""
    if place.kind not in _HEADED_KINDS:
        return {}
    found: dict[str, list[Head]] = defaultdict(list)
    names = [fold_name(name) for name in place.names]
    for head in heads:
        if head.kind != place.kind:
            continue
        for word in head.words:
            head_key = fold_name(word)
            for name in names:
                if head.position == "before" and name.startswith(head_key + " "):
                    found[_bare(name.removeprefix(head_key + " "))].append(head)
                elif head.position == "after" and name.endswith(" " + head_key):
                    found[_bare(name.removesuffix(" " + head_key))].append(head)
    return found


def _bare(key: str) -> str:
    return key if is_arabic(key) else key.removeprefix("al ")
