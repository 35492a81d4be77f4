"""Says what a scene shows, in English or Chinese, in part or in full."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scene import ABOVE, ANY, COLOURS, COUNTS, MANY, PAIR, POSITIONS, SHAPES, SINGLE, SIZES, Scene

LANGUAGES = ("en", "zh")
FRAMES = {
    "en": (
        "{}", "{}", "{}.", "a picture of {}", "there is {}", "this is {}", "I see {}", "the picture shows {}",
        "a photo of {}.", "This is a photo of {}.",
    ),
    "zh": ("{}", "{}", "{}。", "{}的图片", "图中有{}", "这是{}", "我看见{}", "图片里有{}", "{}的照片", "这是一张{}的照片。"),
}


def claim_of(rng: np.random.Generator, scene: Scene) -> Scene:
    """What a caption tells of a scene: now and then less than there is to tell."""
    if scene.kind == PAIR:
        return scene
    chance = rng.random()
    if chance < 0.08:
        return replace(scene, colour=ANY, size=ANY, position=ANY)
    if chance < 0.16:
        return replace(scene, shape=ANY, size=ANY, position=ANY)
    if scene.kind == MANY:
        return scene
    # A thing of no special size has no word for it.
    size = scene.size if scene.size and rng.random() < 0.6 else ANY
    return replace(scene, size=size, position=scene.position if rng.random() < 0.6 else ANY)


def noun_en(colour: int, shape: int, many: bool = False) -> str:
    name = "thing" if shape == ANY else SHAPES[shape][0]
    plural = {"fish": "fish", "cross": "crosses"}.get(name, f"{name}s") if many else name
    return plural if colour == ANY else f"{COLOURS[colour][0]} {plural}"


def article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def english(claim: Scene, turned: bool = False) -> str:
    """`turned` names the other thing of a pair first."""
    if claim.kind == MANY:
        return f"{COUNTS[claim.count][0]} {noun_en(claim.colour, claim.shape, True)}"
    if claim.kind == PAIR:
        first, second = article(noun_en(claim.colour, claim.shape)), article(noun_en(claim.colour2, claim.shape2))
        if claim.relation == ABOVE:
            return f"{second} below {first}" if turned else f"{first} above {second}"
        return f"{second} to the right of {first}" if turned else f"{first} to the left of {second}"
    size = f"{SIZES[claim.size][0]} " if claim.size > 0 else ""
    place = f" {POSITIONS[claim.position][0]}" if claim.position != ANY else ""
    return article(f"{size}{noun_en(claim.colour, claim.shape)}") + place


def noun_zh(colour: int, shape: int, size: str = "") -> tuple[str, str]:
    """The measure word and the rest."""
    _, name, measure = ("", "东西", "个") if shape == ANY else SHAPES[shape]
    return measure, ("" if colour == ANY else f"{COLOURS[colour][1]}的") + size + name


def chinese(claim: Scene, turned: bool = False) -> str:
    if claim.kind == MANY:
        return COUNTS[claim.count][1] + "".join(noun_zh(claim.colour, claim.shape))
    if claim.kind == PAIR:
        first, second = ("一" + "".join(noun_zh(*thing)) for thing in (
            (claim.colour, claim.shape), (claim.colour2, claim.shape2)))
        if claim.relation == ABOVE:
            return f"{second}在{first}下面" if turned else f"{first}在{second}上面"
        return f"{second}在{first}右边" if turned else f"{first}在{second}左边"
    words = "一" + "".join(noun_zh(claim.colour, claim.shape, SIZES[claim.size][1] if claim.size > 0 else ""))
    return f"{words}在{POSITIONS[claim.position][1]}" if claim.position != ANY else words


def plain(claim: Scene, lang: str, turned: bool = False) -> str:
    return english(claim, turned) if lang == "en" else chinese(claim, turned)


def caption(rng: np.random.Generator, claim: Scene, lang: str) -> str:
    """The claim in one of many wordings."""
    frames = FRAMES[lang]
    words = plain(claim, lang, turned=bool(rng.random() < 0.5))
    if lang == "en" and claim.kind == MANY:
        return frames[int(rng.integers(len(frames)))].format(words).replace("there is", "there are").replace("this is", "these are")
    return frames[int(rng.integers(len(frames)))].format(words)


def samples() -> list[Scene]:
    """A dozen scenes to show; the last four hold a colour and shape that never met in training."""
    from scene import SEEN, UNSEEN

    rng = np.random.default_rng(3)
    chosen: list[Scene] = []
    for index in range(12):
        things = UNSEEN if index >= 8 else SEEN
        colour, shape = things[int(rng.integers(len(things)))]
        if index % 4 < 2:
            chosen.append(Scene(SINGLE, colour, shape, size=index % 2 + 1, position=int(rng.integers(5)), count=0))
        elif index % 4 == 2:
            chosen.append(Scene(MANY, colour, shape, count=int(rng.integers(1, 5))))
        else:
            other = next(t for t in rng.permutation(things).tolist() if t != [colour, shape])
            chosen.append(Scene(PAIR, colour, shape, *other, relation=int(rng.integers(2))))
    return chosen
