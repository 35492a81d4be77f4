"""Draws scenes: pictures of flat shapes on a light background, 64 × 64 for the model, larger for the eye.

    python picture.py --out FOLDER      writes the sample pictures
"""

from __future__ import annotations

import argparse
import math
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from scene import ABOVE, ANY, COLOURS, MANY, PAINTED, PAIR, SHAPES, Scene

SIDE = 64
FINE = 8  # shapes are drawn this many times larger and shrunk: smooth edges
# Least and largest diameter, in pixels, of a thing of each size; of one of many; of one of a pair.
DIAMETERS = [(20, 25), (12, 15), (30, 36)]
ONE_OF_MANY, ONE_OF_PAIR = (14, 18), (17, 25)
PLACES = (0.24, 0.5, 0.76)


def polygon(*points: tuple[float, float]):
    return lambda pen, n: pen.polygon([(x * n, y * n) for x, y in points], fill=255)


def star(pen: ImageDraw.ImageDraw, n: int) -> None:
    angles = [math.pi * (i / 5 - 0.5) for i in range(10)]
    radii = [0.5 if i % 2 == 0 else 0.21 for i in range(10)]
    pen.polygon([((0.5 + r * math.cos(a)) * n, (0.53 + r * math.sin(a)) * n) for a, r in zip(angles, radii)], fill=255)


def heart(pen: ImageDraw.ImageDraw, n: int) -> None:
    pen.ellipse((0, 0.05 * n, 0.53 * n, 0.58 * n), fill=255)
    pen.ellipse((0.47 * n, 0.05 * n, n, 0.58 * n), fill=255)
    pen.polygon([(0.04 * n, 0.43 * n), (0.96 * n, 0.43 * n), (0.5 * n, 0.98 * n)], fill=255)


def house(pen: ImageDraw.ImageDraw, n: int) -> None:
    pen.polygon([(0, 0.48 * n), (0.5 * n, 0), (n, 0.48 * n)], fill=255)
    pen.rectangle((0.14 * n, 0.46 * n, 0.86 * n, n), fill=255)
    pen.rectangle((0.4 * n, 0.64 * n, 0.62 * n, n), fill=0)


def tree(pen: ImageDraw.ImageDraw, n: int) -> None:
    for top, bottom, half in ((0, 0.42, 0.28), (0.22, 0.64, 0.38), (0.42, 0.82, 0.46)):
        pen.polygon([(0.5 * n, top * n), ((0.5 - half) * n, bottom * n), ((0.5 + half) * n, bottom * n)], fill=255)
    pen.rectangle((0.42 * n, 0.8 * n, 0.58 * n, n), fill=255)


def fish(pen: ImageDraw.ImageDraw, n: int) -> None:
    pen.ellipse((0, 0.22 * n, 0.76 * n, 0.78 * n), fill=255)
    pen.polygon([(0.64 * n, 0.5 * n), (n, 0.2 * n), (n, 0.8 * n)], fill=255)
    pen.ellipse((0.14 * n, 0.38 * n, 0.24 * n, 0.48 * n), fill=0)


def moon(pen: ImageDraw.ImageDraw, n: int) -> None:
    pen.ellipse((0, 0, n - 1, n - 1), fill=255)
    pen.ellipse((0.34 * n, -0.08 * n, 1.14 * n, 0.76 * n), fill=0)


def car(pen: ImageDraw.ImageDraw, n: int) -> None:
    pen.polygon([(0.18 * n, 0.45 * n), (0.32 * n, 0.2 * n), (0.7 * n, 0.2 * n), (0.84 * n, 0.45 * n)], fill=255)
    pen.rectangle((0, 0.43 * n, n, 0.7 * n), fill=255)
    pen.rectangle((0.36 * n, 0.27 * n, 0.66 * n, 0.42 * n), fill=0)
    for x in (0.12, 0.62):
        pen.ellipse((x * n, 0.58 * n, (x + 0.26) * n, 0.84 * n), fill=255)


def cup(pen: ImageDraw.ImageDraw, n: int) -> None:
    pen.ellipse((0.5 * n, 0.24 * n, n - 1, 0.72 * n), outline=255, width=max(1, n // 10))
    pen.polygon([(0, 0.08 * n), (0.76 * n, 0.08 * n), (0.66 * n, 0.92 * n), (0.1 * n, 0.92 * n)], fill=255)


PENS = {
    "circle": lambda pen, n: pen.ellipse((0, 0, n - 1, n - 1), fill=255),
    "square": polygon((0.06, 0.06), (0.94, 0.06), (0.94, 0.94), (0.06, 0.94)),
    "triangle": polygon((0.5, 0.02), (1, 0.94), (0, 0.94)),
    "star": star,
    "heart": heart,
    "diamond": polygon((0.5, 0), (0.88, 0.5), (0.5, 1), (0.12, 0.5)),
    "cross": polygon(*[(x, y) for x, y in zip(
        (0.34, 0.66, 0.66, 1, 1, 0.66, 0.66, 0.34, 0.34, 0, 0, 0.34),
        (0, 0, 0.34, 0.34, 0.66, 0.66, 1, 1, 0.66, 0.66, 0.34, 0.34),
    )]),
    "ring": lambda pen, n: pen.ellipse((0, 0, n - 1, n - 1), outline=255, width=n // 5),
    "house": house, "tree": tree, "fish": fish, "moon": moon, "car": car, "cup": cup,
}


@cache
def stencil(shape: int, width: int, height: int, mirrored: bool) -> Image.Image:
    fine = FINE if width < 40 else 4
    side = max(width, height) * fine
    large = Image.new("L", (side, side))
    PENS[SHAPES[shape][0]](ImageDraw.Draw(large), side)
    if mirrored:
        large = large.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return large.resize((width, height), Image.Resampling.BOX)


def centres(rng: np.random.Generator, scene: Scene) -> list[tuple[float, float]]:
    """Where the things stand, as shares of the side."""
    if scene.kind == PAIR:
        along, across = rng.uniform(0.2, 0.3), rng.uniform(0.3, 0.7)
        first, second = (along, across), (1 - rng.uniform(0.2, 0.3), across + rng.uniform(-0.12, 0.12))
        return [(y, x) for x, y in (first, second)] if scene.relation == ABOVE else [first, second]
    if scene.kind == MANY:
        cells = rng.permutation(9)[: scene.count + 1]
        return [(((c % 3) + 0.5 + rng.uniform(-0.1, 0.1)) / 3, ((c // 3) + 0.5 + rng.uniform(-0.1, 0.1)) / 3) for c in cells]
    x, y = PLACES[scene.position % 3], PLACES[scene.position // 3]
    return [(x + rng.uniform(-0.05, 0.05), y + rng.uniform(-0.05, 0.05))]


def various(rng: np.random.Generator, colour: int) -> list[int]:
    """Five different shapes, none of them held out in this colour."""
    allowed = [shape for shape in range(len(SHAPES)) if (colour, shape) not in PAINTED]
    return rng.permutation(allowed)[:5].tolist()


def picture(rng: np.random.Generator, scene: Scene, scale: int = 1) -> Image.Image:
    """One of the many pictures of a scene: places, sizes, proportions, shades and background vary."""
    background = tuple(int(v) for v in rng.integers(220, 256, 3))
    side = SIDE * scale
    image = Image.new("RGB", (side, side), background)
    span = {PAIR: ONE_OF_PAIR, MANY: ONE_OF_MANY}.get(scene.kind) or DIAMETERS[scene.size]
    things = [(scene.colour, scene.shape), (scene.colour2, scene.shape2)]
    mixture = various(rng, scene.colour) if scene.shape == ANY else []
    for index, (x, y) in enumerate(centres(rng, scene)):
        colour, shape = things[index if scene.kind == PAIR else 0]
        shape = mixture[index] if shape == ANY else shape
        diameter = int(rng.integers(span[0], span[1] + 1))
        width, height = ((diameter - int(rng.integers(0, 2))) * scale for _ in range(2))
        shade = tuple(int(np.clip(v + rng.integers(-14, 15), 0, 255)) for v in COLOURS[colour][2])
        left = int(np.clip(round(x * side - width / 2), 0, side - width))
        top = int(np.clip(round(y * side - height / 2), 0, side - height))
        image.paste(shade, (left, top), stencil(shape, width, height, bool(rng.random() < 0.5)))
    return image


def main() -> None:
    from caption import english, samples

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, help="folder for the sample pictures")
    out = Path(parser.parse_args().out)
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(20)
    for scene in samples():
        picture(rng, scene, scale=4).save(out / f"{file_name(english(scene))}.png", optimize=True)


def file_name(caption: str) -> str:
    return caption.removeprefix("a ").replace(" ", "-")


if __name__ == "__main__":
    main()
