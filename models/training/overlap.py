"""How much of held-out text stands in the training text: runs of eight words, or of twelve Chinese characters.

    python overlap.py --work FOLDER

Looks for the held-out sentences of each source and for the text written for this project in all of the training text,
and writes overlap.json. The digests name the sets that were looked for: a test holds the shipped one against them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

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


def reports(sets: dict[str, list[str]], training: Iterable[str]) -> dict[str, dict]:
    """Of each set of held-out items: how many stand in training as they are, how many mostly, and which share of all
    runs does. `training` is read once; what is kept of it are the runs that held-out items have too."""
    runs = {name: [grams(item) for item in items] for name, items in sets.items()}
    keys = {letters(item) for items in sets.values() for item in items}
    wanted = set().union(*(run for each in runs.values() for run in each))
    found: set[int] = set()
    same: set[str] = set()
    for text in training:
        found |= grams(text) & wanted
        key = letters(text)
        if key in keys:
            same.add(key)
    return {
        name: {
            "items": len(items),
            "itemsInTraining": sum(letters(item) in same for item in items),
            "itemsMostlyInTraining": sum(len(run & found) > len(run) / 2 for run in runs[name] if run),
            "runs": sum(map(len, runs[name])),
            "runsInTraining": sum(len(run & found) for run in runs[name]),
        }
        for name, items in sets.items()
    }


def digest(items: Iterable[str]) -> str:
    """SHA-256 of the items, sorted, a line each: names a set of held-out texts."""
    return hashlib.sha256("\n".join(sorted(items)).encode()).hexdigest()


def documents(work: Path, split: str) -> Iterable[dict]:
    with open(work / f"{split}.jsonl", encoding="utf-8") as file:
        yield from map(json.loads, file)


def main() -> None:
    from heldout import written_items  # which imports this module's users

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder that data.py wrote")
    work = Path(parser.parse_args().work)
    sets: dict[str, list[str]] = {}
    for doc in documents(work, "heldout"):
        # Short sentences ("He nodded.") are common property and stand in both splits.
        sets.setdefault(doc["source"], []).extend(s for s in doc["segments"] if grams(s))
    sets["written"] = written_items()
    training = [" ".join(doc["segments"]) if doc["lang"] == "en" else "".join(doc["segments"]) for doc in documents(work, "train") if doc["lang"] != "pair"]
    for doc in documents(work, "train"):
        # As whole sentences too, so that "the same sentence" is found, and both sides of a pair alone.
        training.extend(doc["segments"])
    found = {name: {**figures, "sha256": digest(sets[name])} for name, figures in reports(sets, training).items()}
    (work / "overlap.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
