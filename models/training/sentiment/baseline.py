"""TF-IDF and logistic regression on the same split: the figure that the model has to reach.

    python baseline.py --work FOLDER

One classifier per language (words, pairs of words and runs of characters in English, runs of characters in Chinese); its
features and its strength of regularisation are chosen on dev.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_union

WORDS = dict(token_pattern=r"\b\w+\b", ngram_range=(1, 2))
FEATURES = {
    "en": [[WORDS], [dict(WORDS, min_df=2)], [WORDS, dict(analyzer="char_wb", ngram_range=(2, 5), min_df=2)]],
    "zh": [[dict(analyzer="char", ngram_range=(1, 2), min_df=2)], [dict(analyzer="char", ngram_range=(1, 3), min_df=2)], [dict(analyzer="char", ngram_range=(1, 4), min_df=3)]],
}
STRENGTHS = (1, 2, 4, 8, 16)


def rows(work: str | Path, split: str, lang: str | None = None) -> list[dict]:
    lines = (Path(work) / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if lang in (None, row["lang"])]


def fit(work: str, lang: str) -> tuple[float, float, dict]:
    """(dev accuracy, test accuracy, settings) of the settings that are best on dev."""
    splits = {split: rows(work, split, lang) for split in ("train", "dev", "test")}
    labels = {split: [r["label"] for r in found] for split, found in splits.items()}
    best = (0.0, 0.0, {})
    for parts in FEATURES[lang]:
        union = make_union(*(TfidfVectorizer(sublinear_tf=True, **part) for part in parts))
        tables = {"train": union.fit_transform([r["text"] for r in splits["train"]])}
        tables |= {split: union.transform([r["text"] for r in splits[split]]) for split in ("dev", "test")}
        for strength in STRENGTHS:
            model = LogisticRegression(C=strength, max_iter=2000).fit(tables["train"], labels["train"])
            dev = model.score(tables["dev"], labels["dev"])
            if dev > best[0]:
                best = (dev, model.score(tables["test"], labels["test"]), {"features": parts, "C": strength})
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder that data.py wrote")
    work = parser.parse_args().work
    report = {}
    for lang in FEATURES:
        dev, test, settings = fit(work, lang)
        report[lang] = {"dev": round(dev, 4), "test": round(test, 4), "settings": {k: str(v) for k, v in settings.items()}}
    sizes = {lang: len(rows(work, "test", lang)) for lang in FEATURES}
    report["test"] = round(sum(report[lang]["test"] * size for lang, size in sizes.items()) / sum(sizes.values()), 4)
    (Path(work) / "baseline.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
