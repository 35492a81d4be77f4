"""Small worlds in which the form of a prompt matters: in-context tasks, word problems, roles and formats.

Everything is drawn from a `random.Random`, so a seed gives the same texts on every machine. What is held
out is decided by a hash (`held_out`), never by the order of drawing: a rule's item (the plural of a word)
or the numbers of a problem are either always or never training material.
"""

import hashlib

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


def plural(word):
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith(("s", "x", "ch", "sh")):
        return word + "es"
    return word + "s"


def with_article(word):
    return ("an " if word[0] in "aeiou" else "a ") + word


# Rules: their items can be held out, for the rule gives the answer to an item that was never seen with it.
RULES = {
    "plural": (NOUNS, plural),
    "past": (list(VERBS), VERBS.get),
    "upper": (NOUNS, str.upper),
    "twice": (NOUNS, lambda word: f"{word} {word}"),
    "article": (NOUNS, with_article),
    "first_letter": (NOUNS, lambda word: word[0]),
    "category": (NOUNS, lambda word: next(name for name, words in CATEGORIES if word in words)),
    "plus_one": ([str(n) for n in range(1, 60)], lambda n: str(int(n) + 1)),
    "double": ([str(n) for n in range(1, 30)], lambda n: str(2 * int(n))),
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
    labels = rng.sample(LABELS, 2)
    return {word: label for words, label in ((first, labels[0]), (second, labels[1])) for word in words}


def task(rng, name, test=False):
    """All items of a task as {input: output}; in training without what is held out, in the test only that."""
    if name == "label":
        return labelled(rng)
    if name in FACTS:
        return dict(FACTS[name])
    words, rule = RULES[name]
    return {word: rule(word) for word in words if held_out(name, word) == test}


TASKS = [*RULES, *FACTS, "label"]


def few_shot(rng):
    """A document of 2 to 9 items of one task in one format."""
    items = task(rng, rng.choice(TASKS + ["label", "label"]))
    before, between, after = rng.choice(FORMATS)
    chosen = rng.sample(sorted(items), min(len(items), rng.randint(2, 9)))
    return "".join(f"{before}{word}{between}{items[word]}{after}" for word in chosen)


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
    for _ in range(rng.randint(1, 3)):
        question, steps, left = problem(rng, chinese)
        parts.append(f"{ask}{question}\n{reply}{answer(chinese, steps, left, reasoned)}\n")
    return "".join(parts)


INSTRUCTIONS = {
    "plural": ("Give the plural.", "plural"),
    "past": ("Give the past tense.", "past"),
    "upper": ("Write it in capital letters.", "capitals"),
    "opposite": ("Give the opposite.", "opposite"),
    "to_chinese": ("You are a translator. Translate into Chinese.", "chinese"),
    "to_english": ("你是翻译。请翻译成英文。", "english"),
    "category": ("Say what kind it is.", "kind"),
    "double": ("Double the number.", "double"),
    "plus_one": ("Add one.", "sum"),
}


def instructed(rng, test=False):
    """(instruction, input, output) of a task that is named, in plain text or as JSON."""
    name = rng.choice(list(INSTRUCTIONS))
    instruction, key = INSTRUCTIONS[name]
    items = task(rng, name, test)
    word = rng.choice(sorted(items))
    if rng.random() < 0.4:
        return f"{instruction} Answer in JSON.", word, f'{{"{key}": "{items[word]}"}}'
    return instruction, word, items[word]


def instruction(rng):
    said, word, output = instructed(rng)
    before, between, after = rng.choice(FORMATS[:2] + FORMATS[3:])
    return f"{said}\n{before}{word}{between}{output}{after}"


def translation(rng, pairs):
    """A sentence and its translation, with the role that asks for it."""
    english, chinese = rng.choice(pairs)
    if rng.random() < 0.5:
        return f"You are a translator. Translate into Chinese.\nInput: {english}\nOutput: {chinese}\n"
    return f"你是翻译。请翻译成英文。\n输入：{chinese}\n输出：{english}\n"
