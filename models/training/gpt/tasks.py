"""Writes the tasks that come with the prompt workbench, from items that scope-gpt never saw in training.

    python tasks.py --out ../../../media/tasks [--items N]

Translation is the exception: nobody can translate a word that was never taught, so only its prompts are new.
"""

import argparse
import json
import random
from pathlib import Path

import worlds

EXAMPLES = 12
BASIC = ["zero-shot", "one-shot", "few-shot-5"]


def quoted(value):
    return json.dumps(value, ensure_ascii=False)


def answer(name, output):
    """Fields where the world's own answer is JSON."""
    return json.loads(output) if name.startswith("extract") else output


def rows(rng, name, count, test):
    items = worlds.labelled(rng) if name == "label" else worlds.task(rng, name, test)
    return [{"input": word, "answer": answer(name, items[word])} for word in rng.sample(sorted(items), min(count, len(items)))]


def problems(rng, chinese, count, test):
    made = {}
    while len(made) < count:
        question, steps, left = worlds.problem(rng, chinese, test)
        made[question] = {"input": question, "answer": str(left), "reasoning": ("。" if chinese else ". ").join(steps) + ("。" if chinese else ".")}
    return list(made.values())


def tasks(rng, count):
    for chinese in (False, True):
        suffix = "zh" if chinese else "en"
        facts = "to_english" if chinese else "to_chinese"
        yield {
            "id": f"arithmetic-{suffix}", "title": "应用题" if chinese else "Word problems", "kind": "solve", "language": suffix,
            "strategies": [*BASIC, "zero-shot+reasoning", "few-shot-3+reasoning", "zero-shot+role"],
            "examples": problems(rng, chinese, EXAMPLES, False), "items": problems(rng, chinese, count, True),
        }
        sentiment = "sentiment_zh" if chinese else "sentiment"
        yield {
            "id": f"sentiment-{suffix}", "title": "情感分类" if chinese else "Sentiment", "kind": "classify", "language": suffix,
            "strategies": [*BASIC, "zero-shot+role", "zero-shot+format", "few-shot-5+format"],
            "examples": rows(rng, sentiment, EXAMPLES, False), "items": rows(rng, sentiment, count, True), "choice": "balanced",
        }
        pairs = rows(rng, facts, EXAMPLES + count, False)
        yield {
            "id": f"translation-{suffix}", "title": "从示例中猜出翻译" if chinese else "Translation, told by examples only", "kind": "translate",
            "language": suffix, "instruction": "", "strategies": [*BASIC, "zero-shot+role"],
            "examples": pairs[:EXAMPLES], "items": pairs[EXAMPLES:],
        }
        extract = "extract_zh" if chinese else "extract"
        yield {
            "id": f"extraction-{suffix}", "title": "抽取为 JSON" if chinese else "Extraction as JSON", "kind": "extract", "language": suffix,
            "strategies": [*BASIC, "zero-shot+format", "few-shot-3+format"], "tokens": 48,
            "examples": rows(rng, extract, EXAMPLES, False), "items": rows(rng, extract, count, True), "fields": True,
        }
        if not chinese:
            yield labels()
        pattern = rows(rng, "pattern", EXAMPLES, False), rows(rng, "pattern", count, True)
        yield {
            "id": f"pattern-{suffix}", "title": "续写规律" if chinese else "Pattern completion", "kind": "continue", "language": suffix,
            "instruction": "", "strategies": BASIC, "examples": pattern[0], "items": pattern[1],
        }


def labels():
    """A rule that is stated nowhere: what is an animal gets one label, what is a place the other."""
    rng = random.Random(5)
    marks = {"animal": "foo", "place": "bar"}
    words = {word: marks[name] for name, group in worlds.CATEGORIES if name in marks for word in group}
    pairs = [{"input": word, "answer": words[word]} for word in rng.sample(sorted(words), len(words))]
    shown = [pair for mark in sorted(marks.values()) for pair in [each for each in pairs if each["answer"] == mark][:5]]
    left = [pair for pair in pairs if pair not in shown]
    return {
        "id": "labels-en", "title": "Labels by an unstated rule", "kind": "classify", "language": "en", "instruction": "Label the word.",
        "labels": sorted(marks.values()), "choice": "balanced", "strategies": [*BASIC, "few-shot-8", "zero-shot+role", "few-shot-8+format"],
        "examples": rng.sample(shown, len(shown)), "items": left,
    }


SCHEMA = {
    "type": "object", "required": ["name", "number", "thing"],
    "properties": {"name": {"type": "string"}, "number": {"type": "integer"}, "thing": {"type": "string"}},
}


def written(task):
    lines = ["transformerScope: 1", f"id: {task['id']}", f"title: {quoted(task['title'])}", f"input: {quoted(task['items'][0]['input'])}", "task:"]
    lines += [f"  kind: {task['kind']}", f"  language: {task['language']}"]
    if "instruction" in task:
        lines.append(f"  instruction: {quoted(task['instruction'])}")
    if "labels" in task:
        lines.append(f"  labels: {quoted(task['labels'])}")
    if "choice" in task:
        lines.append(f"  exampleChoice: {task['choice']}")
    if task.get("fields"):
        lines.append(f"  format: {{ schema: {quoted(SCHEMA)} }}")
    lines.append("  examples:")
    for row in task["examples"]:
        reasoning = f", reasoning: {quoted(row['reasoning'])}" if "reasoning" in row else ""
        lines.append(f"    - {{ input: {quoted(row['input'])}, output: {quoted(row['answer'])}{reasoning} }}")
    lines.append("  items:")
    lines += [f"    - {{ input: {quoted(row['input'])}, expected: {quoted(row['answer'])} }}" for row in task["items"]]
    lines += ["strategies:", *(f"  - {strategy}" for strategy in task["strategies"])]
    lines.append(f"sampling: {{ maxNewTokens: {task.get('tokens', 96)} }}")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--items", type=int, default=40)
    options = parser.parse_args()
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    for task in tasks(random.Random(20), options.items):
        (out / f"{task['id']}.yaml").write_text(written(task), encoding="utf-8")


if __name__ == "__main__":
    main()
