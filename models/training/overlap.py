"""How much of held-out text stands in the training text: runs of eight words, or of twelve Chinese characters."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

WORDS, CHARACTERS = 8, 12
HAN = re.compile(r"[\u4e00-\u9fff]")


def letters(text: str) -> str:
    """What of a text counts for "the same": letters and digits, lower case."""
    return re.sub(r"[\W_]+", "", text.lower())


def grams(text: str) -> set[int]:
    """The runs of a text as hashes. A text is Chinese when a third of its letters is."""
    han = len(HAN.findall(text))
    if 3 * han >= len(letters(text)):
        units, size, between = list(letters(text)), CHARACTERS, ""
    else:
        units, size, between = re.findall(r"\w+", text.lower()), WORDS, " "
    return {hash(between.join(units[i : i + size])) for i in range(len(units) - size + 1)}


def report(held: Iterable[str], training: Iterable[str]) -> dict:
    """Of the held-out items: how many stand in training as they are, how many mostly, and which share of all runs does.

    `training` is read once, so it may be a generator; what is kept of it are the runs that held-out items have too."""
    items = list(held)
    keys = {letters(item) for item in items}
    runs = [grams(item) for item in items]
    wanted = set().union(*runs) if runs else set()
    found: set[int] = set()
    same: set[str] = set()
    for text in training:
        found |= grams(text) & wanted
        key = letters(text)
        if key in keys:
            same.add(key)
    total = sum(map(len, runs))
    return {
        "items": len(items),
        "itemsInTraining": sum(letters(item) in same for item in items),
        "itemsMostlyInTraining": sum(len(run & found) > len(run) / 2 for run in runs if run),
        "runs": total,
        "runsInTraining": sum(len(run & found) for run in runs),
    }


def digest(items: Iterable[str]) -> str:
    """SHA-256 of the items, sorted, a line each: names a set of held-out texts."""
    return hashlib.sha256("\n".join(sorted(items)).encode()).hexdigest()
