"""What part of a store is wanted."""

from dataclasses import dataclass
from datetime import date

from gazetteer.place import MAX_LAT, MAX_LON
from geocode.article import clean_text
from geocode.errors import LayerError


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """
    Which rows of a layer.

    Attributes
    ----------
    first_day, last_day
        Days, both included; None for no bound. Events count by their dates, mentions by the day
        their article was published.
    box
        West, south, east, north in degrees on EPSG:4326 around the geometry; None for everywhere.
        Where west is greater than east the box crosses the 180th meridian (RFC 7946, 5.2).
    event_type
        An event type.
    side
        A side that acts in the event or tells it.
    place_id
        A place.
    """

    first_day: date | None = None
    last_day: date | None = None
    box: tuple[float, float, float, float] | None = None
    event_type: str | None = None
    side: str | None = None
    place_id: str | None = None

    def __post_init__(self) -> None:
        """Refuse a window or box that holds nothing."""
        if self.first_day and self.last_day and self.first_day > self.last_day:
            msg = f"from {self.first_day} to {self.last_day} holds no day; are they swapped?"
            raise LayerError(msg)
        for name in (self.event_type, self.side, self.place_id):
            if name is not None and clean_text(name) != name:
                msg = f"{name!r} is no name: it holds what no text can hold"
                raise LayerError(msg)
        if self.box is not None:
            west, south, east, north = self.box
            inside = all(-MAX_LON <= lon <= MAX_LON for lon in (west, east))
            # A box that goes the long way around the world is one whose sides were swapped.
            wide = west > east and east + 360 - west > MAX_LON
            if not (inside and west != east and not wide and -MAX_LAT <= south < north <= MAX_LAT):
                msg = (
                    f"bbox {self.box} is no box; expected west,south,east,north in degrees, "
                    "south < north, and west < east unless it crosses the 180th meridian"
                )
                raise LayerError(msg)

    @property
    def boxes(self) -> tuple[tuple[float, float, float, float], ...]:
        """The box, or the two on either side of the 180th meridian; empty for everywhere."""
        if self.box is None:
            return ()
        west, south, east, north = self.box
        if west < east:
            # The meridian has two names, and what lies on it may be stored under either.
            other = {MAX_LON: -MAX_LON}.get(east) if west > -MAX_LON else None
            other = MAX_LON if west == -MAX_LON and east < MAX_LON else other
            return (self.box,) if other is None else (self.box, (other, south, other, north))
        return ((west, south, MAX_LON, north), (-MAX_LON, south, east, north))
