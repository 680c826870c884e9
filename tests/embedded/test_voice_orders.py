"""Faults of voice that a script orders by `POST /faults`, on the bot's place in voice."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.embedded.interactions.callback_faults import NotOrderable
from bot.embedded.voice.orders import VoiceOrders
from tests.embedded.test_voice_server_rules import Wire
from tests.embedded.voice_stage import BOT, CHANNEL, GUILD, Stage, frames
from tools.home_channel import until

ALICE = 701


class Bot:
    """The bot's voice state, and what it is told."""

    def __init__(self) -> None:
        self.channel_id: int | None = CHANNEL
        self.told: list[dict[str, Any]] = []

    def channel_of_bot(self) -> int | None:
        return self.channel_id

    def tell_server(self, user_id: int, data: dict[str, Any]) -> None:
        assert user_id == BOT
        self.told.append(data)


def orders(stage: Stage, bot: Bot) -> VoiceOrders:
    return VoiceOrders(stage.server, bot, stage.server_journal, GUILD, BOT)


@pytest.mark.parametrize("told_after_s", [-0.1, 0.1])
async def test_the_bot_is_told_of_another_voice_server_before_or_after_its_call_ends(
    stage: Stage, told_after_s: float
) -> None:
    bot = Bot()
    async with Wire(stage) as wire:
        await wire.say(0, stage.identification(BOT))
        await wire.select()
        before = stage.server.endpoint
        orders(stage, bot).order({"fault": "change_voice_server", "told_after_s": told_after_s})
        if told_after_s < 0:
            await until(lambda: bot.told)
            assert stage.journal("voice_interrupted") == []
        assert await wire.closed_with() == 4022
        if told_after_s > 0:
            assert bot.told == []
        await until(lambda: bot.told)
    assert bot.told[0]["endpoint"] == stage.server.endpoint != before


async def test_sound_is_spoiled_for_a_while(stage: Stage) -> None:
    alice, listener = await stage.join(ALICE), await stage.join(BOT)
    orders(stage, Bot()).order({"fault": "spoil_sound", "user_id": str(ALICE), "seconds": 0.3})
    await alice.speak(frames(30, 1))
    await until(lambda: listener.heard.get(ALICE, 0) >= 5)
    assert listener.hearing.undecryptable[ALICE] >= 10
    assert len(stage.journal("frame_spoiled")) == listener.hearing.undecryptable[ALICE]


async def test_udp_is_silenced_and_the_websocket_lives(stage: Stage) -> None:
    alice, listener = await stage.join(ALICE), await stage.join(BOT)
    orders(stage, Bot()).order({"fault": "silence_udp"})
    await alice.speak(frames(5, 1))
    await asyncio.sleep(0.1)
    assert listener.heard == {}
    listener.call.raise_if_closed()


@pytest.mark.parametrize(
    "asked",
    [
        {"fault": "change_voice_server"},
        {"fault": "change_voice_server", "told_after_s": 600},
        {"fault": "spoil_sound", "user_id": ALICE, "seconds": 1},
        {"fault": "silence_udp", "seconds": 1},
    ],
)
async def test_other_orders_are_refused(stage: Stage, asked: dict[str, Any]) -> None:
    with pytest.raises(NotOrderable):
        orders(stage, Bot()).order(asked)
    away = Bot()
    away.channel_id = None
    with pytest.raises(NotOrderable, match="in no voice channel"):
        orders(stage, away).order({"fault": "silence_udp"})


async def test_pings_over_udp_are_answered_with_their_number(stage: Stage) -> None:
    async with Wire(stage) as wire:
        await wire.say(0, stage.identification(ALICE))
        await wire.select()
        heard: list[bytes] = []
        receive = wire.media.datagram_received
        wire.media.datagram_received = lambda data, addr: heard.append(data) or receive(data, addr)  # type: ignore[func-returns-value,method-assign]
        wire.media._send(b"\x13\x37\xca\xfe\x00\x00\x00\x2a")
        await until(lambda: heard)
        assert heard == [b"\x13\x37\xf0\x0d\x00\x00\x00\x2a"]


async def test_whoever_wants_nothing_of_any_ssrc_gets_no_sound_unless_it_is_named(stage: Stage) -> None:
    """Op 15 is about sound as well: `any` stands for every SSRC that is not named."""
    alice, bob = await stage.join(ALICE), await stage.join(702)
    await bob.call.signalling.send_text(15, {"any": 0})
    await asyncio.sleep(0.05)
    await alice.speak(frames(5, 1))
    await asyncio.sleep(0.1)
    assert bob.heard == {}
    await bob.call.signalling.send_text(15, {"any": 0, str(alice.ssrc): 100})
    await asyncio.sleep(0.05)
    await alice.speak(frames(5, 1))
    await until(lambda: bob.heard.get(ALICE, 0) >= 5)


async def test_a_bot_is_told_of_cameras_and_of_itself(stage: Stage) -> None:
    alice = await stage.join(ALICE)
    async with Wire(stage) as wire:
        await wire.say(0, stage.identification(BOT))
        await wire.select()
        assert (await wire.next(11))["user_ids"] == [str(ALICE), str(BOT)]
        await alice.show(1)
        shown = await wire.next(12)
        assert (shown["user_id"], shown["video_ssrc"]) == (str(ALICE), alice.ssrc + 1)
        assert (await wire.next(12))["streams"] == []
