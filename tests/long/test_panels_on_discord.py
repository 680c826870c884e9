"""Panels and answers as Discord and people's phones have them: in sight, young, true, one at a time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.embedded.limits.old_edits import OLD_AFTER_S, OldEdits
from bot.services.panel import ages, panels
from bot.ui import answers
from tests.real_bot import RealBot, open_real_bot, sees_x_card, until

MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = f"{MESSAGES}/{{message_id}}"
SILENT = 1 << 12


@pytest.fixture
async def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RealBot]:
    async with open_real_bot(tmp_path, monkeypatch) as real:
        await real.open_session()
        yield real


def words(real: RealBot) -> str:
    return str(real.panels()[-1].components)


async def test_a_panel_that_six_messages_came_after_is_back_within_two_seconds_and_makes_no_sound(real: RealBot):
    [audience] = real.people["audience"]
    [before] = real.panels()
    for number in range(5):
        await audience.say(real.channel_id, f"chat {number}")
    await asyncio.sleep(1.0)
    assert [one.message_id for one in real.panels()] == [before.message_id], "five leave it on the screen"
    await audience.say(real.channel_id, "one more")
    for person in real.everyone:
        assert await until(lambda: sees_x_card(person)) < 2  # noqa: B023
    await until(lambda: len(real.panels()) == 1)
    [after] = real.panels()
    assert after.message_id != before.message_id
    assert after.flags & SILENT
    assert real.requests("POST", MESSAGES)[-1]["status"] == 200


async def test_private_answers_of_one_person_bring_the_panel_back_for_everyone(real: RealBot):
    performer = real.people["performer"][0]
    [before] = real.panels()
    for _ in range(8):
        await real.command("consent", performer)
        assert sees_x_card(performer) or await until(lambda: sees_x_card(performer)) < 2
    assert real.panels()[-1].message_id != before.message_id


async def test_an_answer_that_only_confirms_goes_away_and_reasons_stay(real: RealBot, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(answers, "CONFIRMED_SECONDS", 0.3)
    for label, confirmed in (("Deal scene", "was dealt to"), ("Pause", "Paused."), ("Resume", "continues")):
        reply = await real.press(label)
        assert reply.message is not None
        assert confirmed in reply.text
        message_id = reply.message.message_id
        await until(lambda: message_id not in real.coordinator.messages)  # noqa: B023
    refused = await real.press("Deal scene", "Next scene", person=real.people["audience"][0])
    assert "Only coordinators" in refused.text
    card = await real.press("My card", person=real.people["performer"][0])
    await asyncio.sleep(1)
    for person, reply in ((real.people["audience"][0], refused), (real.people["performer"][0], card)):
        assert reply.message is not None
        assert reply.message.message_id in person.messages


async def test_a_panel_that_is_two_hours_old_is_replaced_at_the_next_change(real: RealBot):
    [before] = real.panels()
    real.house.clock.advance(7200)
    await real.press("Deal scene")
    await until(lambda: len(real.panels()) == 1 and real.panels()[0].message_id != before.message_id)
    assert "Scene 1" in words(real)
    for label in ("Pause", "Resume") * 3:
        await real.press(label)
    await until(lambda: "'Pause'" in words(real))
    assert {one["status"] for one in real.requests("PATCH", MESSAGE)} == {200}


async def test_an_edit_of_an_old_panel_that_is_refused_again_and_again_comes_again(
    real: RealBot, monkeypatch: pytest.MonkeyPatch
):
    """Something else uses up the channel's edits until discord.py, which tries five times, gives up."""
    monkeypatch.setattr(ages, "POST_AGAIN_SECONDS", 1e9)
    monkeypatch.setattr(panels, "RETRY_SECONDS", 0.5)
    take, is_used_up = OldEdits.take, True

    def take_or_refuse(edits: OldEdits, channel_id: int, age_s: float, now: float) -> float | None:
        return 0.1 if is_used_up and age_s > OLD_AFTER_S else take(edits, channel_id, age_s, now)

    monkeypatch.setattr(OldEdits, "take", take_or_refuse)
    real.house.clock.advance(7200)
    await real.press("Deal scene")
    await until(lambda: [one["code"] for one in real.requests("PATCH", MESSAGE)].count(30046) >= 6)
    is_used_up = False
    assert await until(lambda: "Scene 1" in words(real)) < 6


async def test_edits_of_an_old_panel_keep_the_limit_by_themselves(real: RealBot, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ages, "POST_AGAIN_SECONDS", 1e9)
    real.house.clock.advance(7200)
    for label in ("Deal scene", *("Pause", "Resume") * 4):
        await real.press(label)
        await asyncio.sleep(0.5)
    await until(lambda: "'Pause'" in words(real))
    assert {one["status"] for one in real.requests("PATCH", MESSAGE)} == {200}


async def test_the_command_posts_the_panel_at_once(real: RealBot):
    [before] = real.panels()
    asked = asyncio.create_task(real.command("session panel"))
    assert await until(lambda: real.panels()[-1].message_id != before.message_id) < 2
    assert await until(lambda: len(real.panels()) == 1) < 2
    assert "at the bottom" in (await asked).text


async def test_a_lost_answer_makes_no_second_panel(real: RealBot):
    await real.order(fault="lose_answer", method="POST", route=MESSAGES)
    await real.command("session panel")
    await until(lambda: any(one["status"] == 502 for one in real.requests("POST", MESSAGES)))
    await until(lambda: len(real.panels()) == 1)
    await asyncio.sleep(3)
    assert len(real.panels()) == 1
    await real.press("Deal scene")
    await until(lambda: "Scene 1" in words(real))


async def end_with_two_panels(real: RealBot, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    """End the process at this function, between posting a new panel and deleting the old one."""

    reached = asyncio.Event()

    async def killed(*_: object) -> None:
        reached.set()
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(at, killed)
        await real.command("session panel")
        await until(reached.is_set)
        assert len(real.panels()) == 2
        await real.stop()


async def test_a_process_that_ends_between_posting_and_remembering_leaves_one_panel(
    real: RealBot, monkeypatch: pytest.MonkeyPatch
):
    """The next process posts it with the same nonce, so Discord returns the message that is already there."""
    await end_with_two_panels(real, monkeypatch, "bot.services.panel.panels.set_panel_message")
    await real.start()
    await real.command("session panel")
    await until(lambda: len(real.panels()) == 1)
    await real.press("Deal scene")
    await until(lambda: "Scene 1" in words(real))


async def test_a_panel_that_could_not_be_deleted_is_deleted_by_the_next_process(
    real: RealBot, monkeypatch: pytest.MonkeyPatch
):
    await end_with_two_panels(real, monkeypatch, "bot.stage.stage.DiscordStage.remove_panel")
    await real.start()
    await until(lambda: len(real.panels()) == 1)


async def test_both_panels_act_in_the_moment_between(real: RealBot, monkeypatch: pytest.MonkeyPatch):
    waiting = asyncio.Event()
    remove = real.bot.services.stage.remove_panel

    async def late(*of: object) -> None:
        await waiting.wait()
        await remove(*of)  # type: ignore[arg-type]

    await real.press("Deal scene")
    await until(lambda: "Scene 1" in words(real))
    monkeypatch.setattr("bot.stage.stage.DiscordStage.remove_panel", staticmethod(late))
    await real.command("session panel")
    await until(lambda: len(real.panels()) == 2)
    for person, panel in zip(real.people["performer"], real.panels(), strict=False):
        shown = await person.wait_for_message(lambda one: one.message_id == panel.message_id)  # noqa: B023
        assert "You are" in (await person.click(shown, "My card")).text
    waiting.set()
    await until(lambda: len(real.panels()) == 1)


async def test_a_nickname_that_discord_limits_holds_up_no_button(real: RealBot):
    await real.command("session end")
    await real.order(fault="limit_nickname", seconds=600)
    reply = await real.command("session start")
    assert "is open" in reply.text
    assert reply.answered_at - reply.asked_at < 2
    dealt = await real.press("Deal scene")
    assert "was dealt to" in dealt.text
    ended = await real.command("session end")
    assert "is over" in ended.text


async def test_the_bot_gets_no_contents_of_messages_and_keeps_no_messages(real: RealBot):
    [audience] = real.people["audience"]
    mention = f"<@{real.house.world.bot.user_id}> secret"
    for text in ("secret", mention):
        await audience.say(real.channel_id, text)
    await until(lambda: len(told(real, audience.user_id)) == 2)
    [plain, mentioning] = told(real, audience.user_id)
    assert plain["content"] == ""
    assert mentioning["content"] == mention, "this one Discord sends whatever the bot wants"
    await asyncio.sleep(0.2)
    assert list(real.bot.cached_messages) == []
    assert len(real.panels()) == 1


def told(real: RealBot, user_id: int) -> list[dict[str, Any]]:
    """The messages of a person as the bot was told of them."""
    [session] = real.house.discord.hub.gateway.sessions
    frames = [json.loads(frame) for frame in session.sent]
    created = [frame["d"] for frame in frames if frame["t"] == "MESSAGE_CREATE"]
    return [one for one in created if one["author"]["id"] == str(user_id)]
