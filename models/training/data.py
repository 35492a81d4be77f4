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
import re
import tarfile
from pathlib import Path

from nursery import stories
from overlap import HAN, grams, letters

SPLITS = ("train", "heldout")
# A held-out share per source. Documents differ in size: a book is long, a review is short.
HELD_OUT = {
    "books": 0.04,
    "tinystories": 0.05,
    "tatoeba": 0.03,
    "clue": 0.05,
    "chnsenticorp": 0.03,
    "book_review": 0.03,
    "film_reviews": 0.03,
    "subjectivity": 0.03,
    "customer_reviews": 0.03,
    "nursery": 0.05,
}
# Taken from each book. All of them would be 110 MB, far more than the run reads;
# a part of every book gives more variety than a few books whole.
BOOK_CHARACTERS = 110_000
# Shorter sentences ("He nodded.") may stand in both splits: they are common property.
SAME_TEXT = 20

END_ENGLISH = re.compile(r"(?<=[.!?])[\"'”’)_]*\s+(?=[\"'“‘(_A-Z0-9])")
END_CHINESE = re.compile(r"(?<=[。！？!?…])(?![。！？!?…”’」』）)\"])|(?<=[。！？!?…][”’」』）\"])")


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
    # ChnSentiCorp's own development and test texts are kept for scope-bert-sentiment.
    kept_back = {letters(text) for split in ("dev", "test") for text in labelled(folder, "chnsenticorp", split)}
    for text in labelled(folder, "book_review", "dev"):
        yield document("book_review", text[:200], "zh", sentences(text, "zh"))
    for name, text in members(folder, "uer-zh", ".txt"):
        lines = [line for line in text.splitlines() if line.strip()]
        if name.endswith("CLUECorpusSmall_sampled.txt"):
            for line in lines:
                yield document("clue", line[:200], "zh", sentences(line, "zh"))
        elif name.endswith("chnsenticorp.txt"):
            for line in lines:
                if letters(line) not in kept_back:
                    yield document("chnsenticorp", line[:200], "zh", sentences(line, "zh"))
        elif name.endswith("book_review_cls.txt"):
            for line in lines:
                review = line.split("\t")[-1]
                yield document("book_review", review[:200], "zh", sentences(review, "zh"))
        # The fourth file there, news lines, has no marks between its articles, so that no
        # whole document of it could be held out; it is left alone.


def film_reviews(folder):
    """MR and Subj (films) and CR (things bought): single sentences, without their labels. What stands in the
    development or test split of SST-2, which is made from MR, is left out, near copies too."""
    held = [text for split in ("dev", "test") for text in labelled(folder, "stsa.binary", split)]
    keys, runs = {letters(text) for text in held}, set().union(*map(grams, held))
    for source, name in (("film_reviews", "rt-polarity.all"), ("subjectivity", "subj.all"), ("customer_reviews", "custrev.all")):
        for _, text in members(folder, "sst-mr-subj-trec", name):
            for line in text.splitlines():
                sentence = natural(line.split(" ", 1)[1].strip())
                found = grams(sentence)
                if letters(sentence) not in keys and 2 * len(found & runs) <= len(found):
                    yield document(source, sentence[:200], "en", sentences(sentence, "en"))


def labelled(folder, name, split):
    """The texts of a labelled set's split."""
    if name == "stsa.binary":
        for _, text in members(folder, "sst-mr-subj-trec", f"stsa.binary.{split}"):
            yield from (natural(line.split(" ", 1)[1].strip()) for line in text.splitlines())
    else:
        for _, text in members(folder, "uer-zh", f"datasets/{name}/{split}.tsv"):
            yield from (line.split("\t", 1)[1].strip() for line in text.splitlines()[1:])


def natural(text):
    """The Penn Treebank's spacing undone as far as the tokenizer minds: "does n't" is "doesn't"."""
    text = re.sub(r" (n't|'s|'re|'ve|'ll|'d|'m)\b", r"\1", text.replace("n 't", "n't"))
    text = text.replace("-lrb-", "(").replace("-rrb-", ")").replace("``", '"').replace("''", '"')
    return re.sub(r" ([.,!?;:)])", r"\1", text)


def nursery(alone):
    """Held out only where there is nothing else: sentences from templates repeat."""
    for number, lang, segments in stories():
        split, doc = document("nursery", number, lang, segments)
        yield split if alone else "train", doc


def read(folder):
    yield from nursery(folder is None)
    if folder is None:
        return
    yield from books(folder)
    yield from tinystories(folder)
    yield from tatoeba(folder)
    yield from uer(folder)
    yield from film_reviews(folder)


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
