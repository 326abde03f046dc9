"""What is said of inputs by whoever hands them in, and of those that are not read."""

from dataclasses import dataclass
from datetime import date

DATE_ORDERS = ("dmy", "mdy", "ymd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """
    What the caller says of articles that do not say it themselves.

    Attributes
    ----------
    published, outlet, url
        Of articles that do not tell theirs.
    encoding
        Of the files; empty for UTF-8, or what is found beyond doubt.
    date_order
        How dates like 01/02/2020 are meant, one of `DATE_ORDERS`; empty: such a date is refused
        unless it can only be meant one way.
    hijri
        Whether years like 1441 are of the Hijri calendar; else they are refused.
    earliest, latest
        Days of publication before or after are refused, None for no bound but that of
        `geocode.article.parse_published`. The commands take the day after today as the latest.
    """

    published: str = ""
    outlet: str = ""
    url: str = ""
    encoding: str = ""
    date_order: str = ""
    hijri: bool = False
    earliest: date | None = None
    latest: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """
    An input that was not read.

    Attributes
    ----------
    source
        The file or address.
    where
        The line or row, empty for the whole file.
    reason
        What is wrong with it.
    content
        What it says, as a JSON object or a line, where that is at hand; None for whole files.
    """

    source: str
    where: str
    reason: str
    content: str | None = None

    def __str__(self) -> str:
        """Give one line for a terminal."""
        place = f"{self.source}, {self.where}" if self.where else self.source
        return f"{place}: {self.reason}"
