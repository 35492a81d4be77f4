"""Makes the WordPiece vocabulary from the training split and writes the tokenizer files.

    python tokenizer.py --work FOLDER --model FOLDER

English word pieces are learnt from the English text alone and Chinese characters are
counted in the Chinese text: BERT splits every Chinese character off as its own word, so
nothing longer than one could ever be learnt, and two lists keep the shares in our hands.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from data import HAN

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
VOCABULARY = 8_000
CHINESE_CHARACTERS = 2_800
# Rarer characters would be trained too seldom to be worth their row of weights.
LEAST_COUNT = 6
MAX_LENGTH = 256
# Books outweigh everything else in bytes but not in training: a share of them, and simple
# English several times over, so that the pieces fit the mix that train.py draws.
BOOK_SENTENCES_EVERY = 6
SIMPLE_ENGLISH_TIMES = 2


def english(work):
    number = 0
    for doc in documents(work):
        if doc["lang"] == "pair":
            yield from [doc["segments"][0]] * SIMPLE_ENGLISH_TIMES
        elif doc["source"] == "books":
            for segment in doc["segments"]:
                number += 1
                if number % BOOK_SENTENCES_EVERY == 0:
                    yield segment
        elif doc["lang"] == "en":
            yield from doc["segments"] * SIMPLE_ENGLISH_TIMES


def chinese(work):
    for doc in documents(work):
        if doc["lang"] == "pair":
            yield doc["segments"][1]
        elif doc["lang"] == "zh":
            yield from doc["segments"]


def documents(work):
    with open(Path(work) / "train.jsonl", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def bert(model):
    """A tokenizer around `model` that does what BertTokenizer (uncased) does."""
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, handle_chinese_chars=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    return tokenizer


def vocabulary(work):
    normalizer = normalizers.BertNormalizer(lowercase=True, handle_chinese_chars=True)
    counts = Counter()
    for text in chinese(work):
        counts.update(c for c in normalizer.normalize_str(text) if not c.isspace())
    # Chinese punctuation and full-width signs are among the counted ones.
    characters = [c for c, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if n >= LEAST_COUNT]
    characters = characters[:CHINESE_CHARACTERS]

    ascii_signs = [chr(code) for code in range(33, 127) if not chr(code).isupper()]
    tokenizer = bert(models.WordPiece(unk_token="[UNK]"))
    trainer = trainers.WordPieceTrainer(
        vocab_size=VOCABULARY,
        min_frequency=4,
        limit_alphabet=len(ascii_signs) + 10,
        initial_alphabet=ascii_signs,
        show_progress=False,
    )
    tokenizer.train_from_iterator(english(work), trainer)
    by_rank = sorted(tokenizer.get_vocab(), key=tokenizer.token_to_id)

    # Specials first, as in BERT; [PAD] must be 0. Then single signs, then pieces by rank.
    tokens = list(SPECIAL)
    known = set(tokens)
    for token in [*ascii_signs, *characters, *by_rank]:
        if len(tokens) == VOCABULARY:
            break
        if token not in known:
            known.add(token)
            tokens.append(token)
    return tokens


def write(tokens, model):
    ids = {token: index for index, token in enumerate(tokens)}
    tokenizer = bert(models.WordPiece(vocab=ids, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.add_special_tokens(SPECIAL)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])],
    )
    model = Path(model)
    model.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(model / "tokenizer.json"))
    (model / "vocab.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")

    special = {
        "cls_token": "[CLS]",
        "mask_token": "[MASK]",
        "pad_token": "[PAD]",
        "sep_token": "[SEP]",
        "unk_token": "[UNK]",
    }
    write_json(model / "special_tokens_map.json", special)
    write_json(
        model / "tokenizer_config.json",
        {
            "tokenizer_class": "BertTokenizer",
            "do_lower_case": True,
            "tokenize_chinese_chars": True,
            "strip_accents": None,
            "model_max_length": MAX_LENGTH,
            "clean_up_tokenization_spaces": True,
            **special,
        },
    )


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True, help="folder that data.py wrote")
    parser.add_argument("--model", required=True, help="folder of the model to write")
    args = parser.parse_args()
    tokens = vocabulary(args.work)
    write(tokens, args.model)
    han = sum(1 for token in tokens if HAN.fullmatch(token))
    print(f"{len(tokens)} tokens, {han} of them Chinese characters")


if __name__ == "__main__":
    main()
