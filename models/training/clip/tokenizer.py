"""Writes the tokenizer of the captions: one token per English word or Chinese character.

    python tokenizer.py --model FOLDER
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import numpy as np
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from caption import LANGUAGES, caption, claim_of
from scene import draw

PAD, UNK, BOS, EOS = "<pad>", "<unk>", "<|startoftext|>", "<|endoftext|>"
SPECIAL = [PAD, UNK, BOS, EOS]
MAX_TOKENS = 32
HAN = "\u4e00-\u9fff"
WORD = rf"[{HAN}]|[A-Za-z]+|[^\s]"
SAMPLE = 40_000


def vocabulary() -> list[str]:
    rng, words = np.random.default_rng(0), set()
    for _ in range(SAMPLE):
        scene = draw(rng)
        for lang in LANGUAGES:
            words.update(re.findall(WORD, caption(rng, claim_of(rng, scene), lang)))
    return [*SPECIAL, *sorted(words)]


def make(tokens: list[str]) -> Tokenizer:
    ids = {token: index for index, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.WordPiece(vocab=ids, unk_token=UNK, max_input_chars_per_word=40))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(WORD), behavior="removed", invert=True)
    tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=False)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BOS} $A {EOS}", special_tokens=[(BOS, ids[BOS]), (EOS, ids[EOS])]
    )
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL])
    return tokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="folder of the model to write")
    folder = Path(parser.parse_args().model)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = make(vocabulary())
    tokenizer.save(str(folder / "tokenizer.json"))
    special = {"pad_token": PAD, "unk_token": UNK, "bos_token": BOS, "eos_token": EOS}
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": MAX_TOKENS, "do_lower_case": True}
    config |= {"clean_up_tokenization_spaces": False, **special}
    for name, value in (("tokenizer_config", config), ("special_tokens_map", special)):
        text = json.dumps(value, indent=2, ensure_ascii=False)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(f"{tokenizer.get_vocab_size()} tokens")


if __name__ == "__main__":
    main()
