"""Kinds of sound files, by libsndfile's names; this module loads no library."""

from __future__ import annotations

from enum import Enum


class Container(Enum):
    """What an `Encoder` writes: libsndfile's format and the encoding in it."""

    FLAC_24 = "FLAC", "PCM_24"
    FLAC_16 = "FLAC", "PCM_16"
    OGG_OPUS = "OGG", "OPUS"
    RF64_24 = "RF64", "PCM_24"
    RF64_16 = "RF64", "PCM_16"
