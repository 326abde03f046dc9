"""The forms of a verb of English, French or Arabic, so that a lexicon names it once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

_VOWELS = "aeiou"
_HISSING = ("s", "x", "z", "ch", "sh")
_AGREE = ("", "e", "s", "es")
_AUXILIARIES = {"en": ("had", "has", "have"), "fr": ("a", "ont", "avait", "avaient"), "ar": ()}
_AR_OBJECTS = ("ها", "ه", "هم")
Irregular = Mapping[str, Sequence[str]]


def family_forms(family: str, lang: str, irregular: Irregular) -> Iterator[str]:
    """
    Give all forms of a phrase with a verb.

    Parameters
    ----------
    family
        Words, of which that with a tilde is the verb, or else the first: ``rain~ shells on``; words
        between bars stand for each other. An Arabic verb is its perfect and its imperfect of the
        third person: ``هاجم/يهاجم``. An exclamation mark after an English or French verb leaves
        out the form of the dictionary and the like, which are nouns too: ``shell!``.
    lang
        ``ar``, ``en`` or ``fr``.
    irregular
        Forms of verbs that no rule gives, by dictionary form. English: past, participle, gerund.
        French: the participle, then whatever else there is.

    Yields
    ------
    form
        Each once or more.

    Examples
    --------
    >>> list(family_forms("push~ on|forward", "en", {}))[:4]
    ['push on', 'pushes on', 'pushed on', 'pushing on']
    >>> sorted(family_forms("shell!", "en", {}))
    ['shelled', 'shelling']
    >>> list(family_forms("استولى/يستولي", "ar", {}))[:6]
    ['استولى', 'استولت', 'استولوا', 'يستولي', 'تستولي', 'يستولون']
    """
    words = family.split()
    at = next((n for n, word in enumerate(words) if word.endswith("~")), 0)
    choices: list[list[str]] = [word.split("|") for word in words]
    verbs = [verb.replace("~", "") for verb in choices[at]]
    choices[at] = [form for verb in verbs for form in _verb_forms(verb, lang, irregular)]
    if at:
        # "a drone had struck", « un drone a frappé »: after its subject a verb has auxiliaries.
        choices[at] += [
            f"{auxiliary} {form}"
            for verb in verbs
            for auxiliary in _AUXILIARIES[lang]
            for form in _participles(verb, lang, irregular)
        ]
    elif lang == "ar" and len(words) == 1:
        choices[at] += [form for verb in verbs for form in _with_objects(*verb.split("/"))]
    # The verb changes least often, so that forms of one verb stand together.
    order = [at, *(n for n in range(len(words)) if n != at)]
    for rest in product(*(choices[n] for n in order[1:])):
        for form in choices[at]:
            chosen = dict(zip(order, (form, *rest), strict=True))
            yield " ".join(chosen[n] for n in range(len(words)))


def _verb_forms(verb: str, lang: str, irregular: Irregular) -> list[str]:
    bare = verb.removesuffix("!")
    if lang == "ar":
        return _arabic(*bare.split("/"))
    forms = _english(bare, irregular) if lang == "en" else _french(bare, irregular)
    return forms[2:] if bare != verb else forms


def _participles(verb: str, lang: str, irregular: Irregular) -> list[str]:
    forms = _verb_forms(verb.removesuffix("!"), lang, irregular)
    return forms[3:4] if lang == "en" else [f for f in forms[2:6] if lang == "fr"]


def _english(verb: str, irregular: Irregular) -> list[str]:
    """Give dictionary form, third person, past, participle, gerund."""
    after_consonant = len(verb) > 1 and verb[-2] not in _VOWELS
    if verb.endswith("y") and after_consonant:
        third, past = verb[:-1] + "ies", verb[:-1] + "ied"
    else:
        third = verb + ("es" if verb.endswith(_HISSING) else "s")
        past = verb + ("d" if verb.endswith("e") else "ed")
    gerund = (verb[:-1] if re.search(r"[^eoy]e$", verb) else verb) + "ing"
    return [verb, third, *irregular.get(verb, (past, gerund))]


def _french(verb: str, irregular: Irregular) -> list[str]:
    """Give the forms that a report uses; those that are often nouns too first."""
    if verb in irregular:
        participle, *others = irregular[verb]
        agreed = [participle + end for end in _AGREE if not (participle + end).endswith("ss")]
        return [*others[:1], verb, *agreed, *others[1:]]
    stem = verb.removesuffix("er")
    soft = stem + "e" if stem.endswith("g") else stem
    ends = [*("é" + end for end in _AGREE), "ent", "er", "èrent", "era", "eront"]
    softly = [soft + end for end in ("ait", "aient", "ant", "a")]
    return [stem + "e", stem + "es", *(stem + end for end in ends), *softly]


def _arabic(perfect: str, imperfect: str) -> list[str]:
    """Give the third person of both tenses, for him, her and them."""
    weak = perfect.endswith(("ى", "ا"))
    she = perfect[:-1] + "ت" if weak else perfect + "ت"
    they = perfect[:-1] + "وا" if weak else perfect + "وا"
    her = "ت" + imperfect[1:]
    stem = imperfect[:-1] if imperfect.endswith(("ي", "ى", "و")) else imperfect
    return [perfect, she, they, imperfect, her, stem + "ون", stem + "وا"]


def _with_objects(perfect: str, imperfect: str) -> list[str]:
    """Give the same with a pronoun for what it is done to: «قصفتها», «يهاجمونه»."""
    him, she, they, imperfect, her, *_ = _arabic(perfect, imperfect)
    joined = him[:-1] + "ا" if him.endswith("ى") else him
    doers = (joined, she, they.removesuffix("ا"), imperfect, her)
    return [doer + whom for doer in doers for whom in _AR_OBJECTS]
