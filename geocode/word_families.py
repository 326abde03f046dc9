"""The forms of a verb of English, French or Arabic, so that a lexicon names it once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

_VOWELS = "aeiou"
_HISSING = ("s", "x", "z", "ch", "sh")
_AGREE = ("", "e", "s", "es")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerbRules:
    """
    How a language forms its verbs.

    Attributes
    ----------
    lang
        ``ar``, ``en`` or ``fr``.
    irregular
        Forms of verbs that no rule gives, by dictionary form. English: past, participle, gerund.
        French: the participle, then whatever else there is.
    auxiliaries
        Words that may stand between a subject and its verb ("the shells had hit").
    pronouns
        What may be joined to a verb or a noun of action («قصفتها», «انسحابهم»).
    """

    lang: str
    irregular: Mapping[str, Sequence[str]]
    auxiliaries: tuple[str, ...] = ()
    pronouns: tuple[str, ...] = ()


def family_forms(family: str, rules: VerbRules) -> Iterator[str]:
    """
    Give all forms of a phrase with a verb.

    Parameters
    ----------
    family
        Words, of which that with a tilde is the verb, or else the first: ``rain~ shells on``; words
        between bars stand for each other. An Arabic verb is its perfect and its imperfect of the
        third person: ``هاجم/يهاجم``. An exclamation mark after an English or French verb leaves
        out the form of the dictionary and the like, which are nouns too: ``shell!``.
    rules
        Of the language.

    Yields
    ------
    form
        Each once or more.

    Raises
    ------
    ValueError
        If the family is not written like that, or no rule gives the forms of its verb.

    Examples
    --------
    >>> english, arabic = VerbRules(lang="en", irregular={}), VerbRules(lang="ar", irregular={})
    >>> sorted(set(family_forms("push~ on|up", english)))[:4]
    ['push on', 'push up', 'pushed on', 'pushed up']
    >>> sorted(set(family_forms("shell!", english)))
    ['shelled', 'shelling']
    >>> list(family_forms("استولى/يستولي", arabic))[:6]
    ['استولى', 'استولت', 'استولوا', 'يستولي', 'تستولي', 'يستولون']
    """
    choices, at = _parsed(family, rules.lang)
    verbs, alone = choices[at], len(choices) == 1
    choices[at] = [form for verb in verbs for form in _verb_forms(verb, rules)]
    if at:
        # "a drone had struck", « un drone a frappé »: after its subject a verb has auxiliaries.
        choices[at] += [
            f"{auxiliary} {form}"
            for verb in verbs
            for auxiliary in rules.auxiliaries
            for form in _participles(verb, rules)
        ]
    elif alone and rules.pronouns:
        choices[at] += [form for verb in verbs for form in _with_objects(verb, rules)]
    # The verb changes least often, so that forms of one verb stand together.
    order = [at, *(n for n in range(len(choices)) if n != at)]
    for rest in product(*(choices[n] for n in order[1:])):
        for form in choices[at]:
            chosen = dict(zip(order, (form, *rest), strict=True))
            yield " ".join(chosen[n] for n in range(len(choices)))


def check_family(family: str, lang: str) -> None:
    """
    Refuse what is not written as a family.

    Parameters
    ----------
    family
        As for `family_forms`.
    lang
        ``ar``, ``en`` or ``fr``.

    Raises
    ------
    ValueError
        If a tilde stands in two words or not with all of a word's alternatives, or an Arabic verb
        has not both its tenses.
    """
    _parsed(family, lang)


def _parsed(family: str, lang: str) -> tuple[list[list[str]], int]:
    """Give the alternatives of each word, their marks left out, and which word is the verb."""
    choices = [word.split("|") for word in family.split()]
    marked = [n for n, words in enumerate(choices) if any("~" in word for word in words)]
    at = marked[0] if marked else 0
    if len(marked) > 1 or (marked and not all(word.endswith("~") for word in choices[at])):
        msg = f"{family!r}: the tilde stands behind each alternative of one word, the verb"
        raise ValueError(msg)
    choices[at] = [word.removesuffix("~") for word in choices[at]]
    if lang == "ar" and not all(verb.count("/") == 1 for verb in choices[at]):
        msg = f"{family!r}, expected perfect and imperfect as in «هاجم/يهاجم»"
        raise ValueError(msg)
    return choices, at


def _verb_forms(verb: str, rules: VerbRules) -> list[str]:
    bare = verb.removesuffix("!")
    if rules.lang == "ar":
        return _arabic(*bare.split("/"))
    forms = _english(bare, rules) if rules.lang == "en" else _french(bare, rules)
    return forms[2:] if bare != verb else forms


def _participles(verb: str, rules: VerbRules) -> list[str]:
    forms = _verb_forms(verb.removesuffix("!"), rules)
    return forms[3:4] if rules.lang == "en" else forms[2:6]


def _english(verb: str, rules: VerbRules) -> list[str]:
    """Give dictionary form, third person, past, participle, gerund."""
    after_consonant = len(verb) > 1 and verb[-2] not in _VOWELS
    if verb.endswith("y") and after_consonant:
        third, past = verb[:-1] + "ies", verb[:-1] + "ied"
    else:
        third = verb + ("es" if verb.endswith(_HISSING) else "s")
        past = verb + ("d" if verb.endswith("e") else "ed")
    gerund = (verb[:-1] if re.search(r"[^eoy]e$", verb) else verb) + "ing"
    return [verb, third, *rules.irregular.get(verb, (past, past, gerund))]


def _french(verb: str, rules: VerbRules) -> list[str]:
    """Give present and dictionary form, which are often nouns too, the participle, and others."""
    if verb in rules.irregular:
        participle, present, *others = rules.irregular[verb]
        agreed = [participle + end for end in _AGREE if not (participle + end).endswith("ss")]
        return [present, verb, *agreed, *others]
    if not verb.endswith("er"):
        msg = f"no rule gives the forms of {verb!r}; list them under [verbs.irregular]"
        raise ValueError(msg)
    stem = verb.removesuffix("er")
    soft = stem + "e" if stem.endswith("g") else stem
    ends = [*("é" + end for end in _AGREE), "ent", "es", "èrent", "era", "eront"]
    softly = [soft + end for end in ("ait", "aient", "ant", "a")]
    return [stem + "e", verb, *(stem + end for end in ends), *softly]


def _arabic(perfect: str, imperfect: str) -> list[str]:
    """Give the third person of both tenses, for him, her and them."""
    weak = perfect.endswith(("ى", "ا"))
    she = perfect[:-1] + "ت" if weak else perfect + "ت"
    they = perfect[:-1] + "وا" if weak else perfect + "وا"
    her = "ت" + imperfect[1:]
    stem = imperfect[:-1] if imperfect.endswith(("ي", "ى", "و")) else imperfect
    return [perfect, she, they, imperfect, her, stem + "ون", stem + "وا"]


def _with_objects(verb: str, rules: VerbRules) -> list[str]:
    """Give forms with a pronoun for what it is done to: «قصفتها», «تهاجمه»."""
    him, she, they, imperfect, her, *_ = _arabic(*verb.split("/"))
    doers = (him, she, they.removesuffix("ا"), imperfect, her)
    joined = [doer[:-1] + "ا" if doer.endswith("ى") else doer for doer in doers]
    return [doer + whom for doer in joined for whom in rules.pronouns]
