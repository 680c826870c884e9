"""What ends a voice connection and what does not, what is reported and kept: discord.py on the embedded server."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.domain.ids import UserId
from bot.embedded.client.replies import VoiceCredentials
from bot.embedded.client.voice.participant import VoiceParticipant
from bot.voice.capture import CaptureClient
from bot.voice.connection import internals, reconnection
from bot.voice.connection.events import ConnectionEvent, ConnectionGivenUp, ConnectionLost, ConnectionRestored
from bot.voice.connection.websocket import LinkWebSocket
from bot.voice.recording.recorder import TrackSummary
from bot.wire.ogg import read_packets
from tools.home_call import Call
from tools.home_channel import BOT, CHANNEL, GUILD, HomeChannel, until

SILENCE = b"\xf8\xff\xfe"
OTHER_CHANNEL = 482915736028475144


def frames(count: int, seed: int) -> list[bytes]:
    return [b"\x78" + bytes([seed]) * 4 + index.to_bytes(2, "big") + b"\x55" * 20 for index in range(count)]


class Take:
    """One person talks while the bot records; then the test reads what is missing."""

    def __init__(self, call: Call, capture: CaptureClient, folder: Path) -> None:
        self.call, self.capture, self.folder = call, capture, folder
        self.events: list[ConnectionEvent] = []
        capture.on_connection = self.events.append
        self.started_at = time.monotonic()
        capture.start_recording(
            folder, started_at=self.started_at, may_record=lambda _: True, track_name=lambda user_id: f"t{user_id}"
        )

    async def stop(self) -> TrackSummary:
        await asyncio.sleep(0.1)
        summaries = await self.capture.stop_recording(time.monotonic())
        return next(summary for summary in summaries if summary.user_id == 11)

    def missing(self, since: float = 0.0) -> list[float]:
        """When the missing frames were sent."""
        packets = read_packets((self.folder / "t11.opus").read_bytes())
        kept = [packet.data for packet in packets if not packet.is_header and len(packet.data) > 19]
        sent = [(at, packet) for at, packet in self.call.sent_by(11) if packet != SILENCE]
        there = set(kept)
        assert kept == [packet for _, packet in sent if packet in there]
        return [at for at, packet in sent if packet not in there and at > since]

    @property
    def told(self) -> list[type[ConnectionEvent]]:
        return [type(event) for event in self.events]


@pytest.fixture
async def take(call: Call, tmp_path: Path) -> Take:
    await call.join(11)
    capture = await call.connect()
    await asyncio.sleep(0.2)
    return Take(call, capture, tmp_path / "take")


async def talk(take: Take, seconds: float, seed: int = 1) -> None:
    await take.call.people[0].speak(frames(round(seconds * 50), seed))


def interrupt(call: Call, code: int | None, *, resumable: bool) -> None:
    call.server.interrupt(guild_id=GUILD, user_id=BOT, code=code, resumable=resumable)


async def state_told(call: Call, channel_id: int | None) -> None:
    state: Any = {"channel_id": channel_id and str(channel_id), "session_id": call.capture.session_id}
    await call.capture.on_voice_state_update(state)


async def test_being_removed_ends_it_and_keeps_the_take(take: Take) -> None:
    await talk(take, 0.5)
    await take.call.server.leave(guild_id=GUILD, user_id=BOT)
    await until(lambda: take.told == [ConnectionLost])
    assert not take.capture.is_connected()
    await state_told(take.call, None)
    await until(lambda: take.told == [ConnectionLost, ConnectionGivenUp])
    assert take.events[1].reason == "the bot was removed from the voice channel"  # type: ignore[union-attr]
    summary = await take.stop()
    assert take.missing() == []
    assert summary.received_frames >= 25
    assert summary.holes[-1].end_samples == summary.duration_samples, "no one could be heard up to the cut"


async def test_holes_are_known_though_no_one_was_heard(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconnection, "CREDENTIALS_SECONDS", 0.4)
    interrupt(take.call, 4022, resumable=False)
    await until(lambda: take.told == [ConnectionLost, ConnectionRestored])
    cut_at = time.monotonic() + 0.1
    assert await take.capture.stop_recording(cut_at) == ()
    assert isinstance(restored := take.events[1], ConnectionRestored)
    holes = take.capture.holes()
    assert sum(hole.duration_samples for hole in holes) / 48 == pytest.approx(restored.hole_ms, abs=1)
    assert holes[-1].end_samples / 48_000 == pytest.approx(restored.at - take.started_at, abs=0.1)


async def test_the_news_of_being_removed_may_come_first(take: Take) -> None:
    await talk(take, 0.3)
    await state_told(take.call, None)
    await until(lambda: take.told[-1:] == [ConnectionGivenUp])
    await take.stop()
    assert take.missing() == []


async def test_a_move_to_another_channel_is_followed(take: Take) -> None:
    call = take.call
    home = call.channel.guild
    other = HomeChannel(home)
    other.id = OTHER_CHANNEL
    channels = {CHANNEL: call.channel, OTHER_CHANNEL: other}
    home.get_channel = channels.get  # type: ignore[method-assign]
    person = await _join(call, 15, OTHER_CHANNEL)
    await talk(take, 0.3)
    await call.server.leave(guild_id=GUILD, user_id=BOT)
    session_id, token = "moved", "moved"
    call.server.expect(guild_id=GUILD, channel_id=OTHER_CHANNEL, user_id=BOT, session_id=session_id, token=token)
    await asyncio.sleep(0.02)
    state: Any = {"channel_id": str(OTHER_CHANNEL), "session_id": session_id}
    await call.capture.on_voice_state_update(state)
    await asyncio.sleep(0.02)
    await call.capture.on_voice_server_update(_server_told(call, token))
    await until(lambda: take.told == [ConnectionLost, ConnectionRestored])
    assert take.capture.channel is other  # type: ignore[comparison-overlap]
    await person.speak(frames(30, 3))
    await asyncio.sleep(0.1)
    summaries = await take.capture.stop_recording(time.monotonic())
    assert {summary.user_id: summary.received_frames for summary in summaries}[UserId(15)] == 35


async def test_a_rate_limit_ends_it_and_is_said(take: Take) -> None:
    await talk(take, 0.3)
    interrupt(take.call, 4021, resumable=True)
    await until(lambda: take.told == [ConnectionLost, ConnectionGivenUp])
    lost, given_up = take.events
    assert "4021" in lost.reason  # type: ignore[union-attr]
    assert given_up.at - lost.at < 0.1
    await take.stop()
    assert take.missing() == []
    assert len(take.call.server_log("voice_joined")) == 2, "no one joined after it"


async def test_a_reader_of_the_voice_gateway_that_died_is_replaced(take: Take) -> None:
    poller = internals.poller_of(take.capture)
    assert poller is not None
    talking = asyncio.create_task(talk(take, 1.5))
    await asyncio.sleep(0.3)
    poller.cancel()
    await until(lambda: take.told == [ConnectionLost, ConnectionRestored])
    await take.call.join(12)  # only a running reader learns of this epoch
    await talking
    await take.stop()
    assert take.missing() == []
    assert take.events[1].hole_ms < 150, "sound went on, as far as the machine did"  # type: ignore[union-attr]


async def test_a_message_that_cannot_be_handled_changes_nothing(take: Take) -> None:
    session = take.call.server._register.session_of((GUILD, BOT))
    assert session is not None
    poller = internals.poller_of(take.capture)
    session.outbox.binary(27, b"\x00\x05nonsense")  # type: ignore[arg-type]
    session.outbox.text(5, {"ssrc": "nonsense"})  # type: ignore[arg-type]
    session.outbox.text(24, {})  # type: ignore[arg-type]
    talking = asyncio.create_task(talk(take, 1.0))
    await take.call.join(12)
    await talking
    assert internals.poller_of(take.capture) is poller
    assert take.events == []
    await take.stop()
    assert take.missing() == []


async def test_what_was_missed_while_away_is_repeated_on_resuming(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    """The epoch changes between two websockets of one session: the bot follows once it is back."""
    connect = LinkWebSocket.from_connection_state

    async def connect_late(*args: Any, **given: Any) -> Any:
        await asyncio.sleep(0.5)
        return await connect(*args, **given)

    monkeypatch.setattr(LinkWebSocket, "from_connection_state", connect_late)
    interrupt(take.call, 4015, resumable=True)
    joining = asyncio.create_task(take.call.join(12))
    await asyncio.sleep(0.3)
    assert take.told == [ConnectionLost]
    await until(lambda: take.told == [ConnectionLost, ConnectionRestored])
    await joining
    await talk(take, 0.5)
    await take.stop()
    assert take.missing() == []
    assert [entry["user_id"] for entry in take.call.server_log("voice_resumed")] == [BOT]
    assert take.call.server_log("voice_resumed")[0]["missed"] > 0


async def test_refused_credentials_are_requested_again(take: Take) -> None:
    call = take.call
    await call.join(12)  # someone who is alone has no key to speak with
    talking = asyncio.create_task(talk(take, 2.0))
    await asyncio.sleep(0.3)
    call.server.refuse(guild_id=GUILD, user_id=BOT, codes=[4004])
    before = call.capture.session_id
    interrupt(call, 4006, resumable=False)
    await until(lambda: take.told == [ConnectionLost, ConnectionRestored])
    assert call.capture.session_id != before
    await talking
    await take.stop()
    missing = take.missing()
    assert 0 < missing[-1] - missing[0] < 1.0
    assert call.capture.users_in_call == {11, 12}


async def test_without_a_way_back_it_is_given_up_and_the_take_is_kept(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconnection, "DEADLINE_SECONDS", 1.0)
    await take.call.join(12)  # someone who is alone has no key to speak with
    await talk(take, 0.5)
    take.call.server.refuse(guild_id=GUILD, user_id=BOT, codes=[4006] * 20)
    interrupt(take.call, 4015, resumable=False)
    await until(lambda: take.told[-1:] == [ConnectionGivenUp])
    lost, given_up = take.events
    assert 0.9 < given_up.at - lost.at < 1.6
    await talk(take, 0.3, seed=2)
    summary = await take.stop()
    assert take.missing()[0] > lost.at
    assert summary.received_frames >= 25
    assert not take.capture.is_connected()


async def test_a_voice_server_that_is_gone_is_not_called_until_there_is_another(take: Take) -> None:
    call = take.call
    told: Any = {"token": "next", "guild_id": str(GUILD), "endpoint": None}
    talking = asyncio.create_task(talk(take, 1.5))
    await asyncio.sleep(0.2)
    await call.capture.on_voice_server_update(told)
    await asyncio.sleep(0.2)
    assert take.events == [], "the old server is still in use"
    interrupt(call, 1001, resumable=False)
    await asyncio.sleep(0.2)
    assert take.told == [ConnectionLost]
    session_id = str(call.capture.session_id)
    call.server.expect(guild_id=GUILD, channel_id=CHANNEL, user_id=BOT, session_id=session_id, token="next")
    await call.capture.on_voice_server_update(_server_told(call, "next"))
    await until(lambda: take.told == [ConnectionLost, ConnectionRestored])
    await talking
    await take.stop()
    assert take.missing(since=take.events[1].at + 0.05) == []


async def test_both_events_of_the_main_gateway_may_come_together(call: Call) -> None:
    await call.join(11)

    async def answer(channel: HomeChannel | None) -> None:
        if channel is None:
            return
        ticket = call._ticket(BOT)
        state: Any = {"channel_id": str(CHANNEL), "session_id": ticket["session_id"]}
        await call.capture.on_voice_state_update(state)
        await call.capture.on_voice_server_update(_server_told(call, ticket["token"]))

    call._answer_op_4 = answer  # type: ignore[method-assign]
    async with asyncio.timeout(3):
        await call.connect()
    assert call.capture.is_connected()
    call.on_op_4 = lambda channel: None  # type: ignore[method-assign]
    internals.connection_of(call.capture)._main_gateway.has_left.set()


async def test_a_main_gateway_that_forgot_the_bot_tells_it_of_its_voice_again(take: Take) -> None:
    """discord.py forgets its voice clients with each new session of the main gateway."""
    state = take.capture._state
    state._voice_clients.clear()
    await until(lambda: state._get_voice_client(GUILD) is take.capture)


async def test_a_client_that_was_replaced_takes_nothing_from_the_next_one(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaving concerns a server, and discord.py knows one voice client per server, whichever that is."""
    first = await call.connect()
    state = first._state
    state._voice_clients.clear()
    second = await call.connect()
    asked: list[HomeChannel | None] = []
    with monkeypatch.context() as patch:
        patch.setattr(call.channel.guild, "_on_op_4", asked.append)
        async with asyncio.timeout(1):
            await first.disconnect(force=True)
    assert asked == []
    assert state._get_voice_client(GUILD) is second
    assert second.is_connected()


async def test_a_voice_state_lost_with_the_main_session_is_asked_for_again(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    websocket = SimpleNamespace(session_id="first")
    monkeypatch.setattr(take.capture._state, "_get_websocket", lambda *_: websocket)
    internals.connection_of(take.capture)._main_gateway.has_new_session()
    await take.call.server.leave(guild_id=GUILD, user_id=BOT)
    await until(lambda: take.told == [ConnectionLost])
    websocket.session_id = "second"
    await state_told(take.call, None)
    await until(lambda: take.told == [ConnectionLost, ConnectionRestored])
    await talk(take, 0.3)
    await take.stop()
    assert take.missing() == []


async def test_the_bot_is_heard_after_an_interruption(take: Take) -> None:
    heard: list[bytes] = []
    take.call.people[0].hearing.on_frame = lambda user_id, frame: heard.append(frame)
    interrupt(take.call, 4006, resumable=False)
    await until(lambda: take.told == [ConnectionLost, ConnectionRestored])
    notice = frames(20, 9)
    await take.capture.play_notice(notice)
    await asyncio.sleep(0.2)
    assert heard[:20] == notice


async def test_an_observer_that_fails_does_no_harm(take: Take) -> None:
    def fail(event: ConnectionEvent) -> None:
        raise RuntimeError("no")

    take.capture.on_connection = fail
    interrupt(take.call, 4015, resumable=True)
    await until(lambda: len(take.call.server_log("voice_resumed")) == 1)
    await talk(take, 0.2)
    await take.stop()
    assert take.missing() == []


def _server_told(call: Call, token: str) -> Any:
    return {"token": token, "guild_id": str(GUILD), "endpoint": call.server.endpoint}


async def _join(call: Call, user_id: int, channel_id: int) -> VoiceParticipant:
    given = {"guild_id": GUILD, "channel_id": channel_id, "user_id": user_id, "session_id": "there", "token": "there"}
    call.server.expect(**given)  # type: ignore[arg-type]
    person = VoiceParticipant(
        VoiceCredentials(endpoint=call.server.endpoint, **given),  # type: ignore[arg-type]
        ssl_context=call.client_tls,
        journal=call.cast_journal,
    )
    call.people.append(person)
    await person.connect()
    return person
