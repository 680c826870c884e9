"""The turn finders that can be scored: each takes the files of a take's tracks and returns the turns of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.audio import sound
from bot.domain.ids import TrackId
from bot.samples import Span
from bot.turns.finding import TakeOrder, find_take
from bot.wire.ogg import read_packets
from tools.turns import packets


@dataclass(frozen=True, slots=True)
class FoundTurn:
    """A turn as a finder reports it: the bounds of its speech, and those of its clip."""

    speech: Span
    clip: Span


Finder = Callable[[Sequence[Path]], list[list[FoundTurn]]]


def find_landed(files: Sequence[Path]) -> list[list[FoundTurn]]:
    """Find turns as versions did that only looked at packets. Their clips had no margin."""
    return [_from_packets(file) for file in files]


def find_present(files: Sequence[Path]) -> list[list[FoundTurn]]:
    """Find turns as the product does now."""
    order = TakeOrder(tuple((TrackId(number), file) for number, file in enumerate(files)))
    found = {track.track_id: track.turns for track in find_take(order).tracks}
    return [
        [FoundTurn(turn.speech, turn.clip) for turn in found.get(TrackId(number), ())] for number in range(len(files))
    ]


def _from_packets(file: Path) -> list[FoundTurn]:
    data = [packet.data for packet in read_packets(file.read_bytes()) if not packet.is_header]
    turns = packets.find_turns(packets.find_spurts(data, sound.duration_samples(file)))
    return [FoundTurn(turn, turn) for turn in turns]
