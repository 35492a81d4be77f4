"""Draws sentence pairs of the small world, with the links between their words.

    python grammar.py [COUNT]      prints some

The two word orders differ wherever those of the languages do: times and places, relative clauses,
comparisons, dates, questions, reasons. Every sentence has one translation in either direction.
"""

from __future__ import annotations

import hashlib
import random
import sys

import lexicon as lex
import numerals as num
from phrase import Phrase, atom, build, capitalised, text_of

HELD_OUT = 0.05


def held_out(english: str) -> bool:
    """Decided by a hash of the English side: the same on every machine."""
    digest = hashlib.sha256(english.lower().encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 < HELD_OUT


class Speaker:
    """Draws phrases and sentences from one generator of random numbers."""

    def __init__(self, rng: random.Random):
        self.rng = rng

    # Phrases

    def subject(self) -> tuple[Phrase, tuple[str, str, bool]]:
        chosen = self.rng.choice(lex.SUBJECTS)
        return atom(*chosen[:2]), chosen

    def person(self) -> Phrase:
        en, zh, _ = self.rng.choice(lex.SUBJECTS)
        return atom(lex.OBJECT_FORMS.get(en, en), zh)

    def thing(self, kinds: str = "") -> tuple[str, str, str, str, str]:
        return self.rng.choice([t for t in lex.THINGS if not kinds or t[4] in kinds])

    def adjective(self) -> Phrase:
        if self.rng.random() < 0.6:
            en, zh = self.rng.choice(lex.COLOURS)
            return build("{a}", "{a} 的", a=atom(en, zh))
        en, _, zh, _ = self.rng.choice(lex.QUALITIES)
        return atom(en, zh)

    def some(self, kinds: str = "") -> Phrase:
        """Things that are new to the listener: "three red apples", "a cup of tea"."""
        if "drink" in kinds or (not kinds and self.rng.random() < 0.12):
            return self.drink()
        one, many, zh, measure, _ = self.thing(kinds)
        described = self.rng.random() < 0.4
        adjective = self.adjective() if described else None
        if self.rng.random() < 0.35:
            first = adjective.en[0][0] if adjective else one
            article = "an" if first[0] in "aeiou" else "a"
            count, noun = build(article, "一"), one
        else:
            limit = self.rng.choice((9, 20, 99))
            count, noun = num.number(self.rng, self.rng.randint(2, limit), True), many
        slots = {"c": count, "m": Phrase((), ((measure, 0),)), "n": atom(noun, zh)}
        if adjective:
            return build("{c} {a} {n}", "{c} {m} {a} {n}", a=adjective, **slots)
        return build("{c} {n}", "{c} {m} {n}", **slots)

    def drink(self) -> Phrase:
        one, many, measure = self.rng.choice(lex.CONTAINERS)
        what = atom(*self.rng.choice(lex.DRINKS))
        if self.rng.random() < 0.5:
            return build("a {c} of {d}", "一 {c} {d}", c=atom(one, measure), d=what)
        count = num.number(self.rng, self.rng.randint(2, 20), True)
        return build("{n} {c} of {d}", "{n} {c} {d}", n=count, c=atom(many, measure), d=what)

    def known(self, kinds: str = "") -> tuple[Phrase, bool]:
        """A thing that the listener knows ("this book", "my red cats"), and whether there are many."""
        one, many, zh, measure, _ = self.thing(kinds)
        adjective = self.adjective() if self.rng.random() < 0.3 else Phrase((), ())
        kind = self.rng.random()
        if kind < 0.5:
            owner = atom(*self.rng.choice(lex.POSSESSIVES))
            return build("{o} {a} {n}", "{o} {a} {n}", o=owner, a=adjective, n=atom(one, zh)), False
        near = self.rng.random() < 0.5
        if kind < 0.75:
            pointer = atom("this", "这") if near else atom("that", "那")
            pair = build("{p} {a} {n}", f"{{p}} {measure} {{a}} {{n}}", p=pointer, a=adjective, n=atom(one, zh))
            return pair, False
        pointer = atom("these", "这") if near else atom("those", "那")
        count = num.number(self.rng, self.rng.randint(2, 20), True)
        slots = {"p": pointer, "c": count, "a": adjective, "n": atom(many, zh)}
        return build("{p} {c} {a} {n}", f"{{p}} {{c}} {measure} {{a}} {{n}}", **slots), True

    def things(self, kinds: str = "") -> Phrase:
        return self.some(kinds) if "drink" in kinds or self.rng.random() < 0.6 else self.known(kinds)[0]

    def place(self) -> Phrase:
        if self.rng.random() < 0.3:
            side, mark = atom(*self.rng.choice(lex.SIDES)), atom(*self.rng.choice(lex.LANDMARKS))
            return build("{s} {m}", "在 {m} {s}", s=side, m=mark)
        before, en, zh = self.rng.choice(lex.PLACES)
        return build(f"{before} {{p}}", "在 {p}", p=atom(en, zh))

    def action(self, lasting: bool = False) -> tuple[tuple[str, str, str, str], str, Phrase]:
        """Forms of a verb (base, -s, past, -ing), its Chinese and its object, which may be empty."""
        if self.rng.random() < 0.3:
            *forms, zh = self.rng.choice(lex.DOINGS)
            return tuple(forms), zh, Phrase((), ())
        *forms, zh, kinds = self.rng.choice([v for v in lex.VERBS if not (lasting and v[0] in lex.MOMENTS)])
        return tuple(forms), zh, self.things(kinds)

    def when(self, tense: str) -> Phrase:
        """A time of the past or the future, or a habit; now and then with the clock."""
        if tense == "habit":
            if self.rng.random() < 0.3:
                en, zh = self.rng.choice(num.DAYS)
                day = atom(f"every {en}", f"每个 {zh}")
            else:
                day = atom(*self.rng.choice(lex.HABIT))
        elif self.rng.random() < 0.55:
            day = atom(*self.rng.choice(lex.PAST if tense == "past" else lex.FUTURE))
        elif self.rng.random() < 0.4:
            en, zh = self.rng.choice(num.DAYS)
            day = atom(f"last {en}", f"上个 {zh}") if tense == "past" else atom(f"next {en}", f"下个 {zh}")
        elif self.rng.random() < 0.5:
            one, many, zh = self.rng.choice(lex.SPANS)
            count = num.number(self.rng, self.rng.randint(2, 20), True)
            words = ("{c} {u} ago", "{c} {u} 前") if tense == "past" else ("in {c} {u}", "{c} {u} 后")
            return build(*words, c=count, u=atom(many, zh))
        else:
            day = build("on {d}", "{d}", d=num.date(self.rng))
        if self.rng.random() < 0.25:
            return build("at {c} {d}", "{d} {c}", c=num.clock(self.rng, alone=False), d=day)
        return day

    # Sentences

    def told(self, tense: str) -> Phrase:
        """A clause without its full stop: past, future or habit, with or without time and place."""
        who, (_, _, singular) = self.subject()
        (base, present, past, _), verb, what = self.action()
        slots = {"s": who, "o": what, "t": self.when(tense)}
        where = self.place() if self.rng.random() < 0.35 else Phrase((), ())
        if tense == "past":
            aspect = "" if not what.zh else "了"
            tail = "了" if not what.zh else ""
            if self.rng.random() < 0.2:
                slots |= {"v": atom(base, verb)}
                return build("{s} did not {v} {o} {p} {t}", "{s} {t} 没有 {p} {v} {o}", p=where, **slots)
            slots |= {"v": atom(past, verb)}
            return build("{s} {v} {o} {p} {t}", f"{{s}} {{t}} {{p}} {{v}} {aspect} {{o}} {tail}", p=where, **slots)
        if tense == "future":
            slots |= {"v": atom(base, verb)}
            if self.rng.random() < 0.2:
                return build("{s} will not {v} {o} {p} {t}", "{s} {t} 不会 {p} {v} {o}", p=where, **slots)
            return build("{s} will {v} {o} {p} {t}", "{s} {t} 会 {p} {v} {o}", p=where, **slots)
        slots |= {"v": atom(present if singular else base, verb)}
        return build("{s} {v} {o} {p} {t}", "{s} {t} {p} {v} {o}", p=where, **slots)

    def statement(self) -> Phrase:
        return build("{c} .", "{c} 。", c=self.told(self.rng.choice(("past", "past", "future", "habit"))))

    def progressive(self) -> Phrase:
        who, (en, _, singular) = self.subject()
        (_, _, _, doing), verb, what = self.action(lasting=True)
        be = "am" if en == "I" else "is" if singular else "are"
        where = self.place() if self.rng.random() < 0.5 else None
        slots = {"s": who, "o": what, "v": atom(doing, verb)}
        if where:
            return build(f"{{s}} {be} {{v}} {{o}} {{p}} now .", "{s} 现在 正 {p} {v} {o} 。", p=where, **slots)
        return build(f"{{s}} {be} {{v}} {{o}} .", "{s} 正在 {v} {o} 。", **slots)

    def question(self) -> Phrase:
        who, (_, _, singular) = self.subject()
        (base, _, past, _), verb, what = self.action()
        if not what.en:
            what = self.things("")
            (base, _, past, _), verb = lex.VERBS[0][:4], lex.VERBS[0][4]
        slots = {"s": who, "o": what, "v": atom(base, verb)}
        kind = self.rng.randrange(7)
        if kind == 0:
            return build("did {s} {v} {o} {t} ?", "{s} {t} {v} 了 {o} 吗 ？", t=self.when("past"), **slots)
        if kind == 1:
            return build("will {s} {v} {o} {t} ?", "{s} {t} 会 {v} {o} 吗 ？", t=self.when("future"), **slots)
        if kind == 2:
            ask = atom("where", "在哪里")
            return build("{w} did {s} {v} {o} ?", "{s} {w} {v} 了 {o} ？", w=ask, **slots)
        if kind == 3:
            ask = atom("when", "什么时候")
            return build("{w} will {s} {v} {o} ?", "{s} {w} 会 {v} {o} ？", w=ask, **slots)
        if kind == 4:
            slots |= {"v": atom(past, verb), "w": atom("who", "谁"), "t": self.when("past")}
            return build("{w} {v} {o} {t} ?", "{w} {t} {v} 了 {o} ？", **slots)
        if kind == 5:
            _, many, zh, measure, _ = self.thing()
            slots |= {"n": atom(many, zh), "w": atom("how many", "多少"), "v": atom("buy", "买"), "t": self.when("past")}
            return build("{w} {n} did {s} {v} {t} ?", f"{{s}} {{t}} {{v}} 了 {{w}} {measure} {{n}} ？", **slots)
        slots |= {"w": atom("what", "什么"), "t": self.when("past")}
        return build("{w} did {s} {v} {t} ?", "{s} {t} {v} 了 {w} ？", **slots)

    def described(self) -> Phrase:
        """What something is like, and what is more so."""
        what, many = self.known()
        be = "are" if many else "is"
        plain, more, _, zh = self.rng.choice(lex.QUALITIES)
        kind = self.rng.randrange(4)
        if kind == 0:
            colour = atom(*self.rng.choice(lex.COLOURS))
            return build(f"{{n}} {be} {{c}} .", "{n} 是 {c} 的 。", n=what, c=colour)
        if kind == 1:
            return build(f"{{n}} {be} very {{q}} .", "{n} 很 {q} 。", n=what, q=atom(plain, zh))
        if kind == 2:
            who, (_, _, singular) = self.subject()
            slots = {"s": who, "v": atom("thinks" if singular else "think", "觉得"), "n": what, "q": atom(plain, zh)}
            return build(f"{{s}} {{v}} {{n}} {be} too {{q}} .", "{s} {v} {n} 太 {q} 了 。", **slots)
        other, _ = self.known()
        return build(f"{{n}} {be} {{q}} than {{o}} .", "{n} 比 {o} {q} 。", n=what, o=other, q=atom(more, zh))

    def located(self) -> Phrase:
        side, mark = atom(*self.rng.choice(lex.SIDES)), atom(*self.rng.choice(lex.LANDMARKS))
        kind = self.rng.random()
        if kind < 0.45:
            what = self.some()
            be = "is" if what.en[0][0] in ("a", "an") else "are"
            return build(f"there {be} {{n}} {{s}} {{m}} .", "{m} {s} 有 {n} 。", n=what, s=side, m=mark)
        what, many = self.known()
        be = "are" if many else "is"
        if kind < 0.8:
            return build(f"{{n}} {be} {{s}} {{m}} .", "{n} 在 {m} {s} 。", n=what, s=side, m=mark)
        return build(f"{{w}} {be} {{n}} ?", "{n} {w} ？", n=what, w=atom("where", "在哪里"))

    def priced(self) -> Phrase:
        what, many = self.known()
        be = "are" if many else "is"
        kind = self.rng.random()
        if kind < 0.2:
            return build(f"{{w}} {be} {{n}} ?", "{n} {w} ？", n=what, w=atom("how much", "多少钱"))
        if kind < 0.6:
            cost = atom("cost" if many else "costs", "要")
            return build("{n} {c} {p} .", "{n} {c} {p} 。", n=what, c=cost, p=num.price(self.rng))
        who, _ = self.subject()
        slots = {"s": who, "v": atom("paid", "花"), "p": num.price(self.rng), "n": self.some()}
        return build("{s} {v} {p} for {n} .", "{s} {v} 了 {p} 买 {n} 。", **slots)

    def relative(self) -> Phrase:
        """The clause stands after its noun in English and before it in Chinese."""
        who, _ = self.subject()
        *forms, verb, kinds = self.rng.choice([v for v in lex.VERBS if v[0] != "drink"])
        one, _, zh, _, _ = self.thing(kinds)
        plain, _, _, quality = self.rng.choice(lex.QUALITIES)
        slots = {"s": who, "v": atom(forms[2], verb), "n": atom(one, zh), "t": self.when("past"), "q": atom(plain, quality)}
        return build("the {n} that {s} {v} {t} was very {q} .", "{s} {t} {v} 的 {n} 很 {q} 。", **slots)

    def reason(self) -> Phrase:
        who, (en, _, singular) = self.subject()
        be = "am" if en == "I" else "is" if singular else "are"
        feels = atom(*self.rng.choice(lex.FEELINGS))
        words = (f"{{s}} {be} {{f}} because {{c}} .", "因为 {c} ， 所以 {s} 很 {f} 。")
        return build(*words, s=who, f=feels, c=self.told("past"))

    def journey(self) -> Phrase:
        who, (_, _, singular) = self.subject()
        tense = self.rng.choice(("past", "future", "habit"))
        verb = {"past": "went", "future": "will go", "habit": "goes" if singular else "go"}[tense]
        slots = {"s": who, "v": atom(verb, "去"), "g": atom(*self.rng.choice(lex.GOALS)), "t": self.when(tense)}
        slots |= {"b": atom(*self.rng.choice(lex.VEHICLES))}
        will, done = "会" if tense == "future" else "", "了" if tense == "past" else ""
        if self.rng.random() < 0.3:
            slots |= {"f": self.person()}
            return build("{s} {v} {g} with {f} {t} .", f"{{s}} {{t}} {will} 和 {{f}} 一起 {{v}} {done} {{g}} 。", **slots)
        return build("{s} {v} {g} {b} {t} .", f"{{s}} {{t}} {will} {{b}} {{v}} {done} {{g}} 。", **slots)

    def wish(self) -> Phrase:
        who, (_, _, singular) = self.subject()
        if self.rng.random() < 0.15:
            _, many, name, _, _ = self.thing()
            slots = {"s": who, "v": atom("likes" if singular else "like", "喜欢"), "n": atom(many, name)}
            return build("{s} {v} {n} .", "{s} {v} {n} 。", **slots)
        (base, _, _, _), verb, what = self.action()
        en, third, zh = self.rng.choice(lex.MODALS)
        slots = {"s": who, "w": atom(third if singular else en, zh), "v": atom(base, verb), "o": what}
        if self.rng.random() < 0.3:
            return build("{s} {w} {v} {o} {p} .", "{s} {w} {p} {v} {o} 。", p=self.place(), **slots)
        return build("{s} {w} {v} {o} .", "{s} {w} {v} {o} 。", **slots)

    def gift(self) -> Phrase:
        who, _ = self.subject()
        slots = {"s": who, "p": self.person(), "o": self.things(), "t": self.when("past")}
        return build("{s} {v} {p} {o} {t} .", "{s} {t} {v} 了 {p} {o} 。", v=atom("gave", "给"), **slots)

    def weather(self) -> Phrase:
        city, how = atom(*self.rng.choice(lex.CITIES)), atom(*self.rng.choice(lex.WEATHER))
        kind = self.rng.randrange(3)
        if kind == 0:
            return build("it was {h} in {c} {t} .", "{t} {c} 很 {h} 。", h=how, c=city, t=self.when("past"))
        if kind == 1:
            return build("it will be {h} in {c} {t} .", "{t} {c} 会 很 {h} 。", h=how, c=city, t=self.when("future"))
        rain = atom(*self.rng.choice([("raining", "下雨"), ("snowing", "下雪")]))
        return build("it is {r} in {c} {t} .", "{t} {c} 在 {r} 。", r=rain, c=city, t=atom("today", "今天"))

    def calendar(self) -> Phrase:
        kind = self.rng.randrange(4)
        if kind == 0:
            day = atom(*self.rng.choice([("today is", "今天 是"), ("tomorrow is", "明天 是")]))
            name, date = atom(*self.rng.choice(num.DAYS)), num.date(self.rng)
            return build("{t} {w} , {d} .", "{t} {d} ， {w} 。", t=day, w=name, d=date)
        if kind == 1:
            owner = atom(*self.rng.choice(lex.POSSESSIVES))
            return build("{o} {b} is on {d} .", "{o} {b} 是 {d} 。", o=owner, b=atom("birthday", "生日"), d=num.date(self.rng))
        if kind == 2:
            return build("it is {c} .", "现在 是 {c} 。", c=num.clock(self.rng))
        what = self.rng.choice([("the train", "火车"), ("the bus", "公共汽车"), ("the plane", "飞机")])
        verb = self.rng.choice([("leaves", "出发"), ("arrives", "到达")])
        return build("{n} {v} at {c} .", "{n} {c} {v} 。", n=atom(*what), v=atom(*verb), c=num.clock(self.rng))

    def sum(self) -> Phrase:
        spelt = self.rng.random() < 0.67
        a, b = num.any_number(self.rng) // 2, num.any_number(self.rng) // 2
        less = self.rng.random() < 0.5
        values = [max(a, b), min(a, b), abs(a - b) if less else a + b]
        words = [atom(num.english(n), num.chinese(n)) if spelt else atom(str(n), str(n)) for n in values]
        sign = atom("minus", "减") if less else atom("plus", "加")
        return build("{a} {s} {b} is {c} .", "{a} {s} {b} 等于 {c} 。", a=words[0], s=sign, b=words[1], c=words[2])

    def fragment(self) -> Phrase:
        """What people try first: a number, a date, a time, a few things."""
        kind = self.rng.randrange(5)
        if kind == 0:
            n = num.any_number(self.rng)
            return atom(num.english(n), num.chinese(n))
        makers = (num.date, num.clock, num.price, lambda _: self.some())
        return makers[kind - 1](self.rng)

    def sentence(self) -> Phrase:
        makers = (
            (self.statement, 24), (self.progressive, 8), (self.question, 13), (self.described, 9), (self.located, 7),
            (self.priced, 6), (self.relative, 5), (self.reason, 6), (self.journey, 7), (self.wish, 6), (self.gift, 4),
            (self.weather, 4), (self.calendar, 6), (self.sum, 5), (self.fragment, 8),
        )
        maker = self.rng.choices([m for m, _ in makers], [w for _, w in makers])[0]
        pair = maker()
        # A fragment stays as it is inside a sentence.
        return pair if maker == self.fragment else Phrase(capitalised(pair.en), pair.zh)


def english_of(pair: Phrase) -> str:
    return text_of(pair.en, "en")


def chinese_of(pair: Phrase) -> str:
    return text_of(pair.zh, "zh")


def draw(rng: random.Random, split: str) -> Phrase:
    """A pair of the split "train" or "heldout"."""
    speaker = Speaker(rng)
    while True:
        pair = speaker.sentence()
        if held_out(english_of(pair)) == (split == "heldout"):
            return pair


def main() -> None:
    rng = random.Random(1)
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 20):
        pair = draw(rng, "train")
        print(english_of(pair), chinese_of(pair), sep="\t")


if __name__ == "__main__":
    main()
