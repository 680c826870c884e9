"""Calls over real sockets: libdave participants and a davey listener on the embedded voice server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.embedded.client.voice.signalling import VoiceClosed
from bot.embedded.voice import mls
from bot.wire.transport import MODES, XCHACHA20_POLY1305
from tests.embedded.voice_stage import BOT, GUILD, SILENCE, DaveyListener, Stage, frames
from tools.home_channel import until


@pytest.fixture
async def bot(stage: Stage) -> AsyncIterator[DaveyListener]:
    listener = DaveyListener(stage)
    yield listener
    await listener.close()


@pytest.mark.parametrize("mode", MODES)
async def test_what_is_said_arrives_byte_for_byte_at_davey_and_libdave(
    stage: Stage, bot: DaveyListener, mode: str
) -> None:
    await bot.join()
    first, second = await stage.join(11, mode), await stage.join(12, mode)
    arrived: list[bytes] = []
    second.hearing.on_frame = lambda user_id, frame: arrived.append(frame)
    said = frames(50, seed=1)
    await first.speak(said)
    await until(lambda: len(bot.heard.get(11, [])) == len(said) + 5)
    assert bot.heard[11] == said + [SILENCE] * 5 == arrived == stage.sent_by(11)
    assert second.heard == {11: 55}
    assert bot.failures == []
    assert {e["mode"] for e in stage.journal("voice_joined") if not e["is_bot"]} == {mode}


async def test_what_is_said_in_a_spurt_is_in_the_journal_with_its_number(stage: Stage, bot: DaveyListener) -> None:
    await bot.join()
    person = await stage.join(11)
    await person.speak(frames(2, seed=1))
    await person.speak(frames(2, seed=2), {"text": "Hello", "words": [["Hello", 0, 960]]})
    (told,) = stage.cast_log("line_spoken")
    assert (told["user_id"], told["spurt"], told["text"], told["words"]) == (11, 2, "Hello", [["Hello", 0, 960]])


async def test_people_join_one_by_one_while_someone_talks(stage: Stage, bot: DaveyListener) -> None:
    talker = await stage.join(11)
    await bot.join()
    await until(lambda: bot.session and bot.session.ready)
    await until(lambda: talker.can_send)
    everybody_there = asyncio.Event()

    async def talk() -> None:
        while not everybody_there.is_set():
            await talker.speak(frames(25, seed=2))

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(talk())
        listeners = []
        for user_id in (12, 13, 14):
            await asyncio.sleep(0.2)
            listeners.append(await stage.join(user_id, XCHACHA20_POLY1305))
        await asyncio.sleep(0.2)
        await stage.server.leave(guild_id=GUILD, user_id=13)
        await asyncio.sleep(0.2)
        newcomer = await stage.join(15)
        await until(lambda: newcomer.heard.get(11))
        everybody_there.set()
    sent = stage.sent_by(11)
    await until(lambda: len(bot.heard.get(11, [])) == len(sent))
    assert bot.heard[11] == sent
    assert stage.cast_log("frame_withheld") == []
    assert bot.failures == []
    executed = stage.journal("mls_transition_executed")
    assert [entry["epoch"] for entry in executed] == [1, 2, 3, 4, 5, 6]
    assert sorted(executed[-1]["members"]) == [11, 12, 14, 15, BOT]
    # The talk lasts as long as the joining, so its number of frames says nothing about the server. That it continues
    # after every change of the group does.
    talked_since = dict.fromkeys(e["transition_id"] for e in stage.cast_log("frame_sent") if e["user_id"] == 11)
    assert list(talked_since) == [entry["transition_id"] for entry in executed]
    assert len(sent) > listeners[0].heard[11] > listeners[2].heard[11] > newcomer.heard[11] > 0
    with pytest.raises(VoiceClosed):
        await listeners[1].speak(frames(1, seed=2))


async def test_the_journal_says_since_when_everyone_had_a_key(stage: Stage, bot: DaveyListener) -> None:
    await stage.join(11)
    await bot.join()
    await until(lambda: bot.session and bot.session.ready)
    await stage.join(12)
    committed = stage.journal("mls_committed")
    executed = stage.journal("mls_transition_executed")
    assert [(e["epoch"], e["added"], e["transition_id"]) for e in committed] == [(1, [BOT], 0), (2, [12], 1)]
    assert [(e["epoch"], sorted(e["members"]), e["unready"]) for e in executed] == [
        (1, [11, BOT], []),
        (2, [11, 12, BOT], []),
    ]
    assert all(c["t"] <= e["t"] for c, e in zip(committed, executed, strict=True))
    assert bot.executed == [1]


async def test_after_the_last_person_leaves_the_call_starts_again(stage: Stage, bot: DaveyListener) -> None:
    first = await stage.join(11)
    second = await stage.join(12)
    await first.close()
    await second.close()
    await until(lambda: len(stage.journal("voice_left")) == 2)
    third = await stage.join(13)
    await bot.join()
    await until(lambda: bot.session and bot.session.ready)
    await third.speak(frames(5, seed=3))
    await until(lambda: len(bot.heard.get(13, [])) == 10)


async def test_leaving_is_logged_with_counts(stage: Stage, bot: DaveyListener) -> None:
    await bot.join()
    person = await stage.join(11)
    await person.speak(frames(10, seed=4))
    await until(lambda: len(bot.heard.get(11, [])) == 15)
    await stage.server.leave(guild_id=GUILD, user_id=11)
    packets = 15 + len(stage.cast_log("padding_sent"))
    (left,) = stage.journal("voice_left")
    assert (left["user_id"], left["ssrc"]) == (11, person.ssrc)
    assert left["packets_received"] == left["packets_to_bot"] == packets
    with pytest.raises(VoiceClosed) as closed:
        await until(lambda: person.call.raise_if_closed())
    assert closed.value.code == 4014


async def test_only_one_person_besides_the_bot_listens(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.server._listeners_per_channel = 1
    await stage.server.start()
    bot = DaveyListener(stage)
    try:
        people = [await stage.join(user_id) for user_id in (11, 12, 13)]
        await bot.join()
        # Before op 22, the others send with keys of an epoch in which the bot was not a member.
        await until(lambda: bot.executed)
        await asyncio.gather(*(person.speak(frames(5, person.user_id)) for person in people))
        await until(lambda: sum(map(len, bot.heard.values())) == 30)
        assert people[0].heard == {12: 10, 13: 10}
        assert people[1].heard == people[2].heard == {}
        await stage.server.leave(guild_id=GUILD, user_id=11)
        await people[2].speak(frames(5, 3))
        await until(lambda: people[1].heard == {13: 10})
    finally:
        await bot.close()
        await stage.close()


async def test_nothing_is_sent_without_a_key(stage: Stage) -> None:
    loner = await stage.join(11)
    await loner.speak(frames(3, seed=5))
    assert stage.cast_log("frame_sent") == []
    assert len(stage.cast_log("frame_withheld")) == 8
    companion = await stage.join(12)
    await until(lambda: loner.can_send)
    await loner.speak(frames(3, seed=5))
    assert len(stage.cast_log("frame_sent")) == 8
    assert all(entry["encrypted"] for entry in stage.cast_log("frame_sent"))
    await until(lambda: companion.heard == {11: 8})


async def test_a_member_that_never_answers_holds_a_transition_up_for_a_moment_only(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mls, "TRANSITION_TIMEOUT_S", 0.2)
    await stage.join(11)
    lazy = await stage.join(12)
    lazy.call.signalling.send_text = lambda op, data: asyncio.sleep(0)  # pyright: ignore[reportAttributeAccessIssue]
    await stage.join(13)
    executed = stage.journal("mls_transition_executed")[-1]
    assert executed["unready"] == [12]
    assert 0.2 <= executed["t"] - stage.journal("mls_committed")[-1]["t"] < 0.5


async def test_a_group_to_which_no_one_commits_is_started_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mls, "COMMIT_TIMEOUT_S", 0.2)
    stubborn = await stage.join(11)
    answer = stubborn.call.privacy.answer_proposals
    stubborn.call.privacy.answer_proposals = lambda body: None
    joining = asyncio.create_task(stage.join(12))
    await until(lambda: stage.journal("mls_group_reset"))
    stubborn.call.privacy.answer_proposals = answer
    second = await joining
    await until(lambda: stubborn.can_send)
    await stubborn.speak(frames(3, seed=6))
    await until(lambda: second.heard == {11: 8})


async def test_one_who_cannot_read_a_commit_is_added_again(stage: Stage, bot: DaveyListener) -> None:
    await bot.join()
    person = await stage.join(11)
    await person.call.signalling.send_text(31, {"transition_id": 0})
    await person.call.signalling.send_binary(26, person.call.privacy.begin(1))
    assert not person.can_send
    await until(lambda: person.can_send)
    assert stage.journal("mls_commit_rejected")[0]["user_id"] == 11
    await person.speak(frames(3, seed=7))
    await until(lambda: len(bot.heard.get(11, [])) == 8)


async def test_twelve_people_join_together(stage: Stage, bot: DaveyListener) -> None:
    await bot.join()
    people = await asyncio.gather(*(stage.join(user_id) for user_id in range(11, 23)))
    await asyncio.gather(*(person.speak(frames(10, person.user_id)) for person in people))
    await until(lambda: sum(map(len, bot.heard.values())) == 12 * 15)
    assert bot.failures == []
    for person in people:
        assert bot.heard[person.user_id] == stage.sent_by(person.user_id)
