"""What a generated picture shows, and what a caption claims about it.

Both are rows of small integers, so that "does this caption fit that picture?" is one comparison: a
caption fits when every field that it states is the picture's.
"""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass, replace

import numpy as np

# English, Chinese, measure word.
SHAPES = [
    ("circle", "圆形", "个"), ("square", "正方形", "个"), ("triangle", "三角形", "个"), ("star", "五角星", "颗"),
    ("heart", "心形", "个"), ("diamond", "菱形", "个"), ("cross", "十字", "个"), ("ring", "圆环", "个"),
    ("house", "房子", "座"), ("tree", "树", "棵"), ("fish", "鱼", "条"), ("moon", "月亮", "个"), ("car", "汽车", "辆"),
    ("cup", "杯子", "个"),
]
COLOURS = [
    ("red", "红色", (220, 30, 35)), ("orange", "橙色", (245, 140, 20)), ("yellow", "黄色", (240, 215, 30)),
    ("green", "绿色", (35, 150, 60)), ("blue", "蓝色", (35, 80, 210)), ("purple", "紫色", (130, 50, 170)),
    ("pink", "粉色", (250, 150, 190)), ("black", "黑色", (25, 25, 28)),
]
SIZES = [("", ""), ("small", "小"), ("big", "大")]
POSITIONS = [
    ("in the middle", "中间"), ("in the top left", "左上角"), ("in the top right", "右上角"),
    ("in the bottom left", "左下角"), ("in the bottom right", "右下角"),
]
COUNTS = [("one", "一"), ("two", "两"), ("three", "三"), ("four", "四"), ("five", "五")]
BESIDE, ABOVE = 0, 1

SINGLE, MANY, PAIR = range(3)
ANY = -1
HELD_OUT = 0.15


@dataclass(frozen=True)
class Scene:
    """A picture's content; as a claim, `ANY` stands in the fields that are left open.

    Of a pair, the first thing is the one on the left, or on top.
    """

    kind: int
    colour: int
    shape: int
    colour2: int = ANY
    shape2: int = ANY
    size: int = ANY
    position: int = ANY
    count: int = ANY
    relation: int = ANY


def held_out(colour: int, shape: int) -> bool:
    """Whether a colour never meets a shape in training; by a hash, the same everywhere."""
    digest = hashlib.sha256(f"{COLOURS[colour][0]} {SHAPES[shape][0]}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 < HELD_OUT


SEEN = [(c, s) for c in range(len(COLOURS)) for s in range(len(SHAPES)) if not held_out(c, s)]
UNSEEN = [(c, s) for c in range(len(COLOURS)) for s in range(len(SHAPES)) if held_out(c, s)]


def draw(rng: np.random.Generator, things: list[tuple[int, int]], kind: int | None = None) -> Scene:
    """A random scene of the given things (colour and shape)."""
    kind = int(rng.choice(3, p=(0.4, 0.25, 0.35))) if kind is None else kind
    colour, shape = things[int(rng.integers(len(things)))]
    if kind == SINGLE:
        return Scene(SINGLE, colour, shape, size=int(rng.integers(3)), position=int(rng.integers(5)), count=0)
    if kind == MANY:
        return Scene(MANY, colour, shape, count=int(rng.integers(1, 5)))
    other = (colour, shape)
    while other == (colour, shape):
        other = things[int(rng.integers(len(things)))]
    return Scene(PAIR, colour, shape, *other, relation=int(rng.integers(2)))


def neighbour(rng: np.random.Generator, scene: Scene, things: list[tuple[int, int]]) -> Scene:
    """A scene that differs in one respect: what a caption is confused with most easily."""
    if scene.kind == PAIR and rng.random() < 0.35:
        mirrored = (scene.colour2, scene.shape2, scene.colour, scene.shape)
        return Scene(PAIR, *mirrored, relation=scene.relation)
    if scene.kind == PAIR and rng.random() < 0.3:
        swapped = (scene.colour2, scene.shape, scene.colour, scene.shape2)
        allowed = swapped[:2] in things and swapped[2:] in things and swapped[:2] != swapped[2:]
        return Scene(PAIR, *swapped, relation=scene.relation) if allowed else replace(scene, relation=1 - scene.relation)
    if scene.kind == MANY and rng.random() < 0.6:
        return replace(scene, count=int(rng.integers(1, 5)))
    if scene.kind == SINGLE and rng.random() < 0.5:
        return replace(scene, **({"position": int(rng.integers(5))} if rng.random() < 0.6 else {"size": int(rng.integers(3))}))
    same = [t for t in things if (t[0] == scene.colour) != (t[1] == scene.shape)]
    colour, shape = same[int(rng.integers(len(same)))]
    if (colour, shape) == (scene.colour2, scene.shape2):
        return scene
    return replace(scene, colour=colour, shape=shape)


def fits(claims: list[Scene], scenes: list[Scene]) -> np.ndarray:
    """[pictures, captions]: 1 where a caption is true of a picture."""
    said = np.array([astuple(claim) for claim in claims])[None]
    shown = np.array([astuple(scene) for scene in scenes])[:, None]
    return ((said == ANY) | (said == shown)).all(-1).astype(np.float32)
