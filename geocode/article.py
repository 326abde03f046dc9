"""Step 1: an article, a text with a date and an outlet."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from geocode.errors import ArticleError

MAX_TEXT_LENGTH = 1_000_000
# Longer ones fit into no index of PostgreSQL.
MAX_NAME_BYTES = 2000
LANGUAGES = ("ar", "en", "fr")
# Libya keeps one zone the whole year (tz database).
TRIPOLI = ZoneInfo("Africa/Tripoli")
_ARABIC = re.compile(r"[\u0621-\u064a]")
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]")
_FRENCH_WORDS = re.compile(
    r"\b(?:le|la|les|des?|une?|du|au|aux|près|dans|et|est|que|qui|sur|pour|avec|selon|ont|été)\b",
    re.IGNORECASE,
)
_ENGLISH_WORDS = re.compile(
    r"\b(?:the|of|and|in|to|said|that|was|with|from|on|by|for|at)\b", re.IGNORECASE
)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EARLIEST, _LATEST = 1990, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """
    One article as it was handed in.

    Attributes
    ----------
    article_id
        Given with it, or a hash of the text.
    text
        Exactly as given; every offset points into it.
    title
        The headline, where it is not the first line of the text.
    published
        Day of publication in Africa/Tripoli; None when unknown, never the present day.
    published_at
        The date as it was given, with its time.
    outlet, url
        Who printed it, and where.
    lang
        ``ar``, ``en`` or ``fr``.
    remarks
        What was odd about it: another encoding than UTF-8, characters that had to be exchanged.
        Nothing depends on it.
    """

    article_id: str
    text: str
    title: str = ""
    published: date | None = None
    published_at: str = ""
    outlet: str = ""
    url: str = ""
    lang: str = "ar"
    remarks: str = ""

    def __post_init__(self) -> None:
        """Refuse a text nobody can read and an unknown language."""
        if len(self.text) > MAX_TEXT_LENGTH:
            msg = f"the text has {len(self.text)} characters, at most {MAX_TEXT_LENGTH} are read"
            raise ArticleError(msg)
        if not any(c.isprintable() and not c.isspace() for c in self.text):
            msg = "the text is empty"
            raise ArticleError(msg)
        for name in ("article_id", "url"):
            if len(getattr(self, name).encode("utf-8", "replace")) > MAX_NAME_BYTES:
                msg = f"{name} has more than {MAX_NAME_BYTES} bytes"
                raise ArticleError(msg)
        if self.lang not in LANGUAGES:
            msg = f"lang={self.lang!r}, expected one of {', '.join(LANGUAGES)}"
            raise ArticleError(msg)

    @property
    def content_hash(self) -> str:
        """A hash over all that the reading depends on."""
        parts = (
            self.article_id,
            self.text,
            self.title,
            self.published_at,
            self.outlet,
            self.url,
            self.lang,
        )
        return hashlib.blake2b(
            "\x1f".join(parts).encode("utf-8", "replace"), digest_size=16
        ).hexdigest()


def make_article(
    text: str,
    *,
    article_id: str = "",
    title: str = "",
    published: str = "",
    outlet: str = "",
    url: str = "",
    lang: str = "",
    remarks: str = "",
) -> Article:
    """
    Make an article from what was handed in.

    Parameters
    ----------
    text
        The text; lone surrogates become U+FFFD and NUL characters U+FFFD, one for one, so that
        offsets stay.
    article_id
        Empty: a hash of the text.
    title
        May be empty.
    published
        ISO 8601 date or time; empty for unknown.
    outlet, url
        May be empty.
    lang
        Empty: detected.
    remarks
        What was odd about its file; what is exchanged here is added.

    Raises
    ------
    ArticleError
        If the text is empty or the date is none.
    """
    exchanged = len(_UNSTORABLE.findall(text)) if len(text) <= MAX_TEXT_LENGTH else 0
    said = [f"characters that no text can hold, here U+FFFD: {exchanged}"] * bool(exchanged)
    hidden = len(_CONTROL.findall(text)) if len(text) <= MAX_TEXT_LENGTH else 0
    said += [f"control characters: {hidden}"] * bool(hidden)
    # An article that is read back has its remarks already.
    remarks = "; ".join(dict.fromkeys(filter(None, [*remarks.split("; "), *said])))
    text = clean_text(text)
    published = clean_text(published).strip()
    return Article(
        article_id=clean_text(article_id).strip() or hash_text(text),
        text=text,
        title=clean_text(title),
        published=parse_published(published) if published else None,
        published_at=published,
        outlet=clean_text(outlet).strip(),
        url=clean_text(url).strip(),
        lang=lang.strip().lower() or detect_language(text),
        remarks=clean_text(remarks),
    )


def clean_text(text: str) -> str:
    """
    Exchange what no file or database can hold, one character for one.

    Parameters
    ----------
    text
        Any string.
    """
    return _UNSTORABLE.sub("\ufffd", text)


def parse_published(value: str) -> date:
    """
    Read a publication date.

    Parameters
    ----------
    value
        ISO 8601: ``2019-12-14`` or with a time; a time with a zone is brought to Africa/Tripoli.

    Raises
    ------
    ArticleError
        If it is no date, or a year no article of our time has (a Hijri year, a typing mistake).
    """
    plain = "".join(_ascii_digit(c) for c in value.strip())
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError as error:
        msg = (
            f"published={value!r} is no date; expected ISO 8601, "
            "as 2019-12-14 or 2019-12-14T08:45:00+02:00"
        )
        raise ArticleError(msg) from error
    if not _EARLIEST <= moment.year <= _LATEST:
        msg = (
            f"published={value!r} is in the year {moment.year}; "
            f"expected {_EARLIEST} to {_LATEST} (a Hijri date?)"
        )
        raise ArticleError(msg)
    return moment.astimezone(TRIPOLI).date() if moment.tzinfo else moment.date()


def name_by_address(url: str) -> str:
    """
    Name an article by its address, so that an edited text takes the place of the one before.

    Parameters
    ----------
    url
        The address of the article.

    Returns
    -------
    article_id
        Empty where the address is none of a page: not http, or the front page of a site.

    Examples
    --------
    >>> name_by_address("https://example.org/")
    ''
    >>> name_by_address("https://example.org/a") == name_by_address("https://EXAMPLE.org/a#top")
    True
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not (parts.path.strip("/") or parts.query):
        return ""
    return hash_text(f"{parts.netloc.lower()}{parts.path}?{parts.query}")


def hash_text(text: str) -> str:
    """
    Name a text by its content.

    Parameters
    ----------
    text
        The text of an article.
    """
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def describe_sources(hashes: Iterable[str]) -> dict[str, str]:
    """
    Say what tables were made from, the same for the same articles in any order.

    Parameters
    ----------
    hashes
        Their content hashes.
    """
    ordered = sorted(hashes)
    digest = hashlib.blake2b("".join(ordered).encode(), digest_size=16)
    return {"generated_from": f"{len(ordered)} articles", "sources_hash": digest.hexdigest()}


def detect_language(text: str) -> str:
    """
    Tell Arabic, English and French apart.

    Parameters
    ----------
    text
        The text of an article.

    Returns
    -------
    lang
        ``ar`` where at least a third of the letters are Arabic, else the one of ``fr`` and ``en``
        of whose small words there are more.
    """
    head = text[:5000]
    arabic, latin = len(_ARABIC.findall(head)), len(_LATIN.findall(head))
    if arabic * 2 >= latin:
        return "ar"
    french, english = len(_FRENCH_WORDS.findall(head)), len(_ENGLISH_WORDS.findall(head))
    return "fr" if french > english else "en"


def _ascii_digit(char: str) -> str:
    return str(int(char)) if char.isdecimal() else char
