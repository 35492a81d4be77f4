"""The pieces that sentence pairs are put together from: words of two languages with the links between them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

# A word and the number of the meaning that it carries; 0 for words that only one language needs.
Word = tuple[str, int]

NO_SPACE_BEFORE = ".,?!"
_keys = itertools.count(1)


@dataclass(frozen=True)
class Phrase:
    """The same meaning in both languages. Words with the same key translate each other."""

    en: tuple[Word, ...]
    zh: tuple[Word, ...]


def atom(en: str, zh: str) -> Phrase:
    """One meaning: all of its words in one language stand for all of its words in the other."""
    key = next(_keys)
    return Phrase(tuple((w, key) for w in en.split()), tuple((w, key) for w in zh.split()))


def build(en: str, zh: str, **slots: Phrase) -> Phrase:
    """Fills two templates. `{name}` is a slot; other words are grammar, linked to nothing.

    >>> build("{a} is {b}", "{b} 的 {a}", a=atom("this", "这"), b=atom("it", "它"))
    """

    def fill(template: str, side: str) -> tuple[Word, ...]:
        words: list[Word] = []
        for part in template.split():
            words += getattr(slots[part[1:-1]], side) if part.startswith("{") else [(part, 0)]
        return tuple(words)

    return Phrase(fill(en, "en"), fill(zh, "zh"))


def capitalised(words: tuple[Word, ...]) -> tuple[Word, ...]:
    (first, key), *rest = words
    return ((first[0].upper() + first[1:], key), *rest)


def text_of(words: tuple[Word, ...], lang: str) -> str:
    """The words as people write them: Chinese without spaces, English with them."""
    if lang == "zh":
        return "".join(word for word, _ in words)
    text = ""
    for word, _ in words:
        text += word if word in NO_SPACE_BEFORE or not text else f" {word}"
    return text
