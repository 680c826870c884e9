"""Removes each rule of receiving Discord's voice from the running process, and names the scenario that must then fail.

The product itself is never changed: everything replaced is restored when the run ends. A rule whose code is not found
raises RuleNotFound, so a change that moves the code must also change its entry here.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest

from bot.domain.ids import UserId
from bot.voice.connection import group, roster
from bot.voice.receiving import arrivals, dave, receiver, ssrc_stream
from bot.wire import opus, rtp

Patch = pytest.MonkeyPatch

LINUX_RECEIVE_BUFFER_BYTES: Final = 212_992 // 2
"""The value that becomes net.core.rmem_default when Linux doubles it (socket(7))."""


@dataclass(frozen=True)
class Rule:
    """One row of the second table. `take_out` changes the process until the patch is undone."""

    name: str
    title: str
    scenario: str
    take_out: Callable[[Patch], None]


RULES: dict[str, Rule] = {}


class RuleNotFound(LookupError):
    """The code of a rule is not where this table expects it."""


def rule(title: str, scenario: str) -> Callable[[Callable[[Patch], None]], Callable[[Patch], None]]:
    def add(take_out: Callable[[Patch], None]) -> Callable[[Patch], None]:
        RULES[take_out.__name__] = Rule(take_out.__name__, title, scenario, take_out)
        return take_out

    return add


@rule("Frames that cannot be decrypted yet are held", "keyed_late")
def held(patch: Patch) -> None:
    patch.setattr(dave.WaitingDecryption, "_hold", lambda *_: [])
    patch.setattr(dave.WaitingDecryption, "_hold_unnamed", lambda *_: [])


@rule("... for as long as their key can still come: 10 s, here 0.4 s", "keyed_late")
def held_long(patch: Patch) -> None:
    patch.setattr(dave, "HOLD_SECONDS", 0.4)


@rule("... and decrypted oldest first", "keyed_late")
def in_order(patch: Patch) -> None:
    order_from = dave._order_from
    patch.setattr(dave, "_order_from", lambda first: lambda frame: -order_from(first)(frame))


@rule("... and no later frame overtakes them", "keyed_late")
def never_overtaking(patch: Patch) -> None:
    def opened_at_once(self: Any, *given: Any) -> list[Any]:
        stream, frame = given[-2:]
        user_id = self.user_of(frame.ssrc, frame.arrival)
        if user_id is not None and (packet := self.open(user_id, frame.payload)) is not None:
            return [(user_id, frame, packet)]
        stream.held.append(frame)
        return []

    patch.setattr(dave.WaitingDecryption, "_hold", opened_at_once)
    # And a change of keys is not noticed immediately.
    retry = dave.WaitingDecryption.retry
    patch.setattr(receiver.Receiver, "key_changed", lambda *_: [])
    patch.setattr(
        dave.WaitingDecryption, "retry", lambda self, now, *, force=False: retry(self, now, force=True) if force else []
    )


@rule("... and tried again when their key becomes known", "keyed_late")
def tried_again(patch: Patch) -> None:
    patch.setattr(dave.WaitingDecryption, "_open_held", lambda *_: [])


@rule("A frame that overtook the first frame under its key waits for that frame", "rough_epochs")
def settled(patch: Patch) -> None:
    patch.setattr(ssrc_stream.SsrcStream, "is_in_order", lambda *_: True)


@rule("The keys of a previous group are kept for frames on their way", "spoilt_commit")
def former_keys(patch: Patch) -> None:
    patch.setattr(group.DaveGroup, "sessions", lambda self, _: [self.session] if self.session else [])


@rule("An SSRC that op 5 does not name is found by trial", "never_named")
def tried_roster(patch: Patch) -> None:
    patch.setattr(dave.WaitingDecryption, "_try_candidates", lambda *_: [])


@rule("Duplicates are dropped before decryption", "rough")
def deduplicated(patch: Patch) -> None:
    patch.setattr(ssrc_stream.SsrcStream, "is_new", lambda *_: True)


@rule("RTP padding is stripped", "padded")
def padding_stripped(patch: Patch) -> None:
    patch.setattr(receiver, "strip_body", lambda header, plain: plain[header.extension_bytes :])


@rule("The header extension's body is skipped", "padded")
def extension_skipped(patch: Patch) -> None:
    strip = receiver.strip_body
    patch.setattr(receiver, "strip_body", lambda header, plain: strip(changed(header, extension_bytes=0), plain))


@rule("The extension's preamble is clear and authenticated", "padded")
def preamble_clear(patch: Patch) -> None:
    parse = receiver.parse_header

    def short(data: bytes) -> Any:
        header = parse(data)
        return changed(header, clear_bytes=header.clear_bytes - 4) if header and data[0] & 0x10 else header

    patch.setattr(receiver, "parse_header", short)


@rule("RTCP and IP discovery are not sound", "other_packets")
def sound_only(patch: Patch) -> None:
    parse = receiver.parse_header

    def lenient(data: bytes) -> Any:
        if len(data) < rtp.FIXED_HEADER_BYTES:
            return None
        return parse(data) or parse(b"\x80\x78" + data[2:])

    patch.setattr(receiver, "parse_header", lenient)


@rule("SO_RCVBUF is 4 MiB; here Linux's default", "choked")
def large_buffer(patch: Patch) -> None:
    everywhere(patch, "RECEIVE_BUFFER_BYTES", LINUX_RECEIVE_BUFFER_BYTES)


@rule("Sequence numbers wrap at 16 bits", "wrapping")
def sequence_wraps(patch: Patch) -> None:
    everywhere(patch, "sequence_delta", lambda newer, older: newer - older)


@rule("Timestamps wrap at 32 bits", "wrapping")
def timestamp_wraps(patch: Patch) -> None:
    everywhere(patch, "timestamp_delta", lambda newer, older: newer - older)


@rule("Frames pass through while the protocol version is 0", "downgraded")
def passthrough(patch: Patch) -> None:
    without_clear_frames(patch, lambda payload: payload != opus.DISCORD_SILENCE)


@rule("The server's silence frames come in the clear and pass", "other_packets")
def clear_silence(patch: Patch) -> None:
    without_clear_frames(patch, lambda payload: payload == opus.DISCORD_SILENCE)


@rule("The loop is woken from the socket's thread: call_soon_threadsafe", "calm")
def woken(patch: Patch) -> None:
    wake = asyncio.BaseEventLoop.call_soon_threadsafe

    def asleep(self: Any, callback: Any, *args: Any, context: Any = None) -> Any:
        if threading.current_thread().name.lower().startswith("voice"):
            return self.call_soon(callback, *args, context=context)
        return wake(self, callback, *args, context=context)

    patch.setattr(asyncio.BaseEventLoop, "call_soon_threadsafe", asleep)


@rule("Arrival time anchors talk spurts; here RTP time alone", "stopping_clock")
def anchored(patch: Patch) -> None:
    note = arrivals.ArrivalClock.note
    begun: set[arrivals.ArrivalClock] = set()

    def once(self: arrivals.ArrivalClock, timestamp: int, arrival: float) -> None:
        if self not in begun:
            begun.add(self)
            note(self, timestamp, arrival)

    patch.setattr(arrivals.ArrivalClock, "note", once)
    patch.setattr(arrivals.ArrivalClock, "anchor", lambda *_, **__: None)


@rule("Packets on their way still belong to a person who has left", "last_words")
def lingering(patch: Patch) -> None:
    patch.setattr(ssrc_stream.SsrcStream, "_continues", lambda *_: False)
    patch.setattr(roster.Roster, "heard_of", roster.Roster.users)  # or a trial finds them


def without_clear_frames(patch: Patch, refused: Callable[[bytes], bool]) -> None:
    open_frame = dave.open_frame

    def encrypted_only(keys: Any, user_id: UserId, payload: bytes, arrival: float) -> bytes | None:
        is_refused = payload[-2:] != b"\xfa\xfa" and refused(payload)
        return None if is_refused else open_frame(keys, user_id, payload, arrival)

    everywhere(patch, "open_frame", encrypted_only)


def everywhere(patch: Patch, name: str, value: object) -> None:
    """Replace a name in every module of bot.voice that has it."""
    modules = [module for key, module in sys.modules.items() if key.startswith("bot.voice.") and name in vars(module)]
    if not modules:
        raise RuleNotFound(name)
    for module in modules:
        patch.setattr(module, name, value)


def changed(header: Any, **fields: Any) -> Any:
    """Return a header with other fields."""
    return header._replace(**fields)
