"""Evidence: the sentences behind a mark, as data for the browser."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from dashboard.timemap.both import make_card
from gazetteer import Gazetteer
from geocode.article import Article
from geocode.conflict import Conflict
from geocode.placement import REASONS
from geocode.versions import contested_clusters

MAX_SHOWN = 30
# Less likely than one in two hundred: "0 %".
_LEAST_SHARE = 0.005
Words = Mapping[str, str]


def make_evidence(
    mentions: pd.DataFrame,
    events: pd.DataFrame,
    articles: Mapping[str, Article],
    *,
    conflict: Conflict,
    gazetteer: Gazetteer,
    lang: str,
    words: Words,
    limit: int | None = MAX_SHOWN,
) -> list[dict[str, Any]]:
    """
    Make the evidence for mentions, newest first.

    Parameters
    ----------
    mentions
        Rows of the mention layer with ``date``.
    events
        The event layer.
    articles
        The articles of these mentions, by id.
    conflict, gazetteer
        For the names of sides and places.
    lang
        Language of the interface.
    words
        Its words.
    limit
        The most mentions wanted; None for all.

    Returns
    -------
    evidence
        One record a mention, plain text throughout: the browser sets it as text, never as markup.
    """
    by_mention = _by_mention(events, set(mentions["mention_id"]))
    ordered = mentions.sort_values(["date", "article_id", "start"], ascending=[False, True, True])
    found = []
    records: Any = ordered.head(len(ordered) if limit is None else limit).to_dict("records")
    for row in records:
        told = by_mention.get(row["mention_id"], [])
        article = articles[row["article_id"]]
        place = row["place_name_ar"] if lang == "ar" else row["place_name"]
        found.append(
            {
                "pieces": _sentence(row, told, article),
                "place": _text(place) or row["text"],
                "mention_id": row["mention_id"],
                "date": _day(row, told, words),
                "tags": _tags(row, told, words),
                "group": _group(told[0]) if told else row["mention_id"],
                "heading": _heading(told[0], words, lang) if told else "",
                "lang": article.lang,
                "facts": _facts(row, told, conflict, gazetteer, lang, words),
                "report": article.article_id,
                "url": safe_url(article.url),
            }
        )
    return _with_event_cards(_grouped(found), events, conflict, gazetteer, lang, words)


def make_report(article: Article, mentions: pd.DataFrame, words: Words) -> dict[str, Any]:
    """
    Make a report with its places marked by role.

    Parameters
    ----------
    article
        The report.
    mentions
        Its rows of the mention layer.
    words
        Words of the interface.
    """
    kinds = mentions["role"].where(mentions["place_id"].notna(), "unknown")
    spans = list(zip(mentions["start"], mentions["end"], kinds, strict=True))
    roles = ["event", "setting", "actor", "origin", "name-part", "background"]
    titles = {role: words[f"role.{role}"] for role in roles} | {"unknown": words["unresolved"]}
    return {
        "lang": article.lang,
        "pieces": _pieces(article.text, 0, len(article.text), spans),
        "titles": titles,
        "roles": list(titles.items()),
    }


def _day(row: Mapping[str, Any], told: Sequence[Mapping[str, Any]], words: Words) -> str:
    """Give the day a card stands at, and say so where it is only that of the report."""
    day = _text(row["date"])
    if not day:
        return words["no_date"]
    of_event = any(_text(event["date_start"]) == day for event in told)
    return day if of_event or not told else f"{words['published']} \u2066{day}\u2069"


def _grouped(cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Bring the cards of one event together, where its newest stands."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for card in cards:
        groups.setdefault(card["group"], []).append(card)
    return [card for group in groups.values() for card in group]


def _group(event: Mapping[str, Any]) -> str:
    return _text(event["cluster_id"]) or str(event["event_id"])


def _with_event_cards(
    cards: list[dict[str, Any]],
    events: pd.DataFrame,
    conflict: Conflict,
    gazetteer: Gazetteer,
    lang: str,
    words: Words,
) -> list[dict[str, Any]]:
    """Set what each side says of an event before the first sentence that tells it."""
    wanted = {card["group"] for card in cards if card["heading"]}
    claims = events[events["cluster_id"].isin(wanted)]
    contested = contested_clusters(_beside(claims, events), conflict)
    made = {
        str(cluster_id): make_card(
            group,
            contested=cluster_id in contested,
            conflict=conflict,
            gazetteer=gazetteer,
            lang=lang,
            words=words,
        )
        for cluster_id, group in claims.groupby("cluster_id")
    }
    return [{**card, "event": made.pop(card["group"], None)} for card in cards]


def _beside(claims: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Give the claims at the same places too: both sides may claim one in two events."""
    return events[events["place_id"].isin(claims["place_id"].unique())]


def _heading(event: Mapping[str, Any], words: Words, lang: str) -> str:
    place = _text(event["place_name_ar" if lang == "ar" else "place_name"])
    first, last = _text(event["date_start"]), _text(event["date_end"])
    day = f"{first} – {last}" if first and last and first != last else first
    # Isolated: among Arabic words 2019-06-28 would be set as 28-06-2019.
    parts = [words[f"type.{event['type']}"], place, f"\u2066{day or words['no_date']}\u2069"]
    return " · ".join(part for part in parts if part)


def _tags(row: Mapping[str, Any], told: Sequence[Mapping[str, Any]], words: Words) -> list[Any]:
    tags = []
    if told:
        status = told[0]["status"]
        tags.append({"kind": status, "text": words[f"status.{status}"]})
    if bool(row["corrected"]):
        tags.append({"kind": "corrected", "text": words["corrected"]})
    return tags


def _by_mention(
    events: pd.DataFrame, wanted: Collection[str]
) -> dict[str, list[Mapping[str, Any]]]:
    """Give the events told at each mention; one told twice is found from both."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    records: Any = events.to_dict("records")
    for record in records:
        for mention_id in json.loads(record["mention_ids"]):
            if mention_id in wanted:
                found.setdefault(mention_id, []).append(record)
    return found


def safe_url(url: str) -> str:
    """
    Give an address a link may lead to.

    Parameters
    ----------
    url
        As the article gives it.

    Returns
    -------
    url
        Itself for http and https with a host, else empty (``javascript:``, ``data:``, …).
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def _sentence(
    row: Mapping[str, Any], told: Sequence[Mapping[str, Any]], article: Article
) -> list[tuple[str, str]]:
    """Cut a sentence at the place, and at trigger, actor and date where they stand in it."""
    text, first, last = article.text, int(row["sentence_start"]), int(row["sentence_end"])
    spans = [(int(row["start"]), int(row["end"]), "place")]
    for event in told:
        spans.append((int(event["trigger_start"]), int(event["trigger_end"]), "trigger"))
        for column, kind in (("actor", "actor"), ("date_text", "date")):
            printed = _text(event[column])
            at = text.find(printed, first, last) if printed else -1
            if at >= 0:
                spans.append((at, at + len(printed), kind))
    return _pieces(text, first, last, spans)


def _pieces(
    text: str, first: int, last: int, spans: Sequence[tuple[int, int, str]]
) -> list[tuple[str, str]]:
    """Cut a text at spans; of two that overlap, the one named first stays."""
    kept: list[tuple[int, int, str]] = []
    for start, end, kind in spans:
        inside = first <= start < end <= last
        if inside and all(end <= a or b <= start for a, b, _ in kept):
            kept.append((start, end, kind))
    pieces, at = [], first
    for start, end, kind in sorted(kept):
        pieces += [(text[at:start], ""), (text[start:end], kind)]
        at = end
    pieces.append((text[at:last], ""))
    return [piece for piece in pieces if piece[0]]


def _facts(
    row: Mapping[str, Any],
    told: Sequence[Mapping[str, Any]],
    conflict: Conflict,
    gazetteer: Gazetteer,
    lang: str,
    words: Words,
) -> list[tuple[str, str]]:
    facts = [
        (words["outlet"], _text(row["outlet"])),
        (words["published"], _text(row["published"]) or words["no_date"]),
        (words["role_label"], f"{words['role.' + row['role']]} · {words['kind.' + row['kind']]}"),
    ]
    for event in told:
        act = f"{words['type.' + event['type']]} («{event['trigger']}»)"
        facts += [
            (words["act"], f"{act} · {words['status.' + event['status']]}"),
            (words["says"], _party(event, "claimed_by", conflict, lang) or words["says_outlet"]),
            (words["actor"], _party(event, "actor", conflict, lang)),
            (words["target"], _party(event, "target", conflict, lang)),
        ]
    facts += [
        (words["relation"], _text(row["relation_text"])),
        (words["where"], _precision(row["precision_km"], words)),
        (words["chosen"], _why(_text(row["reason"]), words)),
        (words["instead"], _others(row, gazetteer, lang)),
    ]
    return [(label, value) for label, value in facts if value]


def _party(event: Mapping[str, Any], name: str, conflict: Conflict, lang: str) -> str:
    """Give the printed label beside the coded side."""
    printed, side_id = _text(event[name]), _text(event[f"{name}_side"])
    side = conflict.sides[side_id].name(lang) if side_id in conflict.sides else side_id
    return printed_and_coded(printed, side)


def printed_and_coded(printed: str, coded: str) -> str:
    """
    Put the label as printed beside the side it was read as.

    Parameters
    ----------
    printed, coded
        Either may be empty.

    Returns
    -------
    both
        Each isolated, since one may be Arabic and the other not.
    """
    if printed and coded:
        return f"\u2068«{printed}»\u2069 (\u2068{coded}\u2069)"
    return printed or coded


def _precision(precision_km: object, words: Words) -> str:
    if not isinstance(precision_km, float) or pd.isna(precision_km):
        return ""
    return words["within"].replace("{km}", f"{precision_km:.3g}")


def candidates_of(row: Mapping[str, Any]) -> list[tuple[str, float]]:
    """
    Give the places a name may mean, with their scores.

    Parameters
    ----------
    row
        Of the mention layer.
    """
    return [(str(c["id"]), float(c["score"])) for c in json.loads(row["candidates"])]


def _others(row: Mapping[str, Any], gazetteer: Gazetteer, lang: str) -> str:
    others = [
        f"{gazetteer.by_id(place_id).name(lang)} ({_share(score)})"
        for place_id, score in candidates_of(row)
        if place_id != row["place_id"] and place_id in gazetteer
    ]
    return ", ".join(others)


# What `geocode.placement` says of why a place was chosen, to be found again in a stored reason.
_REASONS = {
    name: re.compile(said.format(n=r"(?P<n>\d+)", kind=r"(?P<kind>[\w-]+)"))
    for name, said in REASONS.items()
}


def _why(reason: str, words: Words) -> str:
    """Say in the language of the interface why a place was chosen; what is not known stays."""
    return "; ".join(_why_part(part, words) for part in reason.split("; "))


def _why_part(part: str, words: Words) -> str:
    for name, pattern in _REASONS.items():
        found = pattern.fullmatch(part)
        if found:
            values = found.groupdict()
            kind = words.get(f"kind.{values.get('kind')}", values.get("kind") or "")
            return (
                words[f"why.{name}"].replace("{n}", values.get("n") or "").replace("{kind}", kind)
            )
    return part


def _share(score: float) -> str:
    return f"{score:.0%}" if score >= _LEAST_SHARE else "<1%"


def _text(value: object) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)  # noqa: PLR0124 (NaN)
