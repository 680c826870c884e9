"""Video that is not wanted: what op 15 tells the voice server. No I/O.

Op 15 maps SSRCs to a quality between 0 (nothing is sent) and 100; `any` stands for every SSRC that is not named. It
counts for sound as well: Discord's own web client sends `any: 0` only together with 100 for every SSRC of sound, and
KyokoBot/koe, which receives nothing, sends `any: 0` to get no sound. So this bot never sends it: the first words of
someone whose SSRC is not known yet would be missing. It names the SSRCs of video instead, which op 12 announces.
"""

from __future__ import annotations

from typing import Any, Final, cast

MEDIA_SINK_WANTS: Final = 15
VIDEO: Final = 12

_EVERYTHING_ELSE: Final = {"any": 100}


class VideoWants:
    """What one session wants: every sound, and no video. It `is_said` unless the voice server does not know op 15."""

    def __init__(self, is_said: bool = True) -> None:
        self.is_said = is_said
        self._unwanted: dict[str, frozenset[int]] = {}

    def wants(self) -> dict[str, int]:
        """Return the data of op 15."""
        ssrcs = sorted({ssrc for ssrcs in self._unwanted.values() for ssrc in ssrcs})
        return {**_EVERYTHING_ELSE, **{str(ssrc): 0 for ssrc in ssrcs}}

    def announced(self, data: dict[str, Any]) -> bool:
        """Take an op 12; return whether op 15 has to be sent again."""
        user_id = str(data.get("user_id"))
        before = self._unwanted.get(user_id, frozenset())
        now = _video_ssrcs(data)
        self._unwanted[user_id] = now
        return not now <= before

    def left(self, user_id: str) -> None:
        """Forget someone who left (op 13)."""
        self._unwanted.pop(user_id, None)


def _video_ssrcs(data: dict[str, Any]) -> frozenset[int]:
    streams = cast(list[dict[str, Any]], data.get("streams") or [])
    named = [data.get("video_ssrc"), data.get("rtx_ssrc")]
    named += [stream.get(key) for stream in streams for key in ("ssrc", "rtx_ssrc")]
    return frozenset(int(ssrc) for ssrc in named if ssrc) - {int(data.get("audio_ssrc") or 0)}
