"""How a player rates: they listen to clip after clip and judge each one in its form."""

from __future__ import annotations

import time

from bot.embedded.client.listening import listen_to
from bot.embedded.client.person import Person
from bot.embedded.client.replies import Reply
from bot.embedded.client.screen import Message
from bot.rehearsal.cast.player import Player
from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.panel import press


async def rate_clips(player: Player, most: int | None) -> None:
    """Rate the offered clips until none are left or `most` are rated. Each is noted as `rated`."""
    await _rate_on(player, (await press(player.person, "Rate")).reply.message, most)


async def rate_after_the_end(player: Player, most: int) -> int:
    """Rate clips by the message that stays when a session has ended; returns how many."""
    return await _rate_on(player, (await press_after_the_end(player.person)).message, most)


async def press_after_the_end(person: Person) -> Reply:
    """Press Rate under the message that stays when a session has ended."""
    summary = await person.wait_for_message(lambda one: [button.label for button in one.buttons] == ["Rate"])
    return await person.click(summary, "Rate")


async def _rate_on(player: Player, shown: Message | None, most: int | None) -> int:
    rated = 0
    while shown is not None and shown.buttons and rated != most:
        if len(shown.attachments) == 2:
            shown = await _compare(player, shown)
            continue
        shown = await _rate(player, shown)
        rated += 1
    return rated


async def _compare(player: Player, shown: Message) -> Message:
    """Say whether two clips have the same character, which is noted as `compared`; returns the message afterwards."""
    person = player.person
    clips = [await listen_to(person, clip) for clip in shown.attachments]
    is_same = await player.compare(clips)
    button = shown.buttons[0 if is_same else 1]
    pressed_at = time.monotonic()
    await person.click(shown, button.custom_id)
    player.note("compared", button=button.custom_id, answer=button.label)
    return await person.wait_for_message(lambda one: one.message_id == shown.message_id, since=pressed_at)


async def _rate(player: Player, shown: Message) -> Message:
    """Rate the clip of a message. Returns the message as it looks afterwards, with or without a next clip."""
    person = player.person
    button = shown.buttons[0]
    clip = await listen_to(person, shown.attachments[0])
    form = await person.click(shown, button.custom_id)
    if form.modal is None:
        raise RehearsalFailed(f"No form for rating opened: {form.text}")
    answers = await player.judge(clip, form.modal)
    sent_at = time.monotonic()
    await person.submit(form.modal, answers)
    player.note("rated", button=button.custom_id, title=form.modal.title, clip_bytes=len(clip), answers=answers)
    return await person.wait_for_message(lambda one: one.message_id == shown.message_id, since=sent_at)
