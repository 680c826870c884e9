"""A cue on a phone in a call: what is heard, seen and pressed, and what is asked after the cut, or after a restart."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import UserId
from bot.embedded.client.person import Person
from bot.embedded.client.phone import Phone
from bot.embedded.client.screen import Message
from bot.services.ending.cue_questions import CueQuestions
from bot.services.take import cues
from tests.real_bot import RealBot, open_real_bot, until

CUE, QUESTION = "**Now:** anger", "the bot sent you a cue"


@pytest.fixture
async def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RealBot]:
    monkeypatch.setattr(cues, "UNACKNOWLEDGED_SECONDS", 1.0)
    async with open_real_bot(tmp_path, monkeypatch) as real:
        await real.open_session()
        yield real


async def cued(real: RealBot, *, opens_card: bool = True) -> Person:
    """A performer who was sent a cue to shift from joy to anger, 2 s into a take in which everyone speaks."""
    performer = real.people["performer"][0]
    await real.press("Deal scene")
    part = await real.command("scene part", performer=str(performer.user_id), emotion="joy", shift_to="anger")
    assert "Changed for" in part.text
    if opens_card:
        await real.press("My card", person=performer)
    await real.press("Start take")
    for person in real.people["performer"]:
        real.booths[-1].speak(UserId(person.user_id), 5, after=0.2)
    await asyncio.sleep(max(real.booths[-1].started_at + 2 - time.monotonic(), 0))
    performer.phone = Phone(is_chat_open=False)
    performer.rung.clear()
    await real.press("Cue")
    return performer


async def stored(real: RealBot, performer: Person) -> Any:
    database = real.bot.services.sessions.database
    return await database.fetch_one(
        "SELECT cues.*, basis FROM cues JOIN cue_shifts USING (cue_id) JOIN castings ON castings.casting_id = "
        "cues.casting_id JOIN people USING (person_id) WHERE discord_user_id = ?",
        performer.user_id,
    )


def shown(performer: Person, words: str) -> list[Message]:
    """The messages with these words, whether or not they are on the screen."""
    return [one for one in performer.messages.values() if words in one.text]


async def test_who_does_not_see_the_chat_hears_a_direct_message_and_can_acknowledge_the_cue_there(real: RealBot):
    performer = await cued(real)
    [below_card] = shown(performer, CUE)
    assert (below_card.is_direct, performer.rung) == (False, []), "below the card, a cue makes no sound"
    heard = await performer.wait_for_message(lambda one: CUE in one.text and one.is_direct)
    assert [one.message_id for one in performer.rung] == [heard.message_id]
    pressed_at = time.monotonic()
    await performer.click(heard, "Got it")
    await until(lambda: not performer.messages[heard.message_id].buttons)
    started_at = real.booths[-1].started_at
    async with asyncio.timeout(5):
        while (row := await stored(real, performer))["acknowledged_samples"] is None or row["dm_sent_samples"] is None:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    for position, at in (
        (row["card_sent_samples"], below_card.seen_at),
        (row["dm_sent_samples"], heard.seen_at),
        (row["acknowledged_samples"], pressed_at),
    ):
        assert position / 48_000 == pytest.approx(at - started_at, abs=0.1)
    assert row["basis"] == "acknowledged"
    await real.press("Cut")
    await asyncio.sleep(0.5)
    assert shown(performer, QUESTION) == []


async def test_without_an_open_card_the_cue_comes_once_and_is_heard(real: RealBot):
    performer = await cued(real, opens_card=False)
    await asyncio.sleep(1.5)
    [heard] = shown(performer, CUE)
    assert heard.is_direct
    row = await stored(real, performer)
    assert row["card_sent_samples"] is None
    assert 0 <= row["dm_sent_samples"] - row["position_samples"] < 48_000


async def test_a_cue_is_read_aloud_to_its_performer_alone_and_nothing_of_it_is_in_the_channel(real: RealBot):
    performer = real.people["performer"][0]
    assert "read" in (await real.command("cues", person=performer, way="sound")).text
    performer = await cued(real)
    [below_card] = shown(performer, CUE)
    [sound] = below_card.attachments
    assert below_card.is_ephemeral
    assert sound.filename == "cue.mp3"
    heard = await performer.wait_for_message(lambda one: CUE in one.text and one.is_direct)
    for attachment in (sound, heard.attachments[0]):
        assert len(await performer.download(attachment)) > 5_000
    others = [one for one in real.people["performer"] if one is not performer]
    assert not [one for other in others for one in shown(other, CUE)]


async def test_the_question_about_a_cue_is_answered_after_a_restart(real: RealBot):
    performer = await cued(real)
    await real.press("Cut")
    performer.phone = Phone()
    question = await performer.wait_for_message(lambda one: QUESTION in one.text)
    assert question.is_ephemeral, "where the card was opened"
    assert (await stored(real, performer))["basis"] == "uncertain"
    await real.stop()
    await real.start()
    await performer.click(question, "No, not before the end")
    await until(lambda: question.message_id not in performer.messages)
    row = await stored(real, performer)
    assert (row["answer"], row["basis"]) == ("not_seen", "not_seen")


async def test_who_was_not_asked_before_the_bot_stopped_is_asked_directly_when_it_is_back(
    real: RealBot, monkeypatch: pytest.MonkeyPatch
):
    performer = await cued(real)
    with monkeypatch.context() as patched:
        patched.setattr(CueQuestions, "ask_soon", lambda *_: None)
        await real.press("Cut")
        await real.stop()
    assert shown(performer, QUESTION) == []
    await real.start()
    question = await performer.wait_for_message(lambda one: QUESTION in one.text)
    assert question.is_direct
    await performer.click(question, "Yes, I saw it")
    await until(lambda: question.message_id not in performer.messages)
    assert (await stored(real, performer))["basis"] == "remembered"
