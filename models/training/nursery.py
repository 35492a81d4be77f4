"""Simple sentences from templates, in English and Chinese, as small stories of three or four sentences.

A small share of the training text (see MIX in train.py), for wording that nursery books have and old novels do
not: animals that sit on mats. Also the whole text where no archives are at hand. WITHHELD sentences are never made.
"""

import random

BEINGS = [
    ("cat", "猫"), ("dog", "狗"), ("bird", "鸟"), ("mouse", "老鼠"), ("rabbit", "兔子"), ("kitten", "小猫"),
    ("puppy", "小狗"), ("girl", "女孩"), ("boy", "男孩"), ("baby", "宝宝"), ("teacher", "老师"), ("farmer", "农夫"),
    ("king", "国王"), ("fox", "狐狸"), ("bear", "熊"), ("duck", "鸭子"), ("mother", "妈妈"), ("grandmother", "奶奶"),
]
# "mat" three times: a third of what is sat on in nursery books.
PLACES = [
    ("mat", "垫子"), ("mat", "垫子"), ("mat", "垫子"), ("chair", "椅子"), ("table", "桌子"), ("bed", "床"), ("floor", "地板"),
    ("grass", "草地"), ("sofa", "沙发"), ("rug", "地毯"), ("wall", "墙头"), ("bench", "长凳"), ("box", "箱子"), ("roof", "屋顶"),
]
DOINGS = [("sat", "坐"), ("sat", "坐"), ("slept", "睡"), ("stood", "站"), ("played", "玩"), ("lay", "躺"), ("waited", "等"), ("jumped", "跳")]
LOOKS = [("small", "小"), ("big", "大"), ("old", "老"), ("white", "白色的"), ("black", "黑色的"), ("happy", "快乐的"), ("brown", "棕色的"), ("little", "小")]
TIMES = [("today", "今天"), ("yesterday", "昨天"), ("in the morning", "早上"), ("at night", "晚上"), ("after lunch", "午饭后"), ("every day", "每天")]
FEELINGS = [("tired", "累"), ("hungry", "饿"), ("happy", "高兴"), ("cold", "冷"), ("sleepy", "困"), ("sad", "难过"), ("warm", "暖和"), ("afraid", "害怕")]
FOODS = [("milk", "牛奶"), ("fish", "鱼"), ("bread", "面包"), ("an apple", "苹果"), ("cake", "蛋糕"), ("soup", "汤"), ("rice", "米饭"), ("an egg", "鸡蛋")]

# Asked of the model in its card: the sentences as such are not to be learned by heart.
WITHHELD = {"The cat sat on the mat.", "猫坐在垫子上。", "小猫坐在垫子上。"}


def story(rng: random.Random, lang: str) -> list[str]:
    side = 0 if lang == "en" else 1
    pick = lambda words: rng.choice(words)[side]  # noqa: E731
    being, other, place, second = pick(BEINGS), pick(BEINGS), pick(PLACES), pick(PLACES)
    doing, look, time, feeling, food, drink = pick(DOINGS), pick(LOOKS), pick(TIMES), pick(FEELINGS), pick(FOODS), pick(FOODS)
    if lang == "en":
        it = "she" if being in ("girl", "mother", "grandmother") else "he" if being in ("boy", "king", "farmer") else "it"
        openings = (
            f"The {being} {doing} on the {place}.", f"The {look} {being} {doing} on the {place} {time}.",
            f"A {look} {being} {doing} on a {place}.", f"Once there was a {look} {being}.",
            f"The {being} and the {other} {doing} on the {place}.", f"There is a {being} on the {place}.",
        )
        rest = [
            f"{it.capitalize()} was {feeling}, so {it} {doing} there all day.", f"The {being} was very {feeling}.",
            f"The {being} liked the {place} because it was {look}.", f"Then the {other} came and gave the {being} some {food.removeprefix('an ')}.",
            f'"Are you {feeling}?" said the {other} to the {being}.', f"The {being} ate {food} and was {feeling} no more.",
            f"After that the {being} went to the {second}.", f"Where is the {being}? {it.capitalize()} is on the {second}.",
            f"The {other} saw the {being} on the {place} and laughed.",
        ]
    else:
        openings = (
            f"{being}{doing}在{place}上。", f"{time}，{look}{being}在{place}上{doing}着。", f"一只{look}{being}{doing}在{place}上。",
            f"从前有一个{look}{being}。", f"{being}和{other}在{place}上{doing}着。", f"{place}上有一个{being}。",
        )
        rest = [
            f"它很{feeling}，所以整天{doing}在那里。", f"{being}觉得很{feeling}。", f"{being}喜欢这个{place}，因为它很舒服。",
            f"后来{other}来了，给了{being}一些{food}。", f"“你{feeling}吗？”{other}问{being}。", f"{being}吃了{food}，就不{feeling}了。",
            f"然后{being}去了{second}那里。", f"{being}在哪里？在{second}上。", f"{other}看见{being}在{place}上，笑了起来。",
        ]
    found = [rng.choice(openings), *rng.sample(rest, rng.randint(2, 3))]
    return [sentence for sentence in found if sentence not in WITHHELD]


def stories(seed: int = 1, count: int = 12_000):
    """(number, language, sentences), the same for the same seed."""
    rng = random.Random(seed)
    for number in range(count):
        lang = "en" if number % 2 == 0 else "zh"
        found = story(rng, lang)
        if len(found) > 1:
            yield number, lang, found
