"""Writes what the extension's tests compare with: PyTorch's vectors, logits and attention for the sample pictures,
prepared by transformers' own image processor, and captions; from the checkpoint and not from the ONNX file.

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
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from caption import plain, samples
from evaluate import TEMPLATES
from export import trained
from picture import file_name
from scene import seen
from train import encode

# Of the first picture, the class token and a few patches look: the whole would be a third of a megabyte.
ROWS = (0, 1, 20, 29, 64)


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
    scenes = samples()
    names = [f"{file_name(plain(scene, 'en'))}.png" for scene in scenes]
    images = [Image.open(Path(args.pictures) / name).convert("RGB") for name in names]
    pixels = CLIPImageProcessorPil.from_pretrained(args.model)(images, return_tensors="pt")["pixel_values"]
    labels = [plain(scene, lang) for lang in TEMPLATES for scene in scenes]
    texts = [TEMPLATES[lang].format(plain(scene, lang)) for lang in TEMPLATES for scene in scenes]
    ids, mask = encode(tokenizer, texts)
    with torch.no_grad():
        found = network(input_ids=ids, attention_mask=mask, pixel_values=pixels, output_attentions=True)
    length = int(mask[0].sum())
    golden = {
        "pictures": names,
        "unseen": [not seen(scene) for scene in scenes],
        "labels": labels,
        "texts": texts,
        "ids": [row[: int(m.sum())] for row, m in zip(ids.tolist(), mask)],
        "logitScale": network.logit_scale.exp().item(),
        "imageEmbeds": encoded(found.image_embeds.numpy()),
        "textEmbeds": encoded(found.text_embeds.numpy()),
        # Over the English texts, then over the Chinese ones.
        "probabilities": encoded(found.logits_per_image.view(len(names), 2, -1).softmax(-1).numpy()),
        "attentionRows": ROWS,
        "imageAttention": encoded(torch.stack([layer[0][:, list(ROWS)] for layer in found.vision_model_output.attentions]).numpy()),
        "textAttention": encoded(torch.stack([layer[0, :, :length, :length] for layer in found.text_model_output.attentions]).numpy()),
    }
    out = Path(args.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    best = found.logits_per_image.view(len(names), 2, -1).argmax(-1)
    right = (best == torch.arange(len(names))[:, None]).sum(0).tolist()
    print(f"own caption first: {right[0]} (English) and {right[1]} (Chinese) of {len(names)} pictures")


if __name__ == "__main__":
    main()
