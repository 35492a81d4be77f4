"""Measures the fine-tuned model, the one from scratch and the untuned head on the test splits, and what storing costs.

    python evaluate.py --work FOLDER --bert FOLDER --model FOLDER [--scratch-model FOLDER]

From the shipped ONNX files. The untuned head is a random one on the pretrained encoder (mean of some seeds: chance); the
linear probe is a logistic regression on the encoder's last states, which themselves are not tuned.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer

from baseline import rows
from train import CONFIG, batches, encode, network, padded

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from export import INPUTS, session  # noqa: E402
from heldout import written  # noqa: E402
from pairs import CLS, PAD, SEP  # noqa: E402
from weights import state_of  # noqa: E402

PROBED = 3000  # training texts of the linear probe
HEADS = 5  # random heads


def predictions(model: str, tokenizer: Tokenizer, texts: list[str]) -> np.ndarray:
    """Classes by the graph, each text as the extension reads it: its first tokens, up to what the model takes."""
    run, found = session(model), []
    for encoding in tokenizer.encode_batch(texts, add_special_tokens=False):
        ids = np.array([[CLS, *encoding.ids[: CONFIG["max_position_embeddings"] - 2], SEP]])
        found.append(int(run.run(["logits"], dict(zip(INPUTS, (ids, np.ones_like(ids), np.zeros_like(ids)))))[0][0].argmax()))
    return np.array(found)


def shares(right: np.ndarray, langs: np.ndarray) -> dict:
    report = {"all": round(float(right.mean()), 4)}
    return report | {lang: round(float(right[langs == lang].mean()), 4) for lang in sorted(set(langs.tolist()))}


def states(model: torch.nn.Module, ids: list[list[int]]) -> np.ndarray:
    """The mean of the encoder's last states over a text, and the state of [CLS]."""
    found = np.zeros((len(ids), 2 * CONFIG["hidden_size"]), dtype=np.float32)
    with torch.no_grad():
        for chosen in batches([len(row) for row in ids], np.random.default_rng(0)):
            inputs = padded([ids[i] for i in chosen])
            real = (inputs != PAD).float()
            last = model.bert(input_ids=inputs, attention_mask=real.long()).last_hidden_state
            mean = (last * real[..., None]).sum(1) / real.sum(1, keepdim=True)
            found[chosen] = torch.cat([mean, last[:, 0]], 1).numpy()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, meaning in (
        ("work", "folder that data.py wrote"), ("bert", "folder of scope-bert"), ("model", "folder of the fine-tuned model"),
    ):
        parser.add_argument(f"--{name}", required=True, help=meaning)
    parser.add_argument("--scratch-model", help="folder of the one from scratch")
    args = parser.parse_args()
    torch.set_num_threads(1)
    work, tokenizer = Path(args.work), Tokenizer.from_file(str(Path(args.bert) / "tokenizer.json"))
    splits = {split: rows(work, split) for split in ("train", "test", "unseen")}
    test, unseen = splits["test"], splits["unseen"]
    langs, labels = np.array([r["lang"] for r in test]), np.array([r["label"] for r in test])
    texts = [r["text"] for r in test]

    report: dict = {"test": {"items": len(test)}}
    right = {}
    for name, folder in (("tuned", args.model), *([("scratch", args.scratch_model)] if args.scratch_model else [])):
        right[name] = predictions(folder, tokenizer, texts) == labels
        report["test"][name] = shares(right[name], langs)
        own = [r["text"] for r in unseen]
        report.setdefault("unseen", {"items": len(unseen)})[name] = round(float((predictions(folder, tokenizer, own) == [r["label"] for r in unseen]).mean()), 4)
        reviews = written()["reviews"]
        hits = predictions(folder, tokenizer, [r["text"] for r in reviews]) == [r["label"] for r in reviews]
        of = np.array([r["lang"] for r in reviews])
        report.setdefault("written", {})[name] = {lang: {"items": int((of == lang).sum()), "accuracy": round(float(hits[of == lang].mean()), 4)} for lang in ("en", "zh")}

    trained = json.loads((work / "tuned-export.json").read_text(encoding="utf-8"))["training"]
    kept = torch.load(work / f"tuned-{trained['seed']}.pt", weights_only=True)["model"]
    full = network(None, tokenizer.get_vocab_size(), CONFIG).eval()
    full.load_state_dict(kept)
    sample = [i for i in range(len(test)) if i % 4 == 0]
    ids = encode(tokenizer, [texts[i] for i in sample])
    logits = {}
    for name, model in (("fp32", full),):
        with torch.no_grad():
            logits[name] = np.array([model(input_ids=torch.tensor([row]), attention_mask=torch.ones(1, len(row), dtype=torch.long)).logits[0].argmax().item() for row in ids])
    run = session(args.model)
    rounded = [int(run.run(["logits"], dict(zip(INPUTS, (np.array([row]), np.ones((1, len(row)), dtype=np.int64), np.zeros((1, len(row)), dtype=np.int64)))))[0][0].argmax()) for row in ids]
    report["rounding"] = {"items": len(sample), "fp32": round(float((logits["fp32"] == labels[sample]).mean()), 4), "int8": round(float((np.array(rounded) == labels[sample]).mean()), 4)}

    state = state_of(args.bert)
    random = []
    test_ids = encode(tokenizer, texts)
    encoder = network(state, tokenizer.get_vocab_size(), CONFIG).eval()
    features = states(encoder, test_ids)
    with torch.no_grad():
        pooled = encoder.bert.pooler.dense(torch.from_numpy(features[:, CONFIG["hidden_size"] :])).tanh()
        for seed in range(HEADS):
            torch.manual_seed(seed)
            head = torch.randn(2, CONFIG["hidden_size"]) * 0.02
            random.append(float(((pooled @ head.T).argmax(1).numpy() == labels).mean()))
    report["untunedHead"] = {"mean": round(float(np.mean(random)), 4), "lowest": round(min(random), 4), "highest": round(max(random), 4)}
    probed = np.random.default_rng(7).permutation(len(splits["train"]))[:PROBED]
    known = states(encoder, encode(tokenizer, [splits["train"][i]["text"] for i in probed]))
    scale = known.std(0) + 1e-6
    probe = LogisticRegression(C=0.05, max_iter=1000).fit(known / scale, [splits["train"][i]["label"] for i in probed])
    report["linearProbe"] = {"trainingTexts": PROBED, **shares(probe.predict(features / scale) == labels, langs)}
    report["baseline"] = json.loads((work / "baseline.json").read_text(encoding="utf-8"))
    report["data"] = json.loads((work / "data.json").read_text(encoding="utf-8"))
    (work / "evaluation.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({k: v for k, v in report.items() if k != "data"}, indent=2))


if __name__ == "__main__":
    main()
