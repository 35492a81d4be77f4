"""Exports a fine-tuned model with scope-bert's tokenizer, weights stored as integers (see ../compact.py).

    python export.py --work FOLDER --bert FOLDER --name tuned|scratch --model FOLDER

Where several seeds were trained, the one that is best on dev is taken.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer

from train import CONFIG, LABELS, network

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
# This file is called like the one that it uses.
spec = importlib.util.spec_from_file_location("bert_export", Path(__file__).resolve().parents[1] / "export.py")
bert_export = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bert_export)

TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder with the checkpoints")
    parser.add_argument("--bert", required=True, help="folder of scope-bert")
    parser.add_argument("--name", required=True, choices=("tuned", "scratch"))
    parser.add_argument("--model", required=True, help="folder of the model to write")
    args = parser.parse_args()
    work, model = Path(args.work), Path(args.model)
    runs = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(work.glob(f"{args.name}-[0-9]*.json"))]
    best = max(runs, key=lambda run: run["dev"]["all"])
    tokenizer = Tokenizer.from_file(str(Path(args.bert) / "tokenizer.json"))
    full = network(None, tokenizer.get_vocab_size(), CONFIG).eval()
    full.load_state_dict(torch.load(work / f"{args.name}-{best['seed']}.pt", weights_only=True)["model"])
    model.mkdir(parents=True, exist_ok=True)
    for name in TOKENIZER:
        shutil.copy(Path(args.bert) / name, model / name)
    labels = {"id2label": {str(index): name for index, name in LABELS.items()}, "label2id": {name: index for index, name in LABELS.items()}}
    report = bert_export.write(full, model, **labels, hidden_dropout_prob=0.0, classifier_dropout=None)
    report["training"] = best
    (work / f"{args.name}-export.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
