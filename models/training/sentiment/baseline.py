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
from sklearn.pipeline import Pipeline, make_pipeline, make_union

WORDS = dict(token_pattern=r"\b\w+\b", ngram_range=(1, 2))
FEATURES = {
    "en": [[WORDS], [dict(WORDS, min_df=2)], [WORDS, dict(analyzer="char_wb", ngram_range=(2, 5), min_df=2)]],
    "zh": [[dict(analyzer="char", ngram_range=(1, 2), min_df=2)], [dict(analyzer="char", ngram_range=(1, 3), min_df=2)], [dict(analyzer="char", ngram_range=(1, 4), min_df=3)]],
}
STRENGTHS = (1, 2, 4, 8, 16)


def rows(work: str | Path, split: str, lang: str | None = None) -> list[dict]:
    lines = (Path(work) / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if lang in (None, row["lang"])]


def classifier(features: list[dict], strength: float) -> Pipeline:
    union = make_union(*(TfidfVectorizer(sublinear_tf=True, **part) for part in features))
    return make_pipeline(union, LogisticRegression(C=strength, max_iter=2000))


def best(work: str | Path, lang: str) -> tuple[tuple[list[dict], float], float]:
    """(features and strength that are best on dev, their accuracy there)"""
    splits = {split: rows(work, split, lang) for split in ("train", "dev")}
    labels = {split: [r["label"] for r in found] for split, found in splits.items()}
    found = (([], 0.0), 0.0)
    for features in FEATURES[lang]:
        union = classifier(features, 1)[0]
        tables = {"train": union.fit_transform([r["text"] for r in splits["train"]]), "dev": union.transform([r["text"] for r in splits["dev"]])}
        for strength in STRENGTHS:
            model = LogisticRegression(C=strength, max_iter=2000).fit(tables["train"], labels["train"])
            dev = model.score(tables["dev"], labels["dev"])
            if dev > found[1]:
                found = ((features, strength), dev)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder that data.py wrote")
    work = parser.parse_args().work
    report = {}
    for lang in FEATURES:
        settings, dev = best(work, lang)
        texts, labels = ([r[key] for r in rows(work, "train", lang)] for key in ("text", "label"))
        test = rows(work, "test", lang)
        accuracy = classifier(*settings).fit(texts, labels).score([r["text"] for r in test], [r["label"] for r in test])
        report[lang] = {"dev": round(dev, 4), "test": round(accuracy, 4), "settings": {"features": str(settings[0]), "C": str(settings[1])}}
    sizes = {lang: len(rows(work, "test", lang)) for lang in FEATURES}
    report["test"] = round(sum(report[lang]["test"] * size for lang, size in sizes.items()) / sum(sizes.values()), 4)
    (Path(work) / "baseline.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
