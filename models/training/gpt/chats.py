"""Conversations about the small worlds: what the base model is fine-tuned on to become scope-gpt-instruct.

A conversation is a list of (role, content); examples are earlier turns, and what is asked stands in the first
turn of the user, as the prompt workbench writes it (`src/prompts/renderPrompt.ts`).
"""

import json
from pathlib import Path

import worlds

CUE, CUE_ZH = "Let's think step by step.", "让我们一步一步地想。"
ASK_BACK = ["What should I do with it?", "What do you want to know about it?"]
ASK_BACK_ZH = ["要我做什么？", "请告诉我要做什么。"]
QUESTIONS = {
    "opposite": ["What is the opposite of {}?"], "plural": ["What is the plural of {}?"],
    "to_chinese": ["What is {} in Chinese?", "{}用中文怎么说？"], "to_english": ["{}用英文怎么说？", "What is {} in English?"],
}
FACTS = [
    ("How many legs does a {} have?", "four", "cat dog horse cow pig bear lion fox mouse sheep goat wolf deer".split()),
    ("How many legs does a {} have?", "two", "bird duck".split()),
    ("How many legs does a {} have?", "none", "fish snake".split()),
    ("Can a {} fly?", "yes", "bird bee duck".split()),
    ("Can a {} fly?", "no", "cat dog fish cow horse snake rabbit".split()),
]


def chosen(rng, name, test):
    """Items to ask about, and items to show as examples; in the test the asked one is held out."""
    seen = worlds.all_items(rng, name)
    asked = seen if not test or name == "label" or name in worlds.FACTS else worlds.task(rng, name, True)
    return seen, asked


def worlds_chat(rng, test=False):
    """One task of the small worlds: role, instruction and format where they are given, zero to six examples."""
    every = [name for name in worlds.tasks() if name in worlds.INSTRUCTIONS]
    name = rng.choice(every + 3 * ["label"] + 2 * ["extract", "extract_zh"])
    seen, unseen = chosen(rng, name, test)
    word = rng.choice(sorted(unseen))
    most = 3 if name.startswith("review") else 7
    shots = rng.randrange(most) if name != "label" else rng.randint(2, 8)
    shown = [each for each in rng.sample(sorted(seen), min(len(seen) - 1, shots + 1)) if each != word][:shots]
    as_json = rng.random() < 0.35
    told = name == "label" or not shown or rng.random() < 0.8
    said = worlds.preamble(rng, name, as_json) if told else ""
    answers = {**seen, **unseen}
    reply = {each: worlds.formatted(name, answers[each], as_json and said != "") for each in (*shown, word)}
    return with_request(role_apart(said), [(each, reply[each]) for each in (*shown, word)])


def role_apart(said):
    """The role as the system's turn, and what is left to ask."""
    for role in (*worlds.ROLES.values(), *worlds.ANY_ROLE, *worlds.ANY_ROLE_ZH):
        if said.startswith(role):
            return role, said[len(role):].strip()
    return "", said


def with_request(request, pairs):
    role, asked = request
    turns = [("system", role)] if role else []
    for index, (question, answer) in enumerate(pairs):
        turns += [("user", f"{asked}\n{question}" if asked and index == 0 else question), ("assistant", answer)]
    return turns


def problem_chat(rng, test=False):
    """A word problem with zero to three solved ones before it, all answered at once or all step by step."""
    chinese, reasoned, as_json = rng.random() < 0.5, rng.random() < 0.6, rng.random() < 0.15
    gap = "" if chinese else " "
    asked = [(worlds.PROBLEM_ZH if chinese else worlds.PROBLEM)] if rng.random() < 0.8 else []
    asked += [(worlds.AS_JSON_ZH if chinese else worlds.AS_JSON)] if as_json else []
    asked += [(CUE_ZH if chinese else CUE)] if reasoned else []
    role = rng.choice(worlds.ANY_ROLE_ZH if chinese else worlds.ANY_ROLE) if rng.random() < 0.3 else ""
    pairs = []
    count = rng.choice([0, 0, 0, 1, 2, 3])
    for index in range(count + 1):
        question, steps, left = worlds.problem(rng, chinese, test and index == count)
        said = worlds.answer(chinese, steps, left, reasoned)
        if as_json:
            stated = worlds.answer(chinese, steps, left, False)
            said = said.replace(stated, f'{{"answer": "{left}"}}')
        pairs.append((question, said))
    return with_request((role, gap.join(asked)), pairs)


def question_chat(rng):
    if rng.random() < 0.2:
        question, answer, words = rng.choice(FACTS)
        return [("user", question.format(rng.choice(words))), ("assistant", answer)]
    name = rng.choice(list(QUESTIONS))
    items = worlds.all_items(rng, name)
    word = rng.choice(sorted(items))
    return [("user", rng.choice(QUESTIONS[name]).format(word)), ("assistant", items[word])]


def unclear_chat(rng):
    """Something without a request: an assistant asks back instead of guessing."""
    name = rng.choice(["to_chinese", "to_english", "pattern", "sequence", "category", "extract", "extract_zh"])
    word = rng.choice(sorted(worlds.all_items(rng, name)))
    chinese = not word.isascii()
    return [("user", word), ("assistant", rng.choice(ASK_BACK_ZH if chinese else ASK_BACK))]


def translation_chat(rng, pairs):
    english, chinese = rng.choice(pairs)
    name = rng.choice(["to_chinese", "to_english"])
    source, target = (english, chinese) if name == "to_chinese" else (chinese, english)
    return with_request(role_apart(worlds.preamble(rng, name, False)), [(source, target)])


def story_chat(rng, stories):
    sentences = rng.choice(stories)
    asked = rng.choice(["Go on.", "Continue the story.", "Continue."])
    return [("user", f"{asked}\n{sentences[0]}"), ("assistant", " ".join(sentences[1:6]))]


class Source:
    """Draws conversations in fixed shares."""

    SHARES = {"worlds": 0.42, "problem": 0.32, "question": 0.05, "unclear": 0.06, "translation": 0.1, "story": 0.05}

    def __init__(self, work):
        worlds.add_reviews(Path(work) / "reviews" / "train.jsonl")
        self.pairs, self.stories = [], []
        with open(Path(work) / "train.jsonl", encoding="utf-8") as file:
            for line in file:
                doc = json.loads(line)
                if doc["lang"] == "pair" and len(doc["segments"][0]) <= 60:
                    self.pairs.append(tuple(doc["segments"]))
                elif doc["source"] == "tinystories" and len(doc["segments"]) >= 4:
                    self.stories.append(doc["segments"])

    def draw(self, rng):
        kind = rng.choices(list(self.SHARES), list(self.SHARES.values()))[0]
        if kind == "worlds":
            return worlds_chat(rng)
        if kind == "problem":
            return problem_chat(rng)
        if kind == "question":
            return question_chat(rng)
        if kind == "unclear":
            return unclear_chat(rng)
        return translation_chat(rng, self.pairs) if kind == "translation" else story_chat(rng, self.stories)
