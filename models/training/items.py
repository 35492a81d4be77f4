"""Draws held-out items of scope-gpt and scope-seq2seq from their worlds, to be shipped for `npm run models:evaluate`.

    python items.py --out FOLDER

Only what is generated: tasks of people's reviews, and text, are left to the recipes' own evaluate.py. Those of scope-clip
are drawn by clip/items.py.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE / "gpt"), str(HERE / "seq2seq")]
import worlds  # noqa: E402
from grammar import chinese_of, draw, english_of  # noqa: E402
from shipped import write  # noqa: E402

SHOTS, ITEMS, PROBLEMS, SENTENCES = (0, 1, 3, 5), 8, 30, 150


def shots(rng: random.Random) -> list[dict]:
    """As gpt/evaluate.py asks: an item that is held out, after examples that are not."""
    found = []
    for name in worlds.tasks():
        for count in SHOTS:
            for _ in range(ITEMS):
                if name == "label" or name in worlds.FACTS:
                    answers = worlds.task(rng, name)
                    asked, *shown = rng.sample(sorted(answers), count + 1)
                    while name == "label" and count >= 2 and len({answers[word] for word in shown}) < 2:
                        asked, *shown = rng.sample(sorted(answers), count + 1)
                else:
                    unseen, seen = worlds.task(rng, name, test=True), worlds.task(rng, name)
                    asked, shown = rng.choice(sorted(unseen)), rng.sample(sorted(seen), count)
                    answers = {**seen, **unseen}
                before, between, after = worlds.FORMATS[rng.randrange(len(worlds.FORMATS))]
                prompt = "".join(f"{before}{word}{between}{answers[word]}{after}" for word in shown)
                found.append({"task": name, "shots": count, "prompt": f"{prompt}{before}{asked}{between}".rstrip(" "), "answer": answers[asked]})
    return found


def problems(rng: random.Random) -> list[dict]:
    """Word problems to be answered at once and step by step."""
    found = []
    for lang, chinese in (("en", False), ("zh", True)):
        for _ in range(PROBLEMS):
            question, _, left = worlds.problem(rng, chinese, test=True)
            ask, reply = ("问：", "答：") if chinese else ("Q: ", "A:")
            direct, steps = ("答案是", "让我们一步一步地想。") if chinese else (" The answer is", " Let's think step by step.")
            for way, lead in (("direct", direct), ("steps", steps)):
                found.append({"lang": lang, "way": way, "prompt": f"{ask}{question}\n{reply}{lead}", "answer": str(left)})
    return found


def instructions(rng: random.Random) -> list[dict]:
    found = []
    for _ in range(2 * PROBLEMS):
        said, word, output = worlds.instructed(rng, test=True)
        found.append({"format": "json" if "JSON" in said else "plain", "prompt": f"{said}\nInput: {word}\nOutput:", "answer": output})
    return found


def sentences(rng: random.Random) -> list[dict]:
    found: dict[str, str] = {}
    while len(found) < SENTENCES:
        pair = draw(rng, "heldout")
        found[english_of(pair)] = chinese_of(pair)
    return [{"en": english, "zh": chinese} for english, chinese in found.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, help="folder of the fixtures")
    out = Path(parser.parse_args().out)
    out.mkdir(parents=True, exist_ok=True)
    drawn = {"shots": shots(random.Random(11)), "problems": problems(random.Random(12)), "instructions": instructions(random.Random(13))}
    write(out / "gpt.json", drawn)
    write(out / "seq2seq.json", {"sentences": sentences(random.Random(14))})


if __name__ == "__main__":
    main()
