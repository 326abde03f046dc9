"""Random texts as the web prints them: names, clitics, marks, invisible characters."""

from hypothesis import strategies as st

NAMES = [
    "طرابلس",
    "سرت",
    "الزاوية",
    "عين زارة",
    "مصراتة",
    "ترهونة",
    "أبو قرين",
    "قاعدة الوطية",
    "Sirte",
    "al-Watiya",
    "Tarhuna",
]
CLITICS = ["", "و", "ب", "ل", "وب", "ف"]
WORDS = [
    "قصف",
    "سيطرت",
    "قوات",
    "الجيش",
    "في",
    "من",
    "على",
    "أمس",
    "قال",
    "إن",
    "ميليشيات",
    "clashes",
    "in",
    "near",
    "3",
    "٢٠١٩",
]
MARKS = [
    "\u064b",
    "\u064e",
    "\u0651",
    "\u0670",
    "\u0640",
    "\u200c",
    "\u200f",
    "\u202b",
    "\ufeff",
    "\u00ad",
    "\u0301",
]
ODD = [
    "ﻼ",
    "ﷲ",
    "ﻁﺮﺍﺑﻠﺲ",
    "🎯",
    "\u0000",
    "\ud800",
    "\r\n",
    "،",
    ".",
    "«",
    "»",
    "{{x}}",
    "<b>",
    "ß",
    "ŉ",
    "½",
    "ﬁ",
]


@st.composite
def marked(draw: st.DrawFn, pieces: list[str]) -> str:
    """Give a piece with marks and invisible characters strewn in."""
    piece = draw(st.sampled_from(pieces))
    out = []
    for char in piece:
        out.append(char)
        if draw(st.integers(0, 5)) == 0:
            out.append(draw(st.sampled_from(MARKS)))
    return "".join(out)


@st.composite
def press_texts(draw: st.DrawFn) -> str:
    """Give a text of names with clitics, words and odd characters."""
    parts = []
    for _ in range(draw(st.integers(1, 25))):
        kind = draw(st.integers(0, 3))
        if kind == 0:
            parts.append(draw(st.sampled_from(CLITICS)) + draw(marked(NAMES)))
        elif kind == 1:
            parts.append(draw(st.sampled_from(ODD)))
        else:
            parts.append(draw(marked(WORDS)))
        parts.append(draw(st.sampled_from([" ", " ", " ", "", "\n", ". ", "."])))
    return "".join(parts)
