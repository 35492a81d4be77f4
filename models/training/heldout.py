"""What is asked about held-out text: masked words, and whether one segment follows another.

Two kinds of text: the documents that data.py held out (see `Held`), and those written for this project, which are
shipped (`test/fixtures/scopeBert/heldOut.json`), so that the extension's own engine can be asked the same without the
archives. The latter are masked and paired by rules without randomness; test/evaluate has the same rules.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from mix import MIX
from pairs import CLS, FIRST_WORD, MASK, SEP, Source, load

WRITTEN = Path(__file__).resolve().parents[2] / "test/fixtures/scopeBert/heldOut.json"
SEED, MASKED, LONGEST = 7, 0.15, 128
FOLLOWED = 107  # the seed of the pairs that a training is followed by
EXAMPLES = {"tatoeba": 200}
EVERY = 7  # of written text: every seventh token is masked, seven times, so that each is masked once
# How many pairs begin in each source that has documents of several sentences, about as in MIX.
PAIRED = {"books": 200, "tinystories": 70, "clue": 75, "chnsenticorp": 90, "book_review": 65}


def masked(ids: np.ndarray, rng) -> tuple[np.ndarray, np.ndarray]:
    """(ids with 15 % of the words masked, positions)"""
    able = np.flatnonzero(ids >= FIRST_WORD)
    chosen = np.sort(rng.choice(able, max(1, round(MASKED * len(able))), replace=False))
    hidden = ids.copy()
    hidden[chosen] = MASK
    return hidden, chosen


def rows_of(source: Source, side: int | None) -> list[np.ndarray]:
    """Whole sentences in a row, as many as fit, of one side or of all."""
    rows, index = [], 0
    while index < len(source):
        if side is not None and source.side[index] != side:
            index += 1
            continue
        if side is not None:
            words, index = source.sentence(index)[: LONGEST - 2], index + 1
        else:
            words, index = source.segment(index, LONGEST - 2)
        if (words >= FIRST_WORD).any():
            rows.append(np.concatenate([[CLS], words, [SEP]]))
    return rows


def groups(work: str | Path, tokenizer) -> dict[tuple[str, str], list[np.ndarray]]:
    """(source, language) -> rows, a fixed random choice."""
    rng, found = np.random.default_rng(SEED), {}
    chinese = {"clue", "chnsenticorp", "book_review"}
    for name, source in sorted(load(work, tokenizer, "heldout").items()):
        sides = [("en", 0), ("zh", 1)] if source.side[0] is not None else [("zh" if name in chinese else "en", None)]
        for lang, side in sides:
            rows = rows_of(source, side)
            rng.shuffle(rows)
            found[name, lang] = rows[: EXAMPLES.get(name, 90)]
    return found


def segment_pairs(work: str | Path, tokenizer, short: bool, seed: int = SEED, without: frozenset = frozenset()) -> list[dict]:
    """A segment, the one that follows, one of any other document (as in the paper) and one of another document of the
    same source. `short`: a sentence each; else as many sentences as fit, up to 120 tokens each. "sentences" are those of
    the first two, as (source, index); none of `without` is among them."""
    sources, rng, found = load(work, tokenizer, "heldout"), np.random.default_rng(seed + short), []
    corpus = [name for name in MIX if name in sources]
    shares = np.array([MIX[name] for name in corpus]) / sum(MIX[name] for name in corpus)

    def take(source: Source, at: int) -> tuple[np.ndarray, int]:
        return (source.sentence(at)[:60], at + 1) if short else source.segment(at, 120)

    for name in PAIRED:
        source = sources[name]
        made = 0
        while made < PAIRED[name]:
            at = int(rng.integers(len(source)))
            first, after = take(source, at)
            if after >= len(source) or source.document[after] != source.document[at]:
                continue
            following, end = take(source, after)
            sentences = frozenset((name, i) for i in range(at, end))
            if sentences & without:
                continue
            other = sources[corpus[int(rng.choice(len(corpus), p=shares))]]
            places = []
            for pool in (other, source):
                place = int(rng.integers(len(pool)))
                while pool is source and pool.document[place] == source.document[at]:
                    place = int(rng.integers(len(pool)))
                places.append(take(pool, place)[0])
            found.append({"source": name, "first": first, "next": following, "any": places[0], "same": places[1], "sentences": sentences})
            made += 1
    return found


def other_pairs(work: str | Path, tokenizer) -> list[dict]:
    """Pairs of segments to follow a training by: no sentence of theirs is in a pair that the card's figures are of."""
    asked = frozenset().union(*(pair["sentences"] for short in (False, True) for pair in segment_pairs(work, tokenizer, short)))
    return segment_pairs(work, tokenizer, False, FOLLOWED, asked)


def written() -> dict:
    return json.loads(WRITTEN.read_text(encoding="utf-8"))


def written_items() -> list[str]:
    """Every sentence and review of the written text."""
    text = written()
    return [s for d in text["documents"] for s in d["sentences"]] + [r["text"] for r in text["reviews"]]


def written_text(doc: dict) -> str:
    return ("" if doc["lang"] == "zh" else " ").join(doc["sentences"])


def written_masks(ids: np.ndarray):
    """(ids with every seventh word masked, positions), until each has been masked once."""
    for begin in range(EVERY):
        chosen = np.array([i for i in range(1, len(ids) - 1) if i % EVERY == begin and ids[i] >= FIRST_WORD])
        if len(chosen):
            hidden = ids.copy()
            hidden[chosen] = MASK
            yield hidden, chosen


def written_pairs() -> list[dict]:
    """Each sentence with the next, one of the next document of its language, and one of a document half the list away,
    which is of the other language."""
    documents, found = written()["documents"], []
    for number, doc in enumerate(documents):
        same = [d for d in documents if d["lang"] == doc["lang"]]
        neighbour = same[(same.index(doc) + 1) % len(same)]["sentences"]
        far = documents[(number + len(documents) // 2) % len(documents)]["sentences"]
        for i in range(len(doc["sentences"]) - 1):
            first, after = doc["sentences"][i : i + 2]
            found.append(
                {"lang": doc["lang"], "first": first, "next": after, "same": neighbour[(i + 1) % len(neighbour)], "any": far[(i + 1) % len(far)]}
            )
    return found
