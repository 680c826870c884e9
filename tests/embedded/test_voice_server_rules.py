"""Discord's rules for voice clients: each test breaks one and asserts the close code."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any

import aiohttp
import pytest

from bot.embedded.client.voice.media import Media
from bot.embedded.client.voice.privacy import Privacy
from bot.embedded.client.voice.signalling import BinaryMessage, Signalling, TextMessage, VoiceClosed
from bot.embedded.voice import udp, websocket
from bot.embedded.voice.protocol import Op
from bot.embedded.voice.session import encode_text
from bot.wire.rtp import build_header
from bot.wire.transport import AES256_GCM, MODES, cipher_for
from tests.embedded.voice_stage import CHANNEL, GUILD, Stage, frames
from tools.home_channel import until

ALICE = 701


class Wire:
    """A bare websocket that sends what a test tells it to."""

    def __init__(self, stage: Stage) -> None:
        self._signalling = Signalling(stage.server.endpoint, stage.client_tls)
        self._messages = self._signalling.messages()
        self.seen: list[TextMessage | BinaryMessage] = []
        self._media: Media | None = None

    async def __aenter__(self) -> Wire:
        await self._signalling.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._media:
            self._media.close()
        await self._signalling.close()

    @property
    def media(self) -> Media:
        assert self._media
        return self._media

    async def say(self, op: int, data: Any) -> None:
        await self._signalling.send_text(op, data)

    async def say_raw(self, message: str | bytes) -> None:
        await self._signalling._send(message)

    async def next(self, op: int) -> Any:
        """The next message with this operation; messages before it are put into `seen`."""
        async with asyncio.timeout(3):
            while True:
                message = await anext(self._messages)
                if message.op == op:
                    return message.data if isinstance(message, TextMessage) else message.body
                self.seen.append(message)

    async def closed_with(self) -> int | None:
        try:
            await self.next(-1)
        except VoiceClosed as closed:
            return closed.code
        raise AssertionError("the server has not closed the connection")

    async def select(self, mode: str = AES256_GCM) -> tuple[dict[str, Any], dict[str, Any]]:
        ready = await self.next(2)
        media = self._media = await Media.connect((ready["ip"], ready["port"]), lambda header, payload: None)
        host, port = await media.discover(ready["ssrc"])
        await self.say(1, {"protocol": "udp", "data": {"address": host, "port": port, "mode": mode}})
        description = await self.next(4)
        media.use(cipher_for(description["mode"], bytes(description["secret_key"])))
        return ready, description


async def test_the_handshake_holds_what_the_documentation_says(stage: Stage) -> None:
    async with Wire(stage) as wire:
        assert await wire.next(8) == {"v": 8, "heartbeat_interval": 13750.0}
        await wire.say(0, stage.identification(ALICE))
        ready, description = await wire.select()
        assert ready["modes"] == list(MODES)
        assert ready["ip"] == "127.0.0.1"
        assert description["dave_protocol_version"] == 1
        assert len(description["secret_key"]) == 32
        external_sender = await wire.next(25)
        assert external_sender[:2] == b"\x40\x41"
        await wire.say(3, {"t": 1234, "seq_ack": 2})
        assert await wire.next(6) == {"t": 1234}
        # Messages 2, 4 and 25 have numbers.
        assert wire._signalling.seq_ack == 3


async def test_each_client_has_a_secret_key_of_its_own(stage: Stage) -> None:
    keys: list[bytes] = []
    for user_id in (ALICE, ALICE + 1):
        async with Wire(stage) as wire:
            await wire.say(0, stage.identification(user_id))
            _, description = await wire.select()
            keys.append(bytes(description["secret_key"]))
    assert keys[0] != keys[1]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"token": "another"}, 4004),
        ({"session_id": "another"}, 4006),
        ({"user_id": "702"}, 4006),
        ({"server_id": "1"}, 4011),
        ({"max_dave_protocol_version": 0}, 4017),
        ({"max_dave_protocol_version": None}, 4017),
        ({"user_id": 701}, 4002),
        ({"token": None}, 4002),
        ({"server_id": "guild"}, 4002),
        ({"max_dave_protocol_version": "1"}, 4002),
    ],
)
async def test_an_identification_that_is_wrong(stage: Stage, change: dict[str, Any], code: int) -> None:
    async with Wire(stage) as wire:
        await wire.say(0, stage.identification(ALICE) | change)
        assert await wire.closed_with() == code
    assert [entry["code"] for entry in stage.journal("voice_client_refused")] == [code]
    assert stage.journal("voice_joined") == []


async def test_an_identification_that_lacks_dave_altogether(stage: Stage) -> None:
    identification = stage.identification(ALICE)
    del identification["max_dave_protocol_version"]
    async with Wire(stage) as wire:
        await wire.say(0, identification)
        assert await wire.closed_with() == 4017


@pytest.mark.parametrize(
    "first",
    [
        (1, {"protocol": "udp", "data": {"address": "127.0.0.1", "port": 1, "mode": AES256_GCM}}),
        (5, {"speaking": 1, "delay": 0, "ssrc": 1}),
        (23, {"transition_id": 1}),
        (31, {"transition_id": 1}),
    ],
)
async def test_before_identifying_nothing_else_may_be_said(stage: Stage, first: tuple[int, Any]) -> None:
    async with Wire(stage) as wire:
        await wire.say(*first)
        assert await wire.closed_with() == 4003


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ('{"op": 99, "d": {}}', 4001),
        ('{"op": 12, "d": {"audio_ssrc": 1}}', 4020),
        ('{"op": 15, "d": {"camera": 0}}', 4002),
        ('{"op": 15, "d": {"any": "all"}}', 4002),
        ('{"op": 8, "d": {}}', 4001),
        ('{"op": 26, "d": {}}', 4001),
        ("no json", 4002),
        ("[1]", 4002),
        ('{"d": {}}', 4002),
        ('{"op": true, "d": {}}', 4002),
        ('{"op": 3, "d": 17}', 4002),
        ('{"op": 5, "d": {"speaking": "yes", "ssrc": 1}}', 4002),
        ('{"op": 23}', 4002),
        (b"", 4002),
        (b"\x19abc", 4001),
        (b"\x1aabc", 4002),
        (b"\x1cabc", 4002),
    ],
)
async def test_what_the_server_does_not_know_or_cannot_read(stage: Stage, message: str | bytes, code: int) -> None:
    async with Wire(stage) as wire:
        await wire.say(0, stage.identification(ALICE))
        await wire.select()
        await wire.say_raw(message)
        assert await wire.closed_with() == code
    await until(lambda: stage.journal("voice_left"))


@pytest.mark.parametrize(
    ("change", "code"),
    [({"mode": "xsalsa20_poly1305"}, 4016), ({"port": "80"}, 4002), ({"address": None}, 4002)],
)
async def test_a_protocol_that_cannot_be_selected(stage: Stage, change: dict[str, Any], code: int) -> None:
    choice = {"address": "127.0.0.1", "port": 9, "mode": AES256_GCM} | change
    async with Wire(stage) as wire:
        await wire.say(0, stage.identification(ALICE))
        await wire.say(1, {"protocol": "udp", "data": choice})
        assert await wire.closed_with() == code


async def test_protocols_but_udp_and_second_identifications_and_foreign_ssrcs(stage: Stage) -> None:
    for code, steps in (
        (4012, [(1, {"protocol": "webrtc", "data": {}})]),
        (4005, [(0, stage.identification(ALICE))]),
    ):
        async with Wire(stage) as wire:
            await wire.say(0, stage.identification(ALICE))
            for op, data in steps:
                await wire.say(op, data)
            assert await wire.closed_with() == code
    async with Wire(stage) as wire:
        await wire.say(0, stage.identification(ALICE))
        ready, _ = await wire.select()
        await wire.say(5, {"speaking": 1, "delay": 0, "ssrc": ready["ssrc"] + 1})
        assert await wire.closed_with() == 4020


async def test_another_version_of_the_gateway_is_refused(stage: Stage) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"wss://{stage.server.endpoint}/?v=4", ssl=stage.client_tls) as websocket,
    ):
        await websocket.receive()
        assert websocket.close_code == 4012


async def test_a_client_without_heartbeats_is_dropped(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "HEARTBEAT_INTERVAL_MS", 100)
    async with Wire(stage) as wire:
        await wire.say(0, stage.identification(ALICE))
        for _ in range(4):
            await wire.say(3, {"t": 1})
            await asyncio.sleep(0.08)
        assert await wire.closed_with() == 4009
    assert [message.op for message in wire.seen].count(6) == 4


async def test_a_second_identification_of_a_user_replaces_the_first(stage: Stage) -> None:
    async with Wire(stage) as first, Wire(stage) as second:
        await first.say(0, stage.identification(ALICE))
        await first.select()
        await second.say(0, stage.identification(ALICE))
        await second.select()
        assert await first.closed_with() == 4006
        await second.say(3, {"t": 5})
        assert await second.next(6) == {"t": 5}
    assert [entry["user_id"] for entry in stage.journal("voice_left")][:1] == [ALICE]


async def _break(wire: Wire) -> None:
    """Close with a code that does not mean good-bye, like a client whose connection hangs."""
    assert wire._signalling._websocket
    await wire._signalling._websocket.close(code=4900)


async def test_a_broken_client_resumes_and_gets_what_it_missed(stage: Stage) -> None:
    identification = stage.identification(ALICE)
    async with Wire(stage) as wire:
        await wire.say(0, identification)
        ready, _ = await wire.select()
        await wire.next(25)
        seq_ack = wire._signalling.seq_ack
        await _break(wire)
    resumption = {key: identification[key] for key in ("server_id", "session_id", "token")}
    async with Wire(stage) as other, Wire(stage) as wire:
        await other.say(0, stage.identification(ALICE + 1))
        await other.select()
        await wire.say(7, resumption | {"seq_ack": seq_ack})
        assert await wire.next(9) is None
        assert await wire.next(11) == {"user_ids": [str(ALICE + 1)]}
        await wire.say(5, {"speaking": 1, "delay": 0, "ssrc": ready["ssrc"]})
        await until(lambda: stage.journal("speaking_announced"))
    await until(lambda: stage.journal("voice_left"))
    assert stage.journal("voice_resumed")[0]["missed"] >= 1


@pytest.mark.parametrize(("change", "code"), [({"token": "another"}, 4004), ({"session_id": "another"}, 4006)])
async def test_a_resumption_that_is_wrong(stage: Stage, change: dict[str, Any], code: int) -> None:
    identification = stage.identification(ALICE)
    async with Wire(stage) as wire:
        await wire.say(0, identification)
        await wire.next(2)
        await _break(wire)
    async with Wire(stage) as wire:
        await wire.say(7, identification | {"seq_ack": 1} | change)
        assert await wire.closed_with() == code


async def test_a_broken_client_that_does_not_resume_leaves(stage: Stage) -> None:
    identification = stage.identification(ALICE)
    async with Wire(stage) as wire:
        await wire.say(0, identification)
        await wire.select()
        await _break(wire)
    await asyncio.sleep(0.1)
    assert stage.journal("voice_left") == []
    await until(lambda: stage.journal("voice_left"))
    async with Wire(stage) as wire:
        await wire.say(7, identification | {"seq_ack": 1})
        assert await wire.closed_with() == 4006


async def test_a_removed_client_is_closed_with_4014_and_its_ticket_is_void(stage: Stage) -> None:
    identification = stage.identification(ALICE)
    async with Wire(stage) as wire:
        await wire.say(0, identification)
        await wire.select()
        await stage.server.leave(guild_id=GUILD, user_id=ALICE)
        assert await wire.closed_with() == 4014
    stage.ticket(ALICE + 1)
    async with Wire(stage) as wire:
        await wire.say(0, identification)
        assert await wire.closed_with() == 4006


async def test_without_a_close_code_the_websocket_stays_for_the_client_to_close(stage: Stage) -> None:
    async with Wire(stage) as wire:
        await wire.say(0, stage.identification(ALICE))
        await wire.select()
        await stage.server.leave(guild_id=GUILD, user_id=ALICE, close_code=None)
        await wire.say(3, {"t": 9})
        assert await wire.next(6) == {"t": 9}


async def test_audio_without_op_5_ends_the_connection(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(udp, "SPEAKING_GRACE_S", 0.05)
    async with Wire(stage) as wire:
        await wire.say(0, stage.identification(ALICE))
        ready, description = await wire.select()
        cipher = cipher_for(description["mode"], bytes(description["secret_key"]))
        for sequence in range(4):
            clear = build_header(sequence=sequence, timestamp=0, ssrc=ready["ssrc"])
            wire.media._send(cipher.seal(clear, b"\xf8\xff\xfe", sequence))
            await asyncio.sleep(0.03)
        assert await wire.closed_with() == 4020


async def test_packets_under_a_wrong_key_or_from_strangers_go_nowhere(stage: Stage) -> None:
    speaker, listener = await stage.join(ALICE), await stage.join(ALICE + 1)
    await until(lambda: speaker.can_send)
    assert speaker.call.media
    key, speaker.call.media._cipher = speaker.call.media._cipher, cipher_for(AES256_GCM, bytes(32))
    await speaker.speak(frames(2, 1))
    speaker.call.media._cipher = key
    await speaker.speak(frames(2, 1))
    await until(lambda: listener.heard == {ALICE: 7})
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        server = speaker.call.media._transport
        assert server
        clear = build_header(sequence=1, timestamp=0, ssrc=speaker.ssrc)
        for datagram in (clear + bytes(40), bytes(8), bytes(74), b"", bytes(2000)):
            stranger.sendto(datagram, server.get_extra_info("peername"))
    await until(lambda: len(stage.journal("packet_refused")) == 2)
    assert [entry["reason"] for entry in stage.journal("packet_refused")] == [
        "not_authentic",
        "unknown_sender",
    ]
    await speaker.close()
    await until(lambda: stage.journal("voice_left"))
    assert stage.journal("voice_left")[0]["packets_refused"]["not_authentic"] >= 7


async def test_header_extension_and_padding_pass_untouched(stage: Stage) -> None:
    received: list[tuple[bytes, bytes]] = []
    sent: list[tuple[bytes, bytes]] = []
    speaker, listener = await stage.join(ALICE), await stage.join(ALICE + 1, mode=MODES[1])
    await until(lambda: speaker.can_send)
    assert speaker.call.media
    assert listener.call.media
    original_send, original_open = speaker.call.media.send, listener.call.media._cipher
    assert original_open

    class Tap:
        def open(self, datagram: bytes, clear_bytes: int) -> bytes | None:
            body = original_open.open(datagram, clear_bytes)
            received.append((datagram[:clear_bytes], body or b""))
            return body

        def seal(self, clear: bytes, body: bytes, counter: int) -> bytes:
            raise AssertionError("a listener sends nothing")

    def send(packet: Any) -> None:
        sent.append((packet.clear, packet.body))
        original_send(packet)

    speaker.call.media.send = send
    listener.call.media.use(Tap())
    await speaker.speak(frames(40, 9))
    await until(lambda: len(received) == len(sent))
    assert received == sent
    assert {clear[0] & 0x30 for clear, _ in sent} >= {0x00, 0x10, 0x20}


async def test_a_key_package_of_someone_else_is_refused(stage: Stage) -> None:
    async with Wire(stage) as wire:
        await wire.say(0, stage.identification(ALICE))
        await wire.select()
        await wire._signalling.send_binary(26, Privacy(ALICE + 1, CHANNEL).begin(1))
        assert await wire.closed_with() == 4002


def test_every_text_message_is_plain_json() -> None:
    assert json.loads(encode_text(Op.SPEAKING, {"ssrc": 1}, 7)) == {
        "op": 5,
        "d": {"ssrc": 1},
        "seq": 7,
    }
