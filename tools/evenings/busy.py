"""People who press now and then while a take is recorded: cards, clips and forms, and the writes that follow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from random import Random

from bot.embedded.client.person import Person, Refused
from bot.embedded.client.replies import Modal, Reply
from bot.embedded.client.screen import NotOnScreen
from bot.rehearsal.cast.player import Player
from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.house import House
from bot.rehearsal.panel import press
from bot.rehearsal.rating import rate_clips

PAUSE_SECONDS = (0.5, 2.0)
"""The pause between two actions of one person."""

Act = Callable[[], Awaitable[object]]
TOPICS = ("war", "illness", "religion", "politics")


@asynccontextmanager
async def pressing(house: House, seed: int) -> AsyncGenerator[None]:
    """Keep performers, the audience and all but the first coordinator busy in this context.

    A press that the bot does not answer in time raises nothing, because the embedded Discord's journal has it.
    """
    async with asyncio.TaskGroup() as group:
        busy = [
            group.create_task(_be_busy(acts, Random(f"{seed}/{place}")))
            for place, acts in enumerate(
                [
                    *(_performer(player, Random(f"{seed}/{player.user_id}")) for player in house.performers),
                    *(_rater(player) for player in house.audience),
                    *(_coordinator(person) for person in house.coordinators[1:]),
                ]
            )
        ]
        try:
            yield
        finally:
            for task in busy:
                task.cancel()


async def _be_busy(acts: Sequence[Act], chance: Random) -> None:
    while True:
        await asyncio.sleep(chance.uniform(*PAUSE_SECONDS))
        with suppress(Refused, NotOnScreen, RehearsalFailed, TimeoutError):
            await chance.choice(acts)()


def _performer(player: Player, chance: Random) -> Sequence[Act]:
    person = player.person

    async def draw_lines() -> None:
        await person.submit(await _form(person, "Lines"), {"topics": chance.sample(TOPICS, chance.randint(0, 2))})

    async def read_consent() -> None:
        shown = (await press(person, "Consent")).reply
        await person.click(shown.message, "Choose")
        await person.close_modal()

    async def read_card() -> None:
        await press(person, "My card")

    return (read_card, read_card, read_card, *_rater(player), draw_lines, draw_lines, read_consent)


def _rater(player: Player) -> Sequence[Act]:
    return (lambda: rate_clips(player, 1), lambda: press(player.person, "Rate"))


def _coordinator(person: Person) -> Sequence[Act]:
    async def note() -> Reply:
        return await person.submit(await _form(person, "Note"), {"text": "The pause at the window: keep it."})

    return (note, note, lambda: press(person, "Cue"), lambda: press(person, "My card"))


async def _form(person: Person, label: str) -> Modal | None:
    return (await press(person, label)).reply.modal
