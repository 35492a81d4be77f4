"""Writes the tokenizer of the small world: one token per English word, Chinese character and digit.

    python tokenizer.py --model FOLDER

WordPiece, because every reader of `tokenizer.json` knows it: words are whole tokens, and digits,
hyphens and the signs in numbers continue them (`7`, `##:`, `##3`, `##0`; `twenty`, `##-`, `##five`).
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors

import lexicon as lex
from grammar import chinese_of, draw, english_of

PAD, EOS, UNK = "<pad>", "</s>", "<unk>"
TO_CHINESE, TO_ENGLISH = ">>zho<<", ">>eng<<"
SPECIAL = [PAD, EOS, UNK, TO_CHINESE, TO_ENGLISH]
MAX_TOKENS = 128
SAMPLE = 200_000

HAN = "\u4e00-\u9fff"
# A Chinese character; a number with its sign, point or colon; a word with its hyphens; any other sign.
WORD = rf"[{HAN}]|\$?[0-9]+(?:[.:][0-9]+)*|[A-Za-z]+(?:-[A-Za-z]+)*|[^\s]"
# Chinese stands without spaces, also beside numbers, and no sign has one before it.
NO_SPACE = rf"(?<=[{HAN}，。？！]) | (?=[{HAN}，。？！.,?!])"


def vocabulary() -> list[str]:
    """Every word of many sentences, small and with a capital, and the pieces of numbers."""
    rng, words = random.Random(0), set()
    texts = [side for pair in lex.FIXED for side in pair]
    for _ in range(SAMPLE):
        pair = draw(rng, "train")
        texts += [english_of(pair), chinese_of(pair)]
    for text in texts:
        for word in re.findall(WORD, text):
            parts = word.split("-")
            words.add(parts[0])
            words.update(f"##{part}" for part in parts[1:])
    words = {word for word in words if not re.search(r"[0-9]", word)}
    words |= {word.lower() for word in words} | {"$", "##-"}
    words |= {str(d) for d in range(10)} | {f"##{d}" for d in range(10)} | {"##.", "##:"}
    return [*SPECIAL, *sorted(words)]


def make(tokens: list[str]) -> Tokenizer:
    ids = {token: index for index, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.WordPiece(vocab=ids, unk_token=UNK, max_input_chars_per_word=40))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(WORD), behavior="removed", invert=True)
    tokenizer.decoder = decoders.Sequence(
        [decoders.WordPiece(prefix="##", cleanup=False), decoders.Fuse(), decoders.Replace(Regex(NO_SPACE), "")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"$A {EOS}", pair=f"$A $B {EOS}", special_tokens=[(EOS, ids[EOS])]
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
    special = {"pad_token": PAD, "eos_token": EOS, "unk_token": UNK, "additional_special_tokens": SPECIAL[3:]}
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": MAX_TOKENS,
        "clean_up_tokenization_spaces": False,
        **special,
    }
    for name, value in (("tokenizer_config", config), ("special_tokens_map", special)):
        text = json.dumps(value, indent=2, ensure_ascii=False)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(f"{tokenizer.get_vocab_size()} tokens")


if __name__ == "__main__":
    main()
