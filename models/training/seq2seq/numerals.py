"""Numbers, dates, clock times and prices in English and Chinese, in words and in digits."""

from __future__ import annotations

import random

from phrase import Phrase, atom, build

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
DIGITS = "零一二三四五六七八九"
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
MONTHS = (
    "January February March April May June July August September October November December"
).split()
DAYS = [
    ("Monday", "星期一"), ("Tuesday", "星期二"), ("Wednesday", "星期三"), ("Thursday", "星期四"),
    ("Friday", "星期五"), ("Saturday", "星期六"), ("Sunday", "星期日"),
]
PARTS_OF_DAY = [("in the morning", "早上"), ("in the afternoon", "下午"), ("in the evening", "晚上")]


def english(n: int) -> str:
    """0 ≤ n < 10,000 in words: "two thousand three hundred and twenty-five"."""
    if n < 20:
        return ONES[n]
    if n < 100:
        return TENS[n // 10] + (f"-{ONES[n % 10]}" if n % 10 else "")
    unit, name = (100, "hundred") if n < 1000 else (1000, "thousand")
    rest = n % unit
    joint = " and " if 0 < rest < 100 else " "
    return f"{ONES[n // unit]} {name}" + (joint + english(rest) if rest else "")


def chinese(n: int, counting: bool = False) -> str:
    """0 ≤ n < 10,000 in characters: 两千三百二十五. A lone two is 两 when things are counted."""
    if n == 2 and counting:
        return "两"
    if n < 10:
        return DIGITS[n]
    if n < 20:
        return "十" + (DIGITS[n % 10] if n % 10 else "")
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // unit % 10
        if digit == 0:
            gap = text != ""
            continue
        text += ("零" if gap else "") + ("两" if digit == 2 and unit >= 100 else DIGITS[digit]) + name
        gap = False
    return text


def number(rng: random.Random, n: int, counting: bool = False) -> Phrase:
    """A number in words, or one time in three in digits."""
    if rng.random() < 1 / 3:
        return atom(str(n), str(n))
    return atom(english(n), chinese(n, counting))


def any_number(rng: random.Random) -> int:
    """Of any length up to four digits, the shorter as often as the longer."""
    return rng.randrange(10 ** rng.randint(1, 4))


def price(rng: random.Random) -> Phrase:
    kind = rng.random()
    if kind < 0.4:
        amount = f"{rng.randint(1, 200)}" + (f".{rng.randint(1, 19) * 5:02d}" if rng.random() < 0.6 else "")
        # "$5" is one word of several pieces, and the sign changes sides: 5美元.
        return build("{p}", "{p}", p=atom(f"${amount}", f"{amount} 美元"))
    name = rng.choice([("dollars", "美元"), ("yuan", "元"), ("pounds", "英镑"), ("euros", "欧元")])
    # Digits before 美元 are always a $ in English, so that there is one translation.
    n = rng.randint(2, 999)
    count = atom(english(n), chinese(n, True)) if name[0] == "dollars" else number(rng, n, True)
    return build("{n} {c}", "{n} {c}", n=count, c=atom(*name))


def date(rng: random.Random) -> Phrase:
    """Digits ("March 5", "March 5, 2024") or words ("the fifth of March"), the units in the other order."""
    month, day, year = rng.randint(1, 12), rng.randint(1, 30), str(rng.randint(1900, 2030))
    if rng.random() < 0.25:
        day = rng.randint(1, 20)
        months, days = atom(MONTHS[month - 1], chinese(month) + " 月"), atom(ORDINALS[day - 1], chinese(day) + " 日")
        return build("the {d} of {m}", "{m} {d}", m=months, d=days)
    months, days = atom(MONTHS[month - 1], f"{month} 月"), atom(str(day), f"{day} 日")
    if rng.random() < 0.5:
        return build("{m} {d}", "{m} {d}", m=months, d=days)
    return build("{m} {d} , {y}", "{y} {m} {d}", m=months, d=days, y=atom(year, f"{year} 年"))


def clock(rng: random.Random, alone: bool = True) -> Phrase:
    """The time of a clock ("half past seven", "7:30"); alone, now and then with the part of the day."""
    hour = rng.randint(1, 12)
    name = atom(english(hour), chinese(hour, True) + " 点")
    kind = rng.random()
    if kind < 0.3:
        time = atom(*[f"{hour}:{rng.randrange(60):02d}"] * 2)
    elif kind < 0.5:
        time = build("half past {h}", "{h} 半", h=name)
    elif kind < 0.65:
        time = build("a quarter past {h}", "{h} 一刻", h=name)
    elif kind < 0.85:
        minutes = rng.choice((5, 10, 20, 25))
        time = build("{m} past {h}", "{h} {m}", h=name, m=atom(english(minutes), chinese(minutes) + " 分"))
    else:
        # "Seven" by itself would be a number.
        return build("{t} {p}", "{p} {t}", t=name, p=atom(*rng.choice(PARTS_OF_DAY))) if alone else name
    if alone and rng.random() < 0.4:
        return build("{t} {p}", "{p} {t}", t=time, p=atom(*rng.choice(PARTS_OF_DAY)))
    return time
