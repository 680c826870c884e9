"""The least that an export could cost: one decode of every track, and one encoding of every file with sound.

Nothing is hashed, measured, cut or written into a table; the sound of a mix is that of one track. It runs in one
process, and shares no code with the export but the library that decodes and encodes.
"""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from pathlib import Path

import soundfile

from bot.samples import SAMPLE_RATE_HZ, Span

BLOCK = 10 * SAMPLE_RATE_HZ


def floor_of(takes: int, tracks: Sequence[Path], clips: Sequence[Sequence[Span]], folder: Path) -> float:
    """Return the CPU seconds for so many takes with these tracks and, in each track, these clips."""
    began = time.process_time()
    for take in range(takes):
        with soundfile.SoundFile(folder / f"{take}-mix.flac", **_NEW) as mix:
            for number, (path, spans) in enumerate(zip(tracks, clips, strict=True)):
                _track(path, spans, folder / f"{take}-{number}.flac", mix if number == 0 else None)
        for path in folder.iterdir():
            path.unlink()
    return time.process_time() - began


_NEW = {"mode": "w", "samplerate": SAMPLE_RATE_HZ, "channels": 1, "subtype": "PCM_24", "format": "FLAC"}


def _track(path: Path, spans: Sequence[Span], target: Path, mix: soundfile.SoundFile | None) -> None:
    at, waiting = 0, list(reversed(spans))
    running: list[tuple[Span, io.BytesIO, soundfile.SoundFile]] = []
    with soundfile.SoundFile(path) as track, soundfile.SoundFile(target, **_NEW) as file:
        while len(block := track.read(BLOCK, dtype="float32")):
            file.write(block)
            if mix:
                mix.write(block)
            while waiting and waiting[-1].start_samples < at + len(block):
                buffer = io.BytesIO()
                running.append((waiting.pop(), buffer, soundfile.SoundFile(buffer, **_NEW)))
            for span, _, clip in running:
                clip.write(block[max(span.start_samples - at, 0) : span.end_samples - at])
            at += len(block)
            for span, buffer, clip in running:
                if span.end_samples <= at:
                    clip.close()
                    with target.with_suffix(".clips").open("ab") as clips:
                        clips.write(buffer.getvalue())
            running = [one for one in running if one[0].end_samples > at]
