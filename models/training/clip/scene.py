"""What a generated picture shows, and what a caption claims about it.

Both are rows of small integers, so that "does this caption fit that picture?" is one comparison: a
caption fits when every field that it states is the picture's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
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
# Row by row, from the top left.
POSITIONS = [
    ("in the top left", "左上角"), ("at the top", "上方"), ("in the top right", "右上角"),
    ("on the left", "左边"), ("in the middle", "中间"), ("on the right", "右边"),
    ("in the bottom left", "左下角"), ("at the bottom", "下方"), ("in the bottom right", "右下角"),
]
COUNTS = [("one", "一"), ("two", "两"), ("three", "三"), ("four", "四"), ("five", "五")]
BESIDE, ABOVE = 0, 1

SINGLE, MANY, PAIR = range(3)
# Shares of the kinds, at first and later.
KINDS = ((0.45, 0.27, 0.28), (0.38, 0.42, 0.2))
MIXED = 0.45
ANY = -1
HELD_OUT = 0.15


@dataclass(frozen=True)
class Scene:
    """A picture's content; as a claim, `ANY` stands in the fields that are left open.

    Of a pair, the first thing is the one on the left, or on top. Of many things `ANY` as the shape of a picture means
    that they are of various shapes: no caption that names a shape is true of it.
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


# How many values each field has; what the heads of training tell apart.
FIELDS = {
    "kind": 3, "colour": len(COLOURS), "shape": len(SHAPES), "colour2": len(COLOURS), "shape2": len(SHAPES),
    "size": len(SIZES), "position": len(POSITIONS), "count": len(COUNTS), "relation": 2,
}
Allowed = Callable[[Scene], bool]


def held_out(*words: str) -> bool:
    """Whether two words never meet in training; by a hash, the same everywhere."""
    digest = hashlib.sha256(" ".join(words).encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 < HELD_OUT


# Combinations that never meet in training, whatever else is in the picture.
PAINTED = {(c, s) for c in range(len(COLOURS)) for s in range(len(SHAPES)) if held_out(COLOURS[c][0], SHAPES[s][0])}
COUNTED = {(n, s) for n in range(1, len(COUNTS)) for s in range(len(SHAPES)) if held_out(COUNTS[n][0], SHAPES[s][0])}
PLACED = {(s, p) for s in range(len(SHAPES)) for p in range(len(POSITIONS)) if held_out(SHAPES[s][0], POSITIONS[p][0])}


def painted_unseen(scene: Scene) -> bool:
    return (scene.colour, scene.shape) in PAINTED


def both_unseen(scene: Scene) -> bool:
    return painted_unseen(scene) and (scene.colour2, scene.shape2) in PAINTED


def counted_unseen(scene: Scene) -> bool:
    return (scene.count, scene.shape) in COUNTED


def placed_unseen(scene: Scene) -> bool:
    return (scene.shape, scene.position) in PLACED


def seen(scene: Scene) -> bool:
    """Whether training may show or say it."""
    pairs = painted_unseen(scene) or (scene.colour2, scene.shape2) in PAINTED
    return not (pairs or counted_unseen(scene) or placed_unseen(scene))


def draw(rng: np.random.Generator, allowed: Allowed = seen, kind: int | None = None, later: bool = False) -> Scene:
    """A random scene of those that are allowed. `later` there are more of many things, and things of various shapes among
    them: where one shape never comes in fours, they show that a number is not a matter of shape."""
    kind = int(rng.choice(3, p=KINDS[later])) if kind is None else kind
    while True:
        scene = any_scene(rng, kind)
        if (scene.colour, scene.shape) != (scene.colour2, scene.shape2) and allowed(scene):
            break
    # Not of two, which would be a pair.
    return replace(scene, shape=ANY) if later and kind == MANY and scene.count > 1 and rng.random() < MIXED else scene


def any_scene(rng: np.random.Generator, kind: int) -> Scene:
    colour, shape = int(rng.integers(len(COLOURS))), int(rng.integers(len(SHAPES)))
    if kind == SINGLE:
        return Scene(SINGLE, colour, shape, size=int(rng.integers(3)), position=int(rng.integers(len(POSITIONS))), count=0)
    if kind == MANY:
        return Scene(MANY, colour, shape, count=int(rng.integers(1, len(COUNTS))))
    other = int(rng.integers(len(COLOURS))), int(rng.integers(len(SHAPES)))
    return Scene(PAIR, colour, shape, *other, relation=int(rng.integers(2)))


def neighbour(rng: np.random.Generator, scene: Scene) -> Scene:
    """A scene that differs in one respect: what a caption is confused with most easily."""
    for _ in range(8):
        other = varied(rng, scene)
        if other != scene and (other.colour, other.shape) != (other.colour2, other.shape2) and seen(other):
            return other
    return draw(rng)


def varied(rng: np.random.Generator, scene: Scene) -> Scene:
    chance = rng.random()
    if chance < 0.2:
        return replace(scene, colour=int(rng.integers(len(COLOURS))))
    if chance < 0.4:
        return replace(scene, shape=int(rng.integers(len(SHAPES))))
    if scene.kind == MANY:
        return replace(scene, count=int(rng.integers(2 if scene.shape == ANY else 1, len(COUNTS))))
    if scene.kind == SINGLE:
        if chance < 0.8:
            return replace(scene, position=int(rng.integers(len(POSITIONS))))
        return replace(scene, size=int(rng.integers(3)))
    if chance < 0.6:
        return replace(scene, relation=1 - scene.relation)
    if chance < 0.8:  # the things change places
        return replace(scene, colour=scene.colour2, shape=scene.shape2, colour2=scene.colour, shape2=scene.shape)
    return replace(scene, colour=scene.colour2, colour2=scene.colour)  # their colours do


def rows(scenes: list[Scene]) -> np.ndarray:
    """[scenes, fields]"""
    return np.array([astuple(scene) for scene in scenes])


def fits(claims: list[Scene], scenes: list[Scene]) -> np.ndarray:
    """[pictures, captions]: 1 where a caption is true of a picture."""
    said, shown = rows(claims)[None], rows(scenes)[:, None]
    return ((said == ANY) | (said == shown)).all(-1).astype(np.float32)
