"""How many frames were lost between two that came. No I/O.

A missing sequence number is not a missing frame: clients pad, and send packets of nothing but padding in bursts around
silence (up to 50 in 100 ms), which networks and voice servers drop like others. Only frames take RTP time. In a pause,
where RTP time runs on without frames, the nonces of encrypted frames count them: a sender numbers each one.
"""

from __future__ import annotations

from typing import Final

from bot.voice.receiving.keys import nonce_of
from bot.voice.receiving.reorder import OrderedFrame

LONGEST_BURST: Final = 128
"""So many packets at most are taken for padding in a pause. Nonces begin again with every key, and over a longer loss
the key may be another one."""


def between(before: OrderedFrame, ordered: OrderedFrame, sealed: OrderedFrame | None) -> tuple[int, int]:
    """Return the RTP time between two frames of a stream, in samples, and how many frames were lost there.

    `sealed` is the newest encrypted frame up to `before`.
    """
    gap = ordered.timestamp - before.timestamp - before.samples
    missing = ordered.stream.missing_between(before.sequence, ordered.sequence)
    if not missing or gap <= 0:
        return gap, 0
    shortest = min(before.samples, ordered.samples)
    lost = min(missing, (gap + shortest // 2) // shortest)
    if before.is_silence and missing <= LONGEST_BURST:
        lost = min(lost, _encrypted_between(sealed, ordered, missing))
    return gap, lost


def _encrypted_between(sealed: OrderedFrame | None, ordered: OrderedFrame, otherwise: int) -> int:
    if sealed is None or sealed.run != ordered.run:
        return otherwise
    first, last = nonce_of(sealed.payload), nonce_of(ordered.payload)
    return otherwise if first is None or last is None or last <= first else last - first - 1
