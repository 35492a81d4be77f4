"""Reads the reviews: SST-2 (English films) and ChnSentiCorp (Chinese hotels, books, computers).

    python data.py --data FOLDER --work FOLDER [--bert-work FOLDER]

The published splits are kept. A training text that also stands in dev or test is dropped there, and counted, and so is
one of scope-bert's own held-out documents: with --bert-work those are written apart as "unseen", Chinese reviews that neither
pretraining nor fine-tuning has read. A line of the output is {"lang", "label", "text"}; 1 is positive.
"""

from __future__ import annotations

import argparse
import json
import sys
import tarfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from data import natural  # noqa: E402
from heldout import written  # noqa: E402
from overlap import digest, letters, reports  # noqa: E402

SPLITS = ("train", "dev", "test")
ENGLISH, CHINESE = "sst-mr-subj-trec.tar.xz", "uer-zh.tar.xz"


def member(folder: str, archive: str, suffix: str) -> str:
    with tarfile.open(Path(folder) / archive, "r|xz") as tar:
        for entry in tar:
            if entry.isfile() and entry.name.endswith(suffix):
                return tar.extractfile(entry).read().decode("utf-8", "replace")
    raise SystemExit(f"no {suffix} in {archive}")


def read(folder: str, split: str) -> list[dict]:
    found = []
    for line in member(folder, ENGLISH, f"stsa.binary.{split}").splitlines():
        label, text = line.split(" ", 1)
        found.append({"lang": "en", "label": int(label), "text": natural(text.strip())})
    for line in member(folder, CHINESE, f"datasets/chnsenticorp/{split}.tsv").splitlines()[1:]:
        label, text = line.split("\t", 1)
        found.append({"lang": "zh", "label": int(label), "text": text.strip().strip('"')})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with the text archives")
    parser.add_argument("--work", required=True, help="folder for what the recipe writes")
    parser.add_argument("--bert-work", help="folder that scope-bert's data.py wrote")
    args = parser.parse_args()
    work = Path(args.work)
    work.mkdir(parents=True, exist_ok=True)

    splits = {split: read(args.data, split) for split in SPLITS}
    unread = set()
    if args.bert_work:
        with open(Path(args.bert_work) / "heldout.jsonl", encoding="utf-8") as file:
            unread = {letters("".join(d["segments"])) for d in map(json.loads, file) if d["source"] == "chnsenticorp"}
    splits["unseen"] = [r for r in splits["train"] if r["lang"] == "zh" and letters(r["text"]) in unread]
    held = {letters(r["text"]) for split in ("dev", "test", "unseen") for r in splits[split]} | {letters(r["text"]) for r in written()["reviews"]}
    kept = [r for r in splits["train"] if letters(r["text"]) not in held]
    report: dict = {"droppedFromTraining": len(splits["train"]) - len(kept)}
    splits["train"] = kept
    for lang in ("en", "zh"):
        report[lang] = {split: sum(r["lang"] == lang for r in rows) for split, rows in splits.items()}
    sets = {f"{lang} {split}": [r["text"] for r in splits[split] if r["lang"] == lang] for split in ("dev", "test", "unseen") for lang in ("en", "zh")}
    sets["written"] = [r["text"] for r in written()["reviews"]]
    sets = {name: texts for name, texts in sets.items() if texts}
    report["overlap"] = {name: {**f, "sha256": digest(sets[name])} for name, f in reports(sets, (r["text"] for r in kept)).items()}
    for split, rows in splits.items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (work / f"{split}.jsonl").write_text(lines, encoding="utf-8")
    (work / "data.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
