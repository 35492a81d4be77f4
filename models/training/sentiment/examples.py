"""Makes what the model is fine-tuned on: reviews with softened labels, and further texts.

    python examples.py --data FOLDER --work FOLDER --bert-work FOLDER

A small set of reviews is learnt by heart within a few rounds. So, as in distillation (Hinton et al. 2015), a teacher says
how sure it is: TF-IDF and logistic regression, with the settings that baseline.py found on dev. Of a training review it
has not seen the label (eight folds), and its word is blended with the label. And as in Tang et al. 2019 there are more
texts than those with labels: runs of words from training reviews and unlabelled sentences, which the teacher labels.
Reviews of other sets come with labels of their own. None of these further texts shares a run of words with a text that is
measured (see `apart`). A line of examples.jsonl is {"lang", "text", "target", "weight"}.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
from sklearn.model_selection import cross_val_predict

from baseline import best, classifier, rows

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
# The file beside this one is called like the one above, which others import.
spec = importlib.util.spec_from_file_location("sentiment_data", HERE / "data.py")
sentiment_data = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sentiment_data)
from data import natural  # noqa: E402
from heldout import written  # noqa: E402
from overlap import digest, grams, letters, reports  # noqa: E402

SEED, FOLDS = 20, 8
TOLD, SMOOTHING = 0.4, 0.02  # the teacher's part in the target of a training review; how far labels stay from 0 and 1
# How much an example counts.
OWN, TAUGHT, OTHER = 1.0, 0.7, 0.5
RUNS, LONGEST_RUN = 3, 8  # of an English review: how many runs of words, of how many words at most
RUN_CHINESE, SHARE_CHINESE = (4, 40), 0.7  # characters of a Chinese one; how many reviews give one
BOOKS = 6000  # labelled book reviews


def runs_of(reviews: list[dict], rng: np.random.Generator) -> list[str]:
    """Parts of reviews: what a few words say by themselves."""
    found = []
    for review in reviews:
        if review["lang"] == "zh":
            if rng.random() < SHARE_CHINESE:
                length = int(rng.integers(*RUN_CHINESE))
                begin = int(rng.integers(max(1, len(review["text"]) - length)))
                found.append(review["text"][begin : begin + length])
            continue
        words = review["text"].split()
        for _ in range(RUNS if len(words) > 2 else 0):
            length = int(rng.integers(1, min(LONGEST_RUN + 1, len(words))))
            begin = int(rng.integers(len(words) - length + 1))
            found.append(" ".join(words[begin : begin + length]))
    return found


def lines(folder: str, name: str) -> list[tuple[int, str]]:
    """(label, sentence) of one of the English sets."""
    parts = (line.split(" ", 1) for line in sentiment_data.member(folder, sentiment_data.ENGLISH, name).splitlines())
    return [(int(label), natural(text.strip())) for label, text in parts]


def books(folder: str) -> list[tuple[int, str]]:
    found = []
    for split in ("train", "dev"):
        for line in sentiment_data.member(folder, sentiment_data.CHINESE, f"book_review/{split}.tsv").splitlines()[1:]:
            label, text = line.split("\t", 1)
            if label in ("0", "1"):
                found.append((int(label), text.strip().strip('"')))
    return found


def apart(texts: list, held: list[str], unread: set[str]):
    """Of pairs (label, text) those that are none of the held-out texts or of the unread, nor share a run of eight words or
    twelve characters with a held-out one (see overlap.py)."""
    keys, known = {letters(text) for text in held} | unread, set().union(*map(grams, held))
    return [(label, text) for label, text in texts if letters(text) not in keys and not grams(text) & known]


def example(lang: str, text: str, target: float, weight: float) -> dict:
    return {"lang": lang, "text": text, "target": round(float(target), 4), "weight": weight}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with the text archives")
    parser.add_argument("--work", required=True, help="folder that data.py wrote")
    parser.add_argument("--bert-work", required=True, help="folder that scope-bert's data.py wrote")
    args = parser.parse_args()
    work, rng = Path(args.work), np.random.default_rng(SEED)
    held = [r["text"] for split in ("dev", "test", "unseen") for r in rows(work, split)] + [r["text"] for r in written()["reviews"]]
    with open(Path(args.bert_work) / "heldout.jsonl", encoding="utf-8") as file:
        # Whole documents, and the sentences of which the English ones consist.
        unread = {letters(text) for d in map(json.loads, file) for text in ("".join(d["segments"]), *d["segments"])}

    train, found, report = rows(work, "train"), [], {"teacher": {}, "examples": {}}
    known, keys = {letters(r["text"]) for r in train}, {letters(text) for text in held}
    own = {
        "en": [pair for pair in lines(args.data, "rt-polarity.all") if letters(pair[1]) not in known] + lines(args.data, "custrev.all"),
        "zh": [pair for pair in books(args.data) if letters(pair[1]) not in known],
    }
    plain = {"en": lines(args.data, "subj.all"), "zh": []}
    for lang in ("en", "zh"):
        reviews = [r for r in train if r["lang"] == lang]
        texts, labels = [r["text"] for r in reviews], np.array([r["label"] for r in reviews])
        settings, dev = best(work, lang)
        teacher = classifier(*settings)
        unseen = cross_val_predict(teacher, texts, labels, cv=FOLDS, method="predict_proba")[:, 1]
        teacher.fit(texts, labels)
        report["teacher"][lang] = {"dev": round(dev, 4), "folds": round(float(((unseen > 0.5) == labels).mean()), 4)}
        softened = SMOOTHING / 2 + (1 - SMOOTHING) * labels
        found += [example(lang, t, (1 - TOLD) * y + TOLD * p, OWN) for t, y, p in zip(texts, softened, unseen)]
        # Runs of the training reviews may be as short as a held-out text, but none is one.
        runs = [text for text in runs_of(reviews, rng) if letters(text) not in keys]
        sets = {"runs": runs, "unlabelled": [text for _, text in apart(plain[lang], held, unread)]}
        others = apart(own[lang], held, unread)
        rng.shuffle(others)
        others = [(int(y), str(t)) for y, t in others][: BOOKS if lang == "zh" else None]
        for name, parts in sets.items():
            if parts:
                found += [example(lang, t, p, TAUGHT) for t, p in zip(parts, teacher.predict_proba(parts)[:, 1])]
        found += [example(lang, t, SMOOTHING / 2 + (1 - SMOOTHING) * y, OTHER) for y, t in others]
        report["examples"][lang] = {"own": len(reviews), **{name: len(parts) for name, parts in sets.items()}, "others": len(others)}
    measured = {f"{lang} {split}": [r["text"] for r in rows(work, split, lang)] for split in ("dev", "test", "unseen") for lang in ("en", "zh")}
    measured["written"] = [r["text"] for r in written()["reviews"]]
    measured = {name: texts for name, texts in measured.items() if texts}
    report["overlap"] = {name: {**f, "sha256": digest(measured[name])} for name, f in reports(measured, (e["text"] for e in found)).items()}
    (work / "examples.jsonl").write_text("".join(json.dumps(e, ensure_ascii=False) + "\n" for e in found), encoding="utf-8")
    (work / "examples.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
