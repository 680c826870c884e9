"""Makes everything of one take in one pass: its tracks are decoded once, in step, in blocks of ten seconds.

This is a pure function of a work order: it reads the track files that the order names and writes a folder.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import numpy as np

from bot.audio.sound import Encoder, Samples
from bot.dataset.sound.clips import ClipCutter
from bot.dataset.sound.made import CLIPS, ClipMade, TakeMade, TrackMade, file_made, write_made
from bot.dataset.sound.mixing import Mix
from bot.dataset.sound.orders import Audio, TakeOrder, TrackOrder
from bot.dataset.sound.stepping import Step, TrackDamaged, bound_in, in_step, reading

PART: Final = ".part"
"""The suffix of the folder of a take that is being made."""

Told = Callable[[int], None]
"""Called with how many samples of the take were done since the last call. An exception from it ends the work."""


def make_take(order: TakeOrder, folder: Path, told: Told = lambda _samples: None) -> None:
    """Make the take in a new folder below `folder`, named by the order's digest, which appears when it is complete.

    A track that is missing, empty or damaged is left out. Raises OSError if something cannot be written.
    """
    part = folder / f"{order.digest}.{secrets.token_hex(4)}{PART}"
    part.mkdir()
    try:
        write_made(part, _made_of(order, part, told))
        part.rename(folder / order.digest)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _made_of(order: TakeOrder, folder: Path, told: Told) -> TakeMade:
    tracks = list(order.tracks)
    while tracks:
        try:
            return _make(order, tracks, folder, told)
        except TrackDamaged as damaged:
            tracks.remove(damaged.track)
    (folder / CLIPS).touch()
    return TakeMade(0, (), file_made(folder / CLIPS), None, None)


def _make(order: TakeOrder, tracks: Sequence[TrackOrder], folder: Path, told: Told) -> TakeMade:
    bound = bound_in(tracks, order.length_samples) if order.bound is None else order.bound
    length = 0
    with ExitStack() as stack:
        outputs = _Outputs(order, tracks, folder, bound, stack)
        for step in in_step(tracks, order.length_samples):
            outputs.write(length, step)
            length += len(step)
            told(len(step))
        clips = outputs.cut()
    outputs.mix.finish(tracks, order.length_samples)
    return outputs.made(length, clips)


class _Outputs:
    """The files of a take that grow with every step."""

    def __init__(
        self, order: TakeOrder, tracks: Sequence[TrackOrder], folder: Path, bound: float, stack: ExitStack
    ) -> None:
        self._tracks = tracks
        self._files = [folder / f"{number}{order.audio.suffix}" for number in range(len(tracks))]
        self._clips = folder / CLIPS
        bin_ = stack.enter_context(self._clips.open("wb"))
        self._cutters = [ClipCutter(track, order.audio, bin_) for track in tracks]
        for cutter in self._cutters:
            stack.callback(cutter.close)
        self._writers = [
            _track_writer(track, file, order.audio, stack) for track, file in zip(tracks, self._files, strict=True)
        ]
        self._dialogue = folder / f"dialogue{order.audio.dialogue_suffix(len(tracks))}"
        container = order.audio.dialogue(len(tracks))
        self._channels = (
            stack.enter_context(Encoder(self._dialogue, container, len(tracks))) if order.has_dialogue else None
        )
        self.mix = Mix(folder / f"mix{order.audio.suffix}", order.audio, bound)
        stack.callback(self.mix.close)

    def write(self, start: int, step: Step) -> None:
        for cutter, write, block, held in zip(self._cutters, self._writers, step.blocks, step.held, strict=True):
            cutter.feed(start, block[:held])
            write(block)
        self.mix.write(step.blocks)
        if self._channels:
            self._channels.write(np.stack(step.blocks, axis=1))

    def cut(self) -> list[tuple[ClipMade, ...]]:
        return [cutter.finish() for cutter in self._cutters]

    def made(self, length: int, clips: Sequence[tuple[ClipMade, ...]]) -> TakeMade:
        tracks = zip(self._tracks, self._files, clips, strict=True)
        return TakeMade(
            length,
            tuple(TrackMade(track.name, file_made(file), cut) for track, file, cut in tracks),
            file_made(self._clips),
            file_made(self.mix.path),
            file_made(self._dialogue) if self._channels else None,
        )


def _track_writer(track: TrackOrder, target: Path, audio: Audio, stack: ExitStack) -> Callable[[Samples], None]:
    """Return what takes the blocks of a track's own file. Opus is copied instead."""
    if audio is not Audio.OPUS:
        return stack.enter_context(Encoder(target, audio.container)).write
    with reading(track):
        shutil.copyfile(track.source, target)
    return lambda _block: None
