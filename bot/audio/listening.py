"""Clips for listening: equally loud for every microphone, in a format that every Discord client plays.

A performer's whole track gets one gain, so that a whisper stays softer than a shout: how loud someone speaks is part of
what raters judge. Exports never contain levelled sound.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bot.audio.loudness import integrated_lufs
from bot.audio.mix import CEILING
from bot.audio.sound import Samples, write_mp3

TRACK_LUFS = -19.0
"""The loudness that a track gets: 3 dB below the -16 LUFS that Apple Podcasts asks for, because two loudspeakers play
the one channel.
"""

SOFTEST_LUFS = TRACK_LUFS - 10
"""No clip is softer: 10 dB less sounds half as loud (S. S. Stevens, The measurement of loudness, 1955), and more than
that is lost on a phone.
"""

MOST_GAIN_DB = 40.0
"""More than that would only make noise louder."""


def write_clip(path: Path, samples: Samples, track_lufs: float | None) -> None:
    """Write a clip of a track with this loudness as MP3. If that is unknown, the clip's own loudness stands in.

    Raises OSError if the file cannot be written.
    """
    write_mp3(path, levelled(samples, track_lufs))


def levelled(samples: Samples, track_lufs: float | None) -> Samples:
    """Return a clip as loud as it is listened to. Its peak is at most -1 dBFS."""
    own_lufs = integrated_lufs(samples)
    of_track = own_lufs if track_lufs is None else track_lufs
    gain_db = 0.0 if of_track is None else TRACK_LUFS - of_track
    if own_lufs is not None:
        gain_db = max(gain_db, SOFTEST_LUFS - own_lufs)
    gain = 10 ** (min(gain_db, MOST_GAIN_DB) / 20)
    peak = float(np.abs(samples).max(initial=0.0))
    return samples * np.float32(min(gain, CEILING / peak) if peak > 0 else 1.0)
