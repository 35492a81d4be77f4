"""Small worlds in which the form of a prompt matters: in-context tasks, word problems, roles and formats.

Everything is drawn from a `random.Random`, so a seed gives the same texts on every machine. What is held
out is decided by a hash (`held_out`), never by the order of drawing: a rule's item (the plural of a word)
or the numbers of a problem are either always or never training material.
"""

import hashlib
import json
import random

HELD_OUT_SHARE = 0.15

ANIMALS = "cat dog bird fish horse cow pig duck bear lion fox frog bee rabbit mouse sheep goat wolf deer snake".split()
FOODS = "apple cake bread egg soup rice milk pear lemon carrot potato banana cookie sandwich cheese grape onion bean nut melon".split()
THINGS = "book car ball door chair table window lamp boat hat shoe clock key box pen cup bell flag rope brick".split()
PLACES = "house garden school river park shop road farm beach tower bridge room field lake island".split()
NOUNS = ANIMALS + FOODS + THINGS + PLACES
CATEGORIES = [("animal", ANIMALS), ("food", FOODS), ("thing", THINGS), ("place", PLACES)]
VERBS = {
    "walk": "walked", "jump": "jumped", "play": "played", "look": "looked", "help": "helped", "open": "opened",
    "call": "called", "cook": "cooked", "paint": "painted", "wait": "waited", "talk": "talked", "wash": "washed",
    "climb": "climbed", "push": "pushed", "pull": "pulled", "kick": "kicked", "clean": "cleaned", "laugh": "laughed",
    "ask": "asked", "turn": "turned", "start": "started", "count": "counted", "follow": "followed", "listen": "listened",
}
IRREGULAR = {"fish": "fish", "mouse": "mice", "sheep": "sheep", "deer": "deer", "wolf": "wolves"}
OPPOSITES = {
    "hot": "cold", "big": "small", "fast": "slow", "up": "down", "happy": "sad", "old": "young", "day": "night",
    "open": "closed", "full": "empty", "hard": "soft", "light": "dark", "wet": "dry", "rich": "poor", "early": "late",
    "high": "low", "long": "short", "loud": "quiet", "clean": "dirty", "strong": "weak", "first": "last", "left": "right",
    "near": "far", "good": "bad", "thick": "thin", "sweet": "sour", "true": "false", "inside": "outside", "safe": "dangerous",
}
CHINESE = {
    "cat": "猫", "dog": "狗", "bird": "鸟", "fish": "鱼", "horse": "马", "cow": "牛", "pig": "猪", "duck": "鸭子",
    "bear": "熊", "lion": "狮子", "rabbit": "兔子", "mouse": "老鼠", "sheep": "羊", "snake": "蛇", "apple": "苹果",
    "cake": "蛋糕", "bread": "面包", "egg": "鸡蛋", "soup": "汤", "rice": "米饭", "milk": "牛奶", "banana": "香蕉",
    "book": "书", "car": "车", "ball": "球", "door": "门", "chair": "椅子", "table": "桌子", "window": "窗户",
    "lamp": "灯", "boat": "船", "hat": "帽子", "shoe": "鞋子", "clock": "钟", "key": "钥匙", "box": "盒子", "pen": "笔",
    "cup": "杯子", "house": "房子", "garden": "花园", "school": "学校", "river": "河", "park": "公园", "shop": "商店",
    "road": "路", "bridge": "桥", "room": "房间", "water": "水", "fire": "火", "sun": "太阳", "moon": "月亮",
    "star": "星星", "tree": "树", "flower": "花", "mother": "妈妈", "father": "爸爸", "friend": "朋友",
    "teacher": "老师", "child": "孩子", "day": "白天", "night": "晚上", "red": "红色", "blue": "蓝色", "green": "绿色",
    "big": "大", "small": "小", "happy": "高兴", "one": "一", "two": "二", "three": "三", "four": "四", "five": "五",
}
LABELS = "foo bar red blue yes no one two left right alpha beta sun moon ping pong tick tock A B X Y up down".split()


def held_out(*key):
    """Whether an item is kept for the test: the same on every machine, in any order."""
    digest = hashlib.sha256("\0".join(map(str, key)).encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 < HELD_OUT_SHARE


def made_up(count):
    """Words that mean nothing, always the same: what is done to them can only be a rule, not a memory."""
    rng, words = random.Random(7), set()
    while len(words) < count:
        word = "".join(rng.choice("bcdfghjklmnprstvw") + rng.choice("aeiou") for _ in range(rng.randint(2, 3)))
        words.add(rng.choice(["", "", rng.choice("aeiou")]) + word + rng.choice(["", "n", "t", "k", "m"]))
    return sorted(words - set(NOUNS))


MADE_UP = made_up(1200)


def plural(word):
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith(("s", "x", "ch", "sh")):
        return word + "es"
    return word + "s"


def with_article(word):
    return ("an " if word[0] in "aeiou" else "a ") + word


LETTERS = "A B C D E F G H K M P R S T X Y".split()


def next_number(seen):
    first, second, third = map(int, seen.split())
    return str(third + second - first)


# Rules: their items can be held out, for the rule gives the answer to an item that was never seen with it.
RULES = {
    "plural": (3 * NOUNS + MADE_UP, plural),
    "past": (8 * list(VERBS) + MADE_UP, lambda word: VERBS.get(word, f"{word}d" if word.endswith("e") else f"{word}ed")),
    "twice": (NOUNS + MADE_UP, lambda word: f"{word} {word}"),
    "article": (3 * NOUNS + MADE_UP, with_article),
    "first_letter": (3 * NOUNS + MADE_UP, lambda word: word[0]),
    "pattern": ([f"{a} {b} {a} {b} {a}" for a in LETTERS for b in LETTERS if a != b], lambda seen: seen.split()[1]),
    "sequence": ([f"{n} {n + d} {n + 2 * d}" for n in range(1, 30) for d in range(1, 6)], next_number),
    "category": (NOUNS, lambda word: next(name for name, words in CATEGORIES if word in words)),
    "plus_one": ([str(n) for n in range(1, 60)], lambda n: str(int(n) + 1)),
    "double": ([str(n) for n in range(1, 50)], lambda n: str(2 * int(n))),
}
# Facts: nobody can answer an item that was never taught, so only the prompts are new in the test.
FACTS = {
    "opposite": OPPOSITES,
    "to_chinese": CHINESE,
    "to_english": {chinese: english for english, chinese in CHINESE.items()},
}
FORMATS = [
    ("Input: ", "\nOutput: ", "\n"),
    ("Q: ", "\nA: ", "\n"),
    ("", " -> ", "\n"),
    ("输入：", "\n输出：", "\n"),
    ("Word: ", "\nAnswer: ", "\n"),
]


def labelled(rng):
    """A task whose rule is stated nowhere: two categories get two arbitrary labels."""
    (_, first), (_, second) = rng.sample(CATEGORIES, 2)
    labels = rng.sample(LABELS + MADE_UP[:60], 2)
    return {word: label for words, label in ((first, labels[0]), (second, labels[1])) for word in words}


def task(rng, name, test=False):
    """All items of a task as {input: output}; in training without what is held out, in the test only that."""
    if name == "label":
        return labelled(rng)
    if name in FACTS:
        return dict(FACTS[name])
    if name in SENTENCES:
        return {text: answer for text, answer in SENTENCES[name] if held_out(name, text) == test}
    words, rule = RULES[name]
    return {word: rule(word) for word in words if held_out(name, word) == test}


# Sentences: an opinion and its label, a report and what it says.
GOOD = "good great nice lovely wonderful sweet beautiful perfect".split()
POOR = "bad awful terrible ugly horrible boring dirty broken".split()
GOOD_ZH, POOR_ZH = "好 漂亮 好吃 有趣 舒服 干净 可爱 便宜".split(), "差 难看 难吃 无聊 难受 脏 可怕 贵".split()
THINGS_SEEN_ZH = "书 电影 房间 菜 酒店 衣服 手机 故事 饭 车".split()
OPENINGS = ["The {thing} was {very}{word}.", "What a {word} {thing}!", "This {thing} is {very}{word}.", "I think the {thing} is {word}."]
OPENINGS_ZH = ["这{n}{thing}{very}{word}。", "我觉得{thing}{very}{word}。", "{thing}{very}{word}。"]
BUYERS = ["Tom", "Anna", "Ben", "Lily", "Max", "Mia", "Sam", "Lucy"]
BUYERS_ZH = ["小明", "小红", "小华", "小丽", "弟弟", "妹妹", "老师", "妈妈"]
SHOPS_ZH = ["商店", "市场", "学校", "公园", "家里"]
BOUGHT_ZH = ["苹果", "鸡蛋", "球", "杯子", "橘子", "糖", "气球", "梨"]


def opinions():
    for words, label in ((GOOD, "positive"), (POOR, "negative")):
        for word in words:
            for thing in FOODS + THINGS + PLACES:
                for opening in OPENINGS:
                    yield opening.format(thing=thing, word=word, very="" if len(word + thing) % 2 else "very "), label


def opinions_zh():
    for words, label in ((GOOD_ZH, "正面"), (POOR_ZH, "负面")):
        for word in words:
            for thing in THINGS_SEEN_ZH:
                for opening in OPENINGS_ZH:
                    for very in ("很", "太", "真"):
                        yield opening.format(thing=thing, word=word, very=very, n="个"), label


def reports():
    for name in BUYERS:
        for count in range(2, 13):
            for thing in FOODS:
                for verb, place in (("buys", "shop"), ("sees", "park"), ("has", "house"), ("finds", "garden")):
                    things = plural(thing)
                    yield f"{name} {verb} {count} {things} in the {place}.", f'{{"name": "{name}", "number": {count}, "thing": "{things}"}}'


def reports_zh():
    for name in BUYERS_ZH:
        for count in range(2, 13):
            for thing in BOUGHT_ZH:
                for place in SHOPS_ZH:
                    yield f"{name}在{place}买了{count}个{thing}。", f'{{"name": "{name}", "number": {count}, "thing": "{thing}"}}'


SENTENCES = {
    "sentiment": list(opinions()), "sentiment_zh": list(opinions_zh()),
    "extract": list(reports()), "extract_zh": list(reports_zh()),
}
def add_reviews(file):
    """Short reviews that people wrote, as one more task (`../sentiment/data.py` makes the file)."""
    for language, most, words in (("en", 120, ("negative", "positive")), ("zh", 60, ("负面", "正面"))):
        rows = [json.loads(line) for line in open(file, encoding="utf-8")]
        short = [(row["text"], words[row["label"]]) for row in rows if row["lang"] == language and len(row["text"]) <= most]
        SENTENCES["review" if language == "en" else "review_zh"] = short


def tasks():
    return [*RULES, *FACTS, *SENTENCES, "label"]


_ITEMS = {}


def all_items(rng, name):
    """What `task` gives for training, kept: the rules have thousands of items."""
    if name == "label":
        return labelled(rng)
    if name not in _ITEMS:
        _ITEMS[name] = task(rng, name)
    return _ITEMS[name]


NAMES = ["Tom", "Anna", "Ben", "Lily", "Max", "Mia", "Sam", "Lucy"]
NAMES_ZH = ["小明", "小红", "小华", "小丽", "我", "弟弟", "妹妹", "老师"]
THINGS_ZH = ["苹果", "鸡蛋", "球", "杯子", "橘子", "糖", "气球", "梨"]
GAIN = ["buys {n} more", "gets {n} more", "finds {n} more"]
LOSE = ["eats {n}", "loses {n}", "gives away {n}"]
GAIN_ZH = ["又买了{n}个", "又得到{n}个", "又找到{n}个"]
LOSE_ZH = ["吃了{n}个", "丢了{n}个", "送给别人{n}个"]


def numbers(rng, test=False):
    """A start and two to four changes, never below zero and never above 40; held out by the numbers themselves."""
    while True:
        start = rng.randint(2, 20)
        changes, left = [], start
        for _ in range(rng.randint(2, 4)):
            gains = left < 3 or (left < 30 and rng.random() < 0.5)
            change = rng.randint(1, 9) if gains else -rng.randint(1, min(9, left))
            changes.append(change)
            left += change
        if held_out("problem", start, *changes) == test:
            return start, changes


def problem(rng, chinese, test=False):
    """(question, steps, answer) of a word problem."""
    start, changes = numbers(rng, test)
    if chinese:
        name, thing = rng.choice(NAMES_ZH), rng.choice(THINGS_ZH)
        told = "，".join(rng.choice(GAIN_ZH if c > 0 else LOSE_ZH).format(n=abs(c)) for c in changes)
        opening = rng.choice(["如果", ""])
        question = f"{opening}{name}有{start}个{thing}，{told}，{name}现在有几个{thing}？"
    else:
        name, thing = rng.choice(NAMES), rng.choice(FOODS + THINGS)
        told = ". ".join(f"{name} {rng.choice(GAIN if c > 0 else LOSE).format(n=abs(c))}" for c in changes)
        question = f"{name} has {start} {plural(thing)}. {told}. How many {plural(thing)} does {name} have now?"
    steps, left = [], start
    for change in changes:
        sign = "+" if change > 0 else "-"
        steps.append(f"{left} {sign} {abs(change)} = {left + change}")
        left += change
    return question, steps, left


def answer(chinese, steps, left, reasoned):
    """The answer to a problem, directly or step by step."""
    if chinese:
        return f"让我们一步一步地想。{'。'.join(steps)}。答案是{left}。" if reasoned else f"答案是{left}。"
    return f"Let's think step by step. {'. '.join(steps)}. The answer is {left}." if reasoned else f"The answer is {left}."


def word_problem(rng):
    """One to three problems, all answered in the same way."""
    chinese, reasoned = rng.random() < 0.5, rng.random() < 0.6
    ask, reply = ("问：", "答：") if chinese else ("Q: ", "A: ")
    parts = []
    if rng.random() < 0.35:
        role = rng.choice(ANY_ROLE_ZH if chinese else ANY_ROLE) + ("" if chinese else " ") if rng.random() < 0.4 else ""
        parts.append(role + (PROBLEM_ZH if chinese else PROBLEM) + "\n")
    for _ in range(rng.randint(1, 3)):
        question, steps, left = problem(rng, chinese)
        parts.append(f"{ask}{question}\n{reply}{answer(chinese, steps, left, reasoned)}\n")
    return "".join(parts)


# How a task is named, in several wordings, and the key of its answer in JSON.
INSTRUCTIONS = {
    "plural": (["Give the plural.", "Write the plural.", "What is the plural?"], "plural"),
    "past": (["Give the past tense.", "Write the past tense."], "past"),
    "twice": (["Write it twice.", "Repeat it."], "twice"),
    "first_letter": (["Give the first letter.", "What is the first letter?"], "letter"),
    "pattern": (["Go on.", "Continue.", "请接着写。"], "next"),
    "sequence": (["Go on.", "Continue.", "请接着写。"], "next"),
    "sentiment": (["Is it positive or negative?", "Classify the sentiment.", "Positive or negative?"], "sentiment"),
    "sentiment_zh": (["这是正面还是负面？", "判断情感。", "正面还是负面？"], "sentiment"),
    "review": (["Is it positive or negative?", "Classify the sentiment.", "Positive or negative?"], "sentiment"),
    "review_zh": (["这是正面还是负面？", "判断情感。", "正面还是负面？"], "sentiment"),
    "extract": (["Extract name, number and thing.", "Who has how many of what?"], ""),
    "extract_zh": (["抽取人名、数量和物品。", "谁有几个什么？"], ""),
    "opposite": (["Give the opposite.", "What is the opposite?"], "opposite"),
    "to_chinese": (["Translate into Chinese.", "Translate to Chinese.", "请翻译成中文。"], "chinese"),
    "to_english": (["请翻译成英文。", "翻译成英文。", "Translate into English."], "english"),
    "category": (["Say what kind it is.", "What kind is it?"], "kind"),
    "double": (["Double the number.", "Double it."], "double"),
    "plus_one": (["Add one."], "sum"),
    "label": (["Label the word.", "Choose the label.", "给词语选标签。"], "label"),
}


AS_JSON, AS_JSON_ZH = "Answer in JSON.", "用JSON回答。"
# Roles that say what to do, and roles that only set a tone.
ROLES = {"to_chinese": "You are a translator.", "to_english": "你是翻译。"}
ANY_ROLE = ["You are a teacher.", "You are a helpful assistant.", "You are an expert."]
ANY_ROLE_ZH = ["你是老师。", "你是一个有用的助手。", "你是专家。"]
PROBLEM, PROBLEM_ZH = "Solve the problem.", "请解题。"


def formatted(name, output, as_json):
    """What is to be answered, as JSON or plainly."""
    if name.startswith("extract"):
        # The world's own answer is JSON; in plain words it is "Tom, 3, apples".
        plain = ", ".join(part.split(": ")[1].strip('"') for part in output.strip("{}").split(", "))
        return output if as_json else plain
    return f'{{"{INSTRUCTIONS[name][1]}": "{output}"}}' if as_json else output


def preamble(rng, name, as_json):
    """Role, instruction and format in one line; each may be missing, and a role alone may say what to do."""
    chinese = name.endswith("_zh") or name == "to_english"
    role = ROLES.get(name) if rng.random() < 0.5 else rng.choice(ANY_ROLE_ZH if chinese else ANY_ROLE)
    parts = [role] if role and rng.random() < 0.4 else []
    if role not in ROLES.values() or not parts or rng.random() < 0.7:
        parts.append(rng.choice(INSTRUCTIONS[name][0]))
    if as_json:
        parts.append(AS_JSON_ZH if chinese else AS_JSON)
    return ("" if chinese else " ").join(parts)


def instructed(rng, test=False):
    """(preamble, input, output) of a task that is named, in plain text or as JSON."""
    name = rng.choice([each for each in tasks() if each in INSTRUCTIONS and each != "label"])
    items = task(rng, name, True) if test else all_items(rng, name)
    word = rng.choice(sorted(items))
    as_json = rng.random() < 0.4
    return preamble(rng, name, as_json), word, formatted(name, items[word], as_json)


def instruction(rng):
    said, word, output = instructed(rng)
    before, between, after = rng.choice(FORMATS[:2] + FORMATS[3:])
    return f"{said}\n{before}{word}{between}{output}{after}"


def few_shot(rng):
    """A document of 2 to 12 items of one task in one format; the task may be named first."""
    name = rng.choice(tasks() + 6 * ["label"])
    items = all_items(rng, name)
    before, between, after = rng.choice(FORMATS)
    count = rng.randint(2, 6 if name.startswith("review") else 12)
    if name == "label" and rng.random() < 0.5:
        # Few words, again and again: the label can be looked up before it has to be inferred.
        chosen = rng.choices(rng.sample(sorted(items), 5), k=count + 3)
    else:
        chosen = rng.sample(sorted(items), min(len(items), count))
    said, as_json = "", False
    if name in INSTRUCTIONS and rng.random() < 0.4:
        as_json = rng.random() < 0.4
        said = preamble(rng, name, as_json) + "\n"
    answers = {word: formatted(name, items[word], as_json) if said else items[word] for word in chosen}
    return said + "".join(f"{before}{word}{between}{answers[word]}{after}" for word in chosen)


def translation(rng, pairs):
    """A sentence and its translation, with the role that asks for it."""
    english, chinese = rng.choice(pairs)
    if rng.random() < 0.5:
        return f"You are a translator. Translate into Chinese.\nInput: {english}\nOutput: {chinese}\n"
    return f"你是翻译。请翻译成英文。\n输入：{chinese}\n输出：{english}\n"
