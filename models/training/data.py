"""Reads the texts, holds documents out and writes one JSON-lines file per split.

    python data.py --data FOLDER --work FOLDER     texts from archives in FOLDER
    python data.py --work FOLDER                   no texts: a small templated language

A line is one document: {"source", "lang", "segments": [sentence, ...]}, or, for
parallel text, {"source", "lang": "pair", "segments": [english, chinese]}.

Held out are whole documents (books, stories, reviews, articles), never single lines
of a document that training sees. A training sentence that also stands in a held-out
document (second editions, reviews posted twice, stock phrases) is dropped afterwards,
so no held-out sentence of SAME_TEXT letters or more is in the training text.
"""

import argparse
import hashlib
import json
import random
import re
import tarfile
from pathlib import Path

SPLITS = ("train", "heldout")
# A held-out share per source. Documents differ in size: a book is long, a review is short.
HELD_OUT = {
    "books": 0.04,
    "tinystories": 0.05,
    "tatoeba": 0.03,
    "clue": 0.05,
    "chnsenticorp": 0.03,
    "book_review": 0.03,
    "templates": 0.05,
}
# Taken from each book. All of them would be 110 MB, far more than the run reads;
# a part of every book gives more variety than a few books whole.
BOOK_CHARACTERS = 110_000
# Shorter sentences ("He nodded.") may stand in both splits: they are common property.
SAME_TEXT = 20

END_ENGLISH = re.compile(r"(?<=[.!?])[\"'”’)_]*\s+(?=[\"'“‘(_A-Z0-9])")
END_CHINESE = re.compile(r"(?<=[。！？!?…])(?![。！？!?…”’」』）)\"])|(?<=[。！？!?…][”’」』）\"])")
HAN = re.compile(r"[\u4e00-\u9fff]")


def sentences(text, lang):
    text = re.sub(r"\s+", " ", text).strip()
    parts = (END_CHINESE if lang == "zh" else END_ENGLISH).split(text)
    return [part.strip() for part in parts if part and part.strip()]


def held_out(source, key):
    """Decided by a hash of the document's key: the same on every machine, in any order."""
    digest = hashlib.sha256(f"{source}\0{key}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 < HELD_OUT[source]


def document(source, key, lang, segments):
    return "heldout" if held_out(source, key) else "train", {
        "source": source,
        "lang": lang,
        "segments": segments,
    }


def members(folder, archive, suffix):
    """(name, text) of each file in an archive whose name ends in `suffix`, sorted by name."""
    path = Path(folder) / f"{archive}.tar.xz"
    found = []
    # Read in one pass: jumping about in an xz stream unpacks it again and again.
    with tarfile.open(path, "r|xz") as tar:
        for member in tar:
            if member.isfile() and member.name.endswith(suffix):
                found.append((member.name, tar.extractfile(member).read().decode("utf-8", "replace")))
    for name, text in sorted(found):
        yield name, text.replace("\r\n", "\n")


def books(folder):
    for name, text in members(folder, "books", ".md"):
        paragraphs = [p for p in re.split(r"\n\s*\n", text) if p.strip() and not p.lstrip().startswith(("#", "---"))]
        # Prefaces and tables of contents come first: start a little way in.
        kept, size = [], 0
        for paragraph in paragraphs[len(paragraphs) // 20 :]:
            kept += sentences(paragraph.replace("_", ""), "en")
            size += len(paragraph)
            if size > BOOK_CHARACTERS:
                break
        yield document("books", name, "en", kept)


def tinystories(folder):
    for _, text in members(folder, "tinystories-sample", "tiny_stories.txt"):
        # Paragraphs of a story stand a blank line apart; a new story starts on the next line.
        stories = re.sub(r"\n\n+", " ", text).split("\n")
        for story in stories:
            if story.strip():
                yield document("tinystories", story[:200], "en", sentences(story, "en"))


def tatoeba(folder):
    for _, text in members(folder, "tatoeba-en-zh", "cmn.txt"):
        for line in text.splitlines():
            english, chinese = line.split("\t")[:2]
            # Keyed by the English side: all translations of a sentence go to one split.
            yield document("tatoeba", english.lower(), "pair", [english, chinese])


def uer(folder):
    for name, text in members(folder, "uer-zh", ".txt"):
        lines = [line for line in text.splitlines() if line.strip()]
        if name.endswith("CLUECorpusSmall_sampled.txt"):
            for line in lines:
                yield document("clue", line[:200], "zh", sentences(line, "zh"))
        elif name.endswith("chnsenticorp.txt"):
            for line in lines:
                yield document("chnsenticorp", line[:200], "zh", sentences(line, "zh"))
        elif name.endswith("book_review_cls.txt"):
            for line in lines:
                review = line.split("\t")[-1]
                yield document("book_review", review[:200], "zh", sentences(review, "zh"))
        # The fourth file there, news lines, has no marks between its articles, so that no
        # whole document of it could be held out; it is left alone.


def templates(seed=1, count=40_000):
    """A templated language in two scripts, for when no texts are at hand. Good enough to
    see the recipe run and the loss fall; not good enough for a model to ship."""
    rng = random.Random(seed)
    beings = [("cat", "猫"), ("dog", "狗"), ("bird", "鸟"), ("girl", "女孩"), ("boy", "男孩"), ("teacher", "老师")]
    places = [("mat", "垫子"), ("chair", "椅子"), ("table", "桌子"), ("bed", "床"), ("floor", "地板"), ("grass", "草地")]
    doings = [("sat", "坐"), ("slept", "睡"), ("stood", "站"), ("played", "玩"), ("waited", "等")]
    looks = [("small", "小"), ("big", "大"), ("old", "老"), ("white", "白"), ("black", "黑"), ("happy", "快乐")]
    times = [("today", "今天"), ("yesterday", "昨天"), ("in the morning", "早上"), ("at night", "晚上")]
    for number in range(count):
        being, place, doing, look, time = (rng.choice(words) for words in (beings, places, doings, looks, times))
        other, thing = rng.choice(beings), rng.choice(places)
        english = rng.choice(
            (
                f"The {look[0]} {being[0]} {doing[0]} on the {place[0]} {time[0]}.",
                f"A {being[0]} {doing[0]} near the {place[0]}, and the {other[0]} liked the {thing[0]}.",
                f"Where is the {being[0]}? It is on the {look[0]} {place[0]}.",
            )
        )
        chinese = rng.choice(
            (
                f"{time[1]}{look[1]}{being[1]}在{place[1]}上{doing[1]}着。",
                f"{being[1]}在{place[1]}旁边{doing[1]}，{other[1]}喜欢{thing[1]}。",
                f"{being[1]}在哪里？它在{look[1]}{place[1]}上。",
            )
        )
        yield document("templates", number, "pair", [english, chinese])


def read(folder):
    if folder is None:
        yield from templates()
        return
    yield from books(folder)
    yield from tinystories(folder)
    yield from tatoeba(folder)
    yield from uer(folder)


def letters(sentence):
    """What of a sentence counts for "the same text": letters and digits, lower case."""
    return re.sub(r"[\W_]+", "", sentence.lower())


def long_enough(key):
    # A Chinese character says about as much as three or four Latin letters.
    return len(key) + 2 * len(HAN.findall(key)) >= SAME_TEXT


def without_held_out(train, held):
    """Drops training sentences that a held-out document has too (for pairs: either side)."""
    seen = {key for doc in held for s in doc["segments"] if long_enough(key := letters(s))}
    kept, dropped = [], 0
    for doc in train:
        clean = [s for s in doc["segments"] if letters(s) not in seen]
        dropped += len(doc["segments"]) - len(clean)
        if doc["lang"] == "pair" and len(clean) < 2:
            continue
        if clean:
            kept.append({**doc, "segments": clean})
    return kept, dropped


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="folder with the text archives; without it a templated language is made")
    parser.add_argument("--work", required=True, help="folder for what the recipe writes")
    args = parser.parse_args()

    folder = args.data if args.data and Path(args.data).is_dir() else None
    if args.data and folder is None:
        print(f"no folder {args.data}: making templated text instead")

    splits, seen = {name: [] for name in SPLITS}, set()
    for split, doc in read(folder):
        # The same document twice (reviews posted again) counts once.
        key = letters("".join(doc["segments"]))
        if doc["segments"] and key and key not in seen:
            seen.add(key)
            splits[split].append(doc)
    splits["train"], dropped = without_held_out(splits["train"], splits["heldout"])

    work = Path(args.work)
    work.mkdir(parents=True, exist_ok=True)
    for name in SPLITS:
        with open(work / f"{name}.jsonl", "w", encoding="utf-8") as file:
            for doc in splits[name]:
                file.write(json.dumps(doc, ensure_ascii=False) + "\n")
    counts = {}
    for name in SPLITS:
        for doc in splits[name]:
            count = counts.setdefault(doc["source"], {}).setdefault(name, {"documents": 0, "characters": 0})
            count["documents"] += 1
            count["characters"] += sum(map(len, doc["segments"]))
    report = {"sources": counts, "sentencesDroppedAsHeldOut": dropped}
    (work / "data.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
