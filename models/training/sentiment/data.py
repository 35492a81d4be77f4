"""Reads the reviews: SST-2 (English films) and ChnSentiCorp (Chinese hotels, books, computers).

    python data.py --data FOLDER --work FOLDER

The published splits are kept. A training text that also stands in dev or test is dropped there, and
counted. A line of the output is {"lang", "label", "text"}; 1 is positive.
"""

from __future__ import annotations

import argparse
import json
import re
import tarfile
from pathlib import Path

SPLITS = ("train", "dev", "test")
ENGLISH, CHINESE = "sst-mr-subj-trec.tar.xz", "uer-zh.tar.xz"


def member(folder: str, archive: str, suffix: str) -> str:
    with tarfile.open(Path(folder) / archive, "r|xz") as tar:
        for entry in tar:
            if entry.isfile() and entry.name.endswith(suffix):
                return tar.extractfile(entry).read().decode("utf-8", "replace")
    raise SystemExit(f"no {suffix} in {archive}")


def natural(text: str) -> str:
    """The Penn Treebank's spacing undone as far as the tokenizer minds: "does n't" is "doesn't"."""
    text = re.sub(r" (n't|'s|'re|'ve|'ll|'d|'m)\b", r"\1", text)
    text = text.replace("-lrb-", "(").replace("-rrb-", ")").replace("``", '"').replace("''", '"')
    return re.sub(r" ([.,!?;:)])", r"\1", text)


def read(folder: str, split: str) -> list[dict]:
    found = []
    for line in member(folder, ENGLISH, f"stsa.binary.{split}").splitlines():
        label, text = line.split(" ", 1)
        found.append({"lang": "en", "label": int(label), "text": natural(text.strip())})
    for line in member(folder, CHINESE, f"datasets/chnsenticorp/{split}.tsv").splitlines()[1:]:
        label, text = line.split("\t", 1)
        found.append({"lang": "zh", "label": int(label), "text": text.strip().strip('"')})
    return found


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def grams(text: str) -> set[str]:
    """Runs of eight words or of twelve Chinese characters, by which near copies are found."""
    words = re.findall(r"\w+", text.lower()) if text.isascii() else list(letters(text))
    size = 8 if text.isascii() else 12
    return {" ".join(words[i : i + size]) for i in range(len(words) - size + 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with the text archives")
    parser.add_argument("--work", required=True, help="folder for what the recipe writes")
    args = parser.parse_args()
    work = Path(args.work)
    work.mkdir(parents=True, exist_ok=True)

    splits = {split: read(args.data, split) for split in SPLITS}
    held = {letters(r["text"]) for split in SPLITS[1:] for r in splits[split]}
    kept = [r for r in splits["train"] if letters(r["text"]) not in held]
    report: dict = {"droppedFromTraining": len(splits["train"]) - len(kept)}
    splits["train"] = kept
    seen = set().union(*(grams(r["text"]) for r in kept))
    for lang in ("en", "zh"):
        tests = [grams(r["text"]) for r in splits["test"] if r["lang"] == lang]
        report[lang] = {split: sum(r["lang"] == lang for r in rows) for split, rows in splits.items()}
        report[lang]["testTextsInTraining"] = 0
        report[lang]["testTextsMostlyInTraining"] = sum(len(t & seen) > len(t) / 2 for t in tests if t)
    for split, rows in splits.items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (work / f"{split}.jsonl").write_text(lines, encoding="utf-8")
    (work / "data.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
