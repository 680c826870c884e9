"""At most 256 colours for a picture: the most common ones unchanged, the others by median cuts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

COLOURS = 256
"""The size of a PNG's palette."""

_KEPT = 96
"""Flat areas and the edges of letters stay as they were drawn. The others are shadows and emoji."""

Colours = NDArray[np.uint8]


def reduce_colours(pixels: Colours) -> tuple[Colours, Colours]:
    """Return the palette, one row per colour, and for each pixel its place in the palette."""
    height, width, _ = pixels.shape
    packed = pixels.astype(np.uint32) @ np.array([65_536, 256, 1], np.uint32)
    found, where, counts = np.unique(packed.ravel(), return_inverse=True, return_counts=True)
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1).astype(np.uint8)
    palette, places = _chosen(colours, counts)
    return palette, places[where].reshape(height, width)


def _chosen(colours: Colours, counts: NDArray[np.int64]) -> tuple[Colours, Colours]:
    """Return a palette for these colours, and each colour's place in it."""
    by_use = np.argsort(-counts, kind="stable")
    places = np.zeros(len(colours), np.uint8)
    if len(colours) <= COLOURS:
        return colours, np.arange(len(colours), dtype=np.uint8)
    kept, rest = by_use[:_KEPT], by_use[_KEPT:]
    places[kept] = np.arange(_KEPT)
    palette = list(colours[kept])
    for box in _boxes(colours, rest, COLOURS - _KEPT):
        places[box] = len(palette)
        palette.append(np.average(colours[box], axis=0, weights=counts[box]).round().astype(np.uint8))
    return np.stack(palette), places


def _boxes(colours: Colours, members: NDArray[np.int64], number: int) -> list[NDArray[np.int64]]:
    """Cut a set of colours into boxes: always the widest one, across its widest channel, at the median."""
    boxes = [members]
    while len(boxes) < number:
        spans = [np.ptp(colours[box], axis=0) for box in boxes]
        widest = max(range(len(boxes)), key=lambda place: int(spans[place].max()))
        box = boxes.pop(widest)
        order = box[np.argsort(colours[box][:, int(spans[widest].argmax())], kind="stable")]
        boxes += [order[: len(order) // 2], order[len(order) // 2 :]]
    return boxes
