"""Who takes part in a cell, and what they say: without a pause, so that there is always something to record."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager

import numpy as np

from bot.audio.sound import encode_opus
from bot.embedded.client.person import Person
from bot.embedded.client.screen import Message
from bot.rehearsal.acts import Acts
from bot.rehearsal.cast.parts import Line, Part
from bot.rehearsal.cast.player import Player
from bot.rehearsal.house import House
from bot.rehearsal.panel import PATIENCE_SECONDS, panel_with
from bot.samples import SAMPLE_RATE_HZ

PERFORMERS, COORDINATORS = 3, 2
SPURTS, SPURT_SECONDS = 3, 4.0
ENOUGH_SECONDS = 8.0
"""What a player has to say in a take. What is left of it may be enough for the next one."""

_SYLLABLES_PER_SECOND = 4
_HISS = 10 ** (-66 / 20)


class Troupe(Acts):
    """The steps of a script, with a part that is quick to prepare, and names for the people's tasks.

    The X-card is pressed by a person who is not recorded, so that nothing else of theirs changes. `leaver` is the
    performer who withdraws consent, `partner` one who looks at their card and draws lines in the meantime.
    """

    leaver: Player
    partner: Player

    def __init__(self, house: House) -> None:
        super().__init__(house, lambda *_: None)
        self.house = house
        self._lessons = 0

    @property
    def bystander(self) -> Player:
        """The person who presses the X-card: in the channel, without any consent."""
        return self.house.bystanders[0]

    @property
    def rater(self) -> Player:
        """The person who presses on the panel in the meantime."""
        return self.house.audience[0]

    @property
    def second_coordinator(self) -> Person:
        """The person who asks for the export."""
        return self.house.coordinators[1]

    async def deal_first(self) -> None:
        """Deal the scene in which the stop will come, and name those who are on stage there."""
        await self.deal(1)
        self.leaver, self.partner = self.on_stage[:2]

    async def learn_lines(self) -> None:
        """Give everyone who plays something to say, with no packet twice."""
        async with asyncio.TaskGroup() as learning:
            for place, player in enumerate(self.house.performers):
                if player.part is None or player.part.seconds_left < ENOUGH_SECONDS:
                    learning.create_task(self._learn(place, player))

    async def _learn(self, place: int, player: Player) -> None:
        self._lessons += 1
        noise = np.random.default_rng([self.house.plan.seed, place, self._lessons])
        player.part = await asyncio.to_thread(_part, place, noise)

    @asynccontextmanager
    async def all_talk(self, players: Iterable[Player]) -> AsyncGenerator[None]:
        """Let these players talk in this context, then stop in mid-word. An error inside it is raised unchanged."""
        players, failure = list(players), None
        async with asyncio.TaskGroup() as group:
            for player in players:
                player.begin_to_talk(group, asyncio.Event())
            try:
                yield
            except Exception as error:
                failure = error
            finally:
                for player in players:
                    player.fall_silent()
        if failure:
            raise failure

    async def settled_panel(self, person: Person, *labels: str, quiet_seconds: float = 0.5) -> Message:
        """Return the panel once it has one of these buttons and has not changed for a moment.

        Raises TimeoutError if it never stops changing, RehearsalFailed if none of the buttons comes.
        """
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                panel = await panel_with(person, *labels)
                await asyncio.sleep(quiet_seconds)
                if (await panel_with(person, *labels)).seen_at == panel.seen_at:
                    return panel


def _part(place: int, noise: np.random.Generator) -> Part:
    return Part("neutral", 0, deque(Line(babble(place, noise), "", (), "tone") for _ in range(SPURTS)))


def babble(place: int, noise: np.random.Generator) -> list[bytes]:
    """Return Opus packets of a hum with syllables, with one pitch per place. Hiss makes every packet unique."""
    moments = np.arange(round(SPURT_SECONDS * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    pitch_hz = 110 * 1.3**place
    voice = sum(np.sin(2 * np.pi * pitch_hz * overtone * moments) / overtone for overtone in range(1, 12))
    syllables = 0.55 + 0.45 * np.sin(2 * np.pi * _SYLLABLES_PER_SECOND * moments)
    sound = 0.15 * voice * syllables + noise.normal(0, _HISS, len(moments))
    return encode_opus(sound.astype(np.float32))
