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
PLURALS = {"fish": "fish", "cross": "crosses"}


def claim_of(rng: np.random.Generator, scene: Scene) -> Scene:
    """What a caption tells of a scene: now and then less than there is to tell."""
    colour = ANY if rng.random() < 0.12 else scene.colour
    shape = ANY if colour != ANY and rng.random() < 0.14 else scene.shape
    if scene.kind == PAIR:
        return replace(scene, colour=ANY, colour2=ANY) if colour == ANY else scene
    if scene.kind == MANY:
        return replace(scene, colour=colour, shape=shape)
    # A thing of no special size has no word for it.
    size = scene.size if scene.size and rng.random() < 0.5 else ANY
    return replace(scene, colour=colour, shape=shape, size=size, position=scene.position if rng.random() < 0.65 else ANY)


def noun_en(colour: int, shape: int, many: bool = False) -> str:
    name = "thing" if shape == ANY else SHAPES[shape][0]
    name = PLURALS.get(name, f"{name}s") if many else name
    return name if colour == ANY else f"{COLOURS[colour][0]} {name}"


def article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def english(claim: Scene, turned: bool = False) -> str:
    """`turned` names the other thing of a pair, or the place, first."""
    if claim.kind == MANY:
        return f"{COUNTS[claim.count][0]} {noun_en(claim.colour, claim.shape, True)}"
    if claim.kind == PAIR:
        first, second = article(noun_en(claim.colour, claim.shape)), article(noun_en(claim.colour2, claim.shape2))
        if claim.relation == ABOVE:
            return f"{second} below {first}" if turned else f"{first} above {second}"
        return f"{second} to the right of {first}" if turned else f"{first} to the left of {second}"
    size = f"{SIZES[claim.size][0]} " if claim.size > 0 else ""
    thing = article(f"{size}{noun_en(claim.colour, claim.shape)}")
    if claim.position == ANY:
        return thing
    place = POSITIONS[claim.position][0]
    return f"{place} there is {thing}" if turned else f"{thing} {place}"


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
    if claim.position == ANY:
        return words
    place = POSITIONS[claim.position][1]
    return f"{place}有{words}" if turned else f"{words}在{place}"


def plain(claim: Scene, lang: str, turned: bool = False) -> str:
    return english(claim, turned) if lang == "en" else chinese(claim, turned)


def bare(claim: Scene, lang: str) -> str:
    """Without article or measure word, as people write labels: "red circle", "红色的圆形", "red"."""
    noun = noun_en(claim.colour, claim.shape) if lang == "en" else noun_zh(claim.colour, claim.shape)[1]
    return noun.removesuffix(" thing").removesuffix("的东西")


def framed(words: str, frame: str, many: bool = False) -> str:
    if many:
        frame = frame.replace("there is", "there are").replace("this is", "these are")
    return frame.format(words)


def caption(rng: np.random.Generator, claim: Scene, lang: str) -> str:
    """The claim in one of many wordings."""
    frames = FRAMES[lang]
    frame = frames[int(rng.integers(len(frames)))]
    turned = bool(rng.random() < (0.5 if claim.kind == PAIR else 0.2))
    if claim.kind == SINGLE and claim.size == ANY and claim.position == ANY and rng.random() < 0.4:
        return framed(bare(claim, lang), frame)
    if claim.kind == SINGLE and claim.position != ANY and turned:
        frame = "{}"  # "a picture of on the left there is" is no English
    return framed(plain(claim, lang, turned), frame, many=lang == "en" and claim.kind == MANY)


def samples() -> list[Scene]:
    """Eight scenes to show; the first four hold a combination that never met in training."""
    colour = {name: index for index, (name, *_) in enumerate(COLOURS)}
    shape = {name: index for index, (name, *_) in enumerate(SHAPES)}
    return [
        Scene(SINGLE, colour["blue"], shape["heart"], size=2, position=4, count=0),
        Scene(SINGLE, colour["red"], shape["tree"], size=0, position=5, count=0),
        Scene(MANY, colour["yellow"], shape["star"], count=3),
        Scene(SINGLE, colour["black"], shape["fish"], size=1, position=2, count=0),
        Scene(SINGLE, colour["red"], shape["circle"], size=0, position=8, count=0),
        Scene(MANY, colour["orange"], shape["fish"], count=1),
        Scene(PAIR, colour["green"], shape["house"], colour["purple"], shape["moon"], relation=0),
        Scene(PAIR, colour["pink"], shape["heart"], colour["black"], shape["car"], relation=ABOVE),
    ]
