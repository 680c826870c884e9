"""The bot's event loop stands still for three seconds while people talk and an epoch changes.

The voice server and its people run in another thread, on another loop, so that only the bot stalls.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.wire.ogg import read_packets
from tools.home_call import Call
from tools.home_channel import BOT, CHANNEL, GUILD, HomeChannel

SILENCE = b"\xf8\xff\xfe"
Result = TypeVar("Result")


class Elsewhere:
    """An event loop in a thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def start(self, work: Coroutine[Any, Any, Result]) -> asyncio.Future[Result]:
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class CallElsewhere(Call):
    """A call whose server and people live in another thread."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.elsewhere = Elsewhere()

    async def open(self) -> None:
        start, self.server.start = self.server.start, _nothing  # type: ignore[method-assign]
        await self.elsewhere.start(start())
        await super().open()

    async def _answer_op_4(self, channel: HomeChannel | None) -> None:
        if channel is None:
            await self.elsewhere.start(self.server.leave(guild_id=GUILD, user_id=BOT, close_code=None))
            gone: Any = {"channel_id": None, "session_id": "gone"}
            await self.capture.on_voice_state_update(gone)
            return
        ticket = await self.elsewhere.start(self._ticket_there(BOT))
        state: Any = {"channel_id": str(CHANNEL), "session_id": ticket["session_id"]}
        await self.capture.on_voice_state_update(state)
        told: Any = {"token": ticket["token"], "guild_id": str(GUILD), "endpoint": self.server.endpoint}
        await self.capture.on_voice_server_update(told)

    async def _ticket_there(self, user_id: int) -> dict[str, Any]:
        return self._ticket(user_id)

    async def close(self) -> None:
        await self.capture.disconnect(force=True)
        for person in self.people:
            await self.elsewhere.start(person.close())
        await self.elsewhere.start(self.server.close())
        await self._web.close()
        self.server_journal.close()
        self.cast_journal.close()
        self.elsewhere.close()


async def _nothing() -> None:
    """Do nothing: the server has been started in the other thread."""


@pytest.fixture
async def call(tmp_path: Path) -> AsyncIterator[CallElsewhere]:
    call = CallElsewhere(tmp_path)
    await call.open()
    yield call
    await call.close()


def frames(count: int) -> list[bytes]:
    return [b"\x78" + index.to_bytes(3, "big") + b"\x55" * 20 for index in range(count)]


async def test_a_stalled_event_loop_loses_nothing_across_an_epoch_change(call: CallElsewhere, tmp_path: Path) -> None:
    person = await call.elsewhere.start(call.join(11))
    brief = await call.elsewhere.start(call.join(12))
    capture = await call.connect()
    await asyncio.sleep(0.3)
    started_at = time.monotonic()
    capture.start_recording(
        tmp_path / "take", started_at=started_at, may_record=lambda _: True, track_name=lambda user_id: f"t{user_id}"
    )
    talking = call.elsewhere.start(person.speak(frames(250)))
    await asyncio.sleep(0.5)

    async def speak_for_a_moment() -> None:
        await asyncio.sleep(0.5)
        await brief.speak(frames(50))

    joining = call.elsewhere.start(call.join(13))
    speaking = call.elsewhere.start(speak_for_a_moment())
    before = time.monotonic()
    time.sleep(3)  # noqa: ASYNC251 - this is the stall
    assert time.monotonic() - before >= 3
    await joining
    await speaking
    await talking
    await asyncio.sleep(0.2)
    summary, briefly = await capture.stop_recording(time.monotonic())
    packets = read_packets(summary.path.read_bytes())
    kept = [packet.data for packet in packets if not packet.is_header and len(packet.data) > 19]
    sent = [packet for _, packet in call.sent_by(11) if packet != SILENCE]
    assert kept == sent, "everything must arrive in order"
    assert summary.concealed_frames == summary.late_frames == 0
    executed = [entry["t"] for entry in call.server_log("mls_transition_executed")]
    assert any(before < at < before + 3 for at in executed), "the epoch must change during the stall"
    first = next(at for at, _ in call.sent_by(12) if at > before)
    assert before + 0.3 < first < before + 1.8, "someone must talk only during the stall"
    assert abs(briefly.spurts[0].start_samples / 48_000 - (first - started_at)) < 0.05, "times of arrival must be kept"
    assert summary.spurts[0].duration_samples == pytest.approx(250 * 960, abs=240)
