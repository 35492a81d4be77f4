"""Writes what the extension's tests compare with: PyTorch's vectors and logits for the sample pictures
and captions, from the checkpoint and not from the ONNX file.

    python golden.py --work FOLDER --model FOLDER --pictures FOLDER --out FILE
"""

from __future__ import annotations

import argparse
import base64
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from caption import plain, samples
from export import trained
from train import encode, pixels


def encoded(array: np.ndarray) -> dict:
    data = base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode()
    return {"dims": list(array.shape), "data": data}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder with the checkpoint")
    parser.add_argument("--model", required=True, help="folder of the model")
    parser.add_argument("--pictures", required=True, help="folder with the sample pictures")
    parser.add_argument("--out", required=True, help="the file to write")
    args = parser.parse_args()
    network, tokenizer = trained(args.work, args.model)
    captions = [(plain(scene, "en"), plain(scene, "zh")) for scene in samples()]
    names = [english.removeprefix("a ").replace(" ", "-") + ".png" for english, _ in captions]
    images = [Image.open(Path(args.pictures) / name).convert("RGB") for name in names]
    texts = [text for pair in captions for text in pair]
    ids, mask = encode(tokenizer, texts)
    with torch.no_grad():
        found = network(input_ids=ids, attention_mask=mask, pixel_values=pixels(images), output_attentions=True)
    golden = {
        "pictures": names,
        "texts": texts,
        "ids": [row[: int(m.sum())] for row, m in zip(ids.tolist(), mask)],
        "imageEmbeds": encoded(found.image_embeds.numpy()),
        "textEmbeds": encoded(found.text_embeds.numpy()),
        "logitsPerImage": encoded(found.logits_per_image.numpy()),
        # Of the first picture, from the class token only: the whole would be half a megabyte.
        "classAttention": encoded(torch.stack([layer[0, :, 0] for layer in found.vision_model_output.attentions]).numpy()),
    }
    out = Path(args.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    own = np.arange(len(names))[:, None] * 2 + np.arange(2)
    best = found.logits_per_image.argmax(1).numpy()
    print(f"{sum(b in row for b, row in zip(best, own))} of {len(names)} pictures have their own caption first")


if __name__ == "__main__":
    main()
