"""Reads and writes sound files with libsndfile; no other module imports soundfile.

Samples are float32, mono, 48 kHz everywhere. libsndfile brings its own Opus encoder and decoder, so no system package
and no external binary is needed.
"""

# soundfile has no type information, so everything that it returns is annotated here.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import soundfile

from bot.audio.containers import Container
from bot.samples import SAMPLE_RATE_HZ, Span
from bot.wire.ogg import read_packets
from bot.wire.ogg_writer import OggOpusWriter
from bot.wire.opus import duration_samples as packet_samples

Samples = npt.NDArray[np.float32]

_BLOCK_SAMPLES = 10 * SAMPLE_RATE_HZ
_HEADER_PACKETS = 2
_FRAME_SAMPLES = 960

_MP3_LEVEL = 0.5
"""The middle of what libsndfile offers: 160 kbit/s for one channel, where MP3 cannot be told from the original."""


class SoundUnreadable(ValueError):
    """A file is missing, empty or damaged, or its sound has another sample rate."""


class Decoder:
    """Decodes one file from its start, as many samples at a time as are asked for. Close it, or use it in a `with`.

    Raises SoundUnreadable when it is opened, and in the middle if the file is damaged there.
    """

    def __init__(self, source: Path | BinaryIO) -> None:
        name = source.name if isinstance(source, Path) else "A clip"
        try:
            self._file = soundfile.SoundFile(source)
            _require_rate(name, self._file.samplerate)
        except (RuntimeError, ValueError) as error:
            raise SoundUnreadable(f"{name} cannot be read: {error}") from error

    @property
    def length_samples(self) -> int:
        """How many samples the file says that it holds."""
        return int(self._file.frames)

    def read(self, count: int) -> Samples:
        """Return the next samples; fewer at the end of the file, and none after it."""
        try:
            return _mono(np.asarray(self._file.read(count, dtype="float32", always_2d=True), np.float32))
        except RuntimeError as error:
            raise SoundUnreadable(f"A track cannot be read to its end: {error}") from error

    def __enter__(self) -> Decoder:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


class Encoder:
    """Writes one file, block by block. Use it in a `with`; the file is complete after it.

    Blocks are float32: one dimension for one channel, otherwise (samples, channels). What exceeds full scale is
    clipped. Raises OSError if the file cannot be written.
    """

    def __init__(self, target: Path | BinaryIO, container: Container, channels: int = 1) -> None:
        kind, encoding = container.value
        self._name = target.name if isinstance(target, Path) else "a clip"
        try:
            self._file = soundfile.SoundFile(target, "w", SAMPLE_RATE_HZ, channels, encoding, format=kind)
        except RuntimeError as error:
            raise OSError(f"{self._name}: {error}") from error

    def write(self, block: npt.NDArray[np.float32]) -> None:
        """Append a block."""
        try:
            self._file.write(block)
        # On a full disk, libsndfile writes fewer samples than it was given, and soundfile asserts that it did not.
        except (RuntimeError, AssertionError) as error:
            raise OSError(f"{self._name}: {error or 'the disk is full'}") from error

    def close(self) -> None:
        """Write what is left. Calling it again has no effect."""
        try:
            self._file.close()
        except RuntimeError as error:
            raise OSError(f"{self._name}: {error}") from error

    def __enter__(self) -> Encoder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read(path: Path, start_samples: int = 0, end_samples: int | None = None) -> Samples:
    """Decode a stretch of a file (Ogg Opus, FLAC, WAV). It is shorter if the file ends before `end_samples`.

    Raises ValueError for another sample rate, RuntimeError if the file cannot be decoded.
    """
    with soundfile.SoundFile(path) as file:
        _require_rate(path.name, file.samplerate)
        file.seek(min(start_samples, file.frames))
        count = -1 if end_samples is None else max(end_samples - start_samples, 0)
        return _mono(np.asarray(file.read(count, dtype="float32", always_2d=True), np.float32))


def read_blocks(path: Path, span: Span | None = None, block_samples: int = _BLOCK_SAMPLES) -> Iterator[Samples]:
    """Decode a file, or a span of it, in blocks, so that the memory it takes does not grow with its length.

    Raises ValueError for another sample rate, RuntimeError if the file cannot be decoded.
    """
    with soundfile.SoundFile(path) as file:
        _require_rate(path.name, file.samplerate)
        if span:
            file.seek(min(span.start_samples, file.frames))
        left = span.end_samples - span.start_samples if span else sys.maxsize
        while left > 0:
            block = np.asarray(file.read(min(left, block_samples), dtype="float32", always_2d=True), np.float32)
            if not len(block):
                return
            left -= len(block)
            yield _mono(block)


def duration_samples(path: Path) -> int:
    """Return how many samples the file holds when it is decoded."""
    with soundfile.SoundFile(path) as file:
        return int(file.frames)


def write_flac(path: Path, samples: Samples) -> None:
    """Write 24-bit FLAC, which is lossless for the precision of an Opus decoder."""
    soundfile.write(path, samples, SAMPLE_RATE_HZ, format="FLAC", subtype="PCM_24")


def write_ogg_opus(path: Path, samples: Samples) -> None:
    """Encode to Ogg Opus, as the tracks of a take are."""
    soundfile.write(path, samples, SAMPLE_RATE_HZ, format="OGG", subtype="OPUS")


def write_mp3(target: Path | BinaryIO, samples: Samples) -> None:
    """Encode to MP3, which every Discord client plays in place. Raises OSError if it cannot be written."""
    try:
        soundfile.write(
            target,
            samples,
            SAMPLE_RATE_HZ,
            format="MP3",
            subtype="MPEG_LAYER_III",
            compression_level=_MP3_LEVEL,
            bitrate_mode="CONSTANT",
        )
    # On a full disk, libsndfile writes fewer samples than it was given, and soundfile asserts that it did not.
    except (RuntimeError, AssertionError) as error:
        name = target.name if isinstance(target, Path) else "a sound"
        raise OSError(f"{name}: {error or 'the disk is full'}") from error


def decode_opus(packets: Sequence[bytes]) -> Samples:
    """Decode consecutive bare Opus packets. The decoder starts in its initial state with the first one."""
    writer = OggOpusWriter(serial=0)
    for packet in packets:
        writer.add(packet, packet_samples(packet))
    buffer = io.BytesIO(writer.headers() + writer.finish())
    decoded = soundfile.read(buffer, dtype="float32", always_2d=True)[0]
    return _mono(np.asarray(decoded, np.float32))


def encode_opus(samples: Samples) -> list[bytes]:
    """Encode to bare Opus packets of 20 ms, ready to be sent. The last frame is filled up with silence."""
    padding = -len(samples) % _FRAME_SAMPLES
    buffer = io.BytesIO()
    soundfile.write(buffer, np.pad(samples, (0, padding)), SAMPLE_RATE_HZ, format="OGG", subtype="OPUS")
    packets = [packet.data for packet in read_packets(buffer.getvalue())][_HEADER_PACKETS:]
    # libsndfile flushes its encoder's delay with one packet beyond the sound, at times with another length.
    return packets[: (len(samples) + padding) // _FRAME_SAMPLES]


def libsndfile_version() -> str:
    """Return the version of the library that decodes and encodes, such as '1.2.2'."""
    return str(soundfile.__libsndfile_version__).removeprefix("libsndfile-")


def rms_dbfs(samples: Samples) -> float:
    """Return the level relative to full scale; -inf for digital silence or no samples."""
    power = float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0
    return 10 * float(np.log10(power)) if power > 0 else float("-inf")


def _mono(block: npt.NDArray[np.float32]) -> Samples:
    return block[:, 0] if block.shape[1] == 1 else block.mean(axis=1, dtype=np.float32)


def _require_rate(name: str, sample_rate_hz: int) -> None:
    if sample_rate_hz != SAMPLE_RATE_HZ:
        raise ValueError(f"{name} has {sample_rate_hz} Hz, but Promptbook works only with {SAMPLE_RATE_HZ} Hz.")
