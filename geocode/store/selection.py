"""What part of a store is wanted."""

from dataclasses import dataclass
from datetime import date

from gazetteer.place import MAX_LAT, MAX_LON
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
        if self.box is not None:
            west, south, east, north = self.box
            if not (-MAX_LON <= west < east <= MAX_LON and -MAX_LAT <= south < north <= MAX_LAT):
                msg = (
                    f"bbox {self.box} is no box; expected west,south,east,north in degrees, "
                    "west < east and south < north"
                )
                raise LayerError(msg)
