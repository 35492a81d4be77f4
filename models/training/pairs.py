"""Examples for both of BERT's tasks: [CLS] A [SEP] B [SEP], where B follows A or comes from another document.

As in the paper, half of the pairs are the next segment of the same document and half are not. Of those that are not,
some come from any document of the corpus, as in the paper, and some from another document of the same source, which
is harder: there, language and kind of text give nothing away (see `Shares`). Single sentences and translations have no such label.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PAD, UNK, CLS, SEP, MASK = range(5)
FIRST_WORD = 5  # ids from here on are not special
FOLLOWS, RANDOM, UNLABELLED = 0, 1, -100  # BERT's labels; the last is ignored by the loss

TRANSLATED = 1 / 3  # of the sentence pairs; the rest is one side alone


@dataclass(frozen=True)
class Shares:
    """How examples are divided."""

    alone: float = 0.15  # of the examples of a text with several sentences
    short: float = 0.4  # of its pairs: one sentence each, as people select them
    same_source: float = 0.5  # of the segments that do not follow


# For the last stage: nearly all pairs, and as in the paper most of those that do not follow from any document.
NEXT = Shares(alone=0.06, short=0.4, same_source=0.15)


class Source:
    """The sentences of a source as ids, one after the other, with the document of each."""

    def __init__(self) -> None:
        self.pieces: list[np.ndarray] = []
        self.starts, self.document, self.side = [0], [], []

    def add(self, encoded: list[int], document: int, side: int | None) -> None:
        self.pieces.append(np.array(encoded, dtype=np.int32))
        self.starts.append(self.starts[-1] + len(encoded))
        self.document.append(document)
        self.side.append(side)

    def close(self) -> Source:
        self.ids = np.concatenate(self.pieces)
        self.pieces = []
        return self

    def __len__(self) -> int:
        return len(self.document)

    def sentence(self, index: int) -> np.ndarray:
        return self.ids[self.starts[index] : self.starts[index + 1]]

    def follows(self, index: int) -> bool:
        """Whether there is a next sentence in the same document."""
        return index + 1 < len(self.document) and self.document[index + 1] == self.document[index]

    def segment(self, index: int, room: int) -> tuple[np.ndarray, int]:
        """Whole sentences from `index` on, at least one (cut if need be) and at most `room` tokens; and the next index."""
        parts, size = [self.sentence(index)[:room]], self.starts[index + 1] - self.starts[index]
        while self.follows(index) and size + self.starts[index + 2] - self.starts[index + 1] <= room:
            index += 1
            parts.append(self.sentence(index))
            size += len(parts[-1])
        return (np.concatenate(parts) if len(parts) > 1 else parts[0]), index + 1


def load(work: str | Path, tokenizer, split: str = "train") -> dict[str, Source]:
    sources: dict[str, Source] = defaultdict(Source)
    with open(Path(work) / f"{split}.jsonl", encoding="utf-8") as file:
        for number, line in enumerate(file):
            doc = json.loads(line)
            pair = doc["lang"] == "pair"
            for side, encoding in enumerate(tokenizer.encode_batch(doc["segments"], add_special_tokens=False)):
                if encoding.ids:
                    sources[doc["source"]].add(encoding.ids, number, side if pair else None)
    return {name: source.close() for name, source in sources.items()}


def joined(first: np.ndarray, second: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """(ids, token types)"""
    if second is None:
        ids = np.concatenate([[CLS], first, [SEP]])
        return ids, np.zeros(len(ids), dtype=np.int64)
    ids = np.concatenate([[CLS], first, [SEP], second, [SEP]])
    types = np.zeros(len(ids), dtype=np.int64)
    types[len(first) + 2 :] = 1
    return ids, types


def example(sources: dict[str, Source], name: str, other_name: str, rng, longest: int, shares: Shares = Shares()):
    """(ids, token types, label) of an example of source `name`; `other_name` is where an unrelated segment comes from
    when it is not the same source."""
    source = sources[name]
    index = int(rng.integers(len(source)))
    if source.side[index] is not None:
        first, second = source.sentence(index)[: longest // 2 - 2], None
        other = index + 1 if source.side[index] == 0 else index - 1
        if rng.random() < TRANSLATED and 0 <= other < len(source) and source.document[other] == source.document[index]:
            second = source.sentence(other)[: longest // 2 - 2]
        return *joined(first, second), UNLABELLED
    if not source.follows(index) and (index == 0 or source.document[index - 1] != source.document[index]):
        return *joined(source.sentence(index)[: longest - 2], None), UNLABELLED  # a document of one sentence
    if not source.follows(index):
        index -= 1  # the last sentence of a document is read as the second
    if rng.random() < shares.alone:
        room = longest - 2 if rng.random() < 0.5 else 1
        return *joined(source.segment(index, max(room, min(longest - 2, len(source.sentence(index)))))[0], None), UNLABELLED
    short = rng.random() < shares.short
    room = longest - 3
    if short:
        first, after = source.sentence(index)[: room // 2], index + 1
    else:
        first, after = source.segment(index, int(rng.integers(room // 4, room * 3 // 4)))
    if after >= len(source) or source.document[after] != source.document[index]:
        first, after = source.sentence(index)[: room // 2], index + 1
    follows = rng.random() < 0.5
    taken, at = source, after
    if not follows:
        taken = source if rng.random() < shares.same_source else sources[other_name]
        at = int(rng.integers(len(taken)))
        while taken is source and taken.document[at] == source.document[index]:
            at = int(rng.integers(len(taken)))
    left = room - len(first)
    second = taken.sentence(at)[:left] if short else taken.segment(at, int(rng.integers(max(8, left // 3), max(9, left + 1))))[0][:left]
    return *joined(first, second), FOLLOWS if follows else RANDOM
