"""Who takes part in a cell, and what they say: without a pause, so that there is always something to be recorded."""

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
from bot.rehearsal.cast.parts import Part
from bot.rehearsal.cast.player import Player
from bot.rehearsal.house import House
from bot.rehearsal.panel import PATIENCE_SECONDS, panel_with
from bot.samples import SAMPLE_RATE_HZ

PERFORMERS, COORDINATORS = 3, 2
SPURTS, SPURT_SECONDS = 3, 4.0
ENOUGH_SECONDS = 8.0
"""What somebody has to say in a take; what is left of it may be enough for the next."""

_SYLLABLES_PER_SECOND = 4
_HISS = 10 ** (-66 / 20)


class Troupe(Acts):
    """The steps of a script, with a part that is quick to learn, and names for who does what.

    The X-card is pressed by somebody who is not recorded, so that nothing else of theirs changes with it. `leaver` is
    the performer who takes their consent back, `partner` one who looks at their card and draws lines meanwhile.
    """

    leaver: Player
    partner: Player

    def __init__(self, house: House) -> None:
        super().__init__(house, lambda *_: None)
        self.house = house
        self._lessons = 0

    @property
    def bystander(self) -> Player:
        """Who presses the X-card: in the channel, without any consent."""
        return self.house.bystanders[0]

    @property
    def rater(self) -> Player:
        """Who presses on the panel meanwhile."""
        return self.house.audience[0]

    @property
    def second_coordinator(self) -> Person:
        """Who asks for the export."""
        return self.house.coordinators[1]

    async def deal_first(self) -> None:
        """The scene in which the stop will come is dealt; who is on stage there has a name from then on."""
        await self.deal(1)
        self.leaver, self.partner = self.on_stage[:2]

    async def learn_lines(self) -> None:
        """Everybody who plays has something to say, no packet of it twice."""
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
        """While this lasts these players talk; then they stop in mid-word. What is raised within is raised as it is."""
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
        """The panel once it has one of these buttons and has not changed for a moment; TimeoutError if it never is so.

        RehearsalFailed when none of the buttons comes.
        """
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                panel = await panel_with(person, *labels)
                await asyncio.sleep(quiet_seconds)
                if (await panel_with(person, *labels)).seen_at == panel.seen_at:
                    return panel


def _part(place: int, noise: np.random.Generator) -> Part:
    return Part("neutral", 0, deque(babble(place, noise) for _ in range(SPURTS)))


def babble(place: int, noise: np.random.Generator) -> list[bytes]:
    """Opus packets of a hum with syllables, in a pitch for each place; hiss makes every packet one of a kind."""
    moments = np.arange(round(SPURT_SECONDS * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    pitch_hz = 110 * 1.3**place
    voice = sum(np.sin(2 * np.pi * pitch_hz * overtone * moments) / overtone for overtone in range(1, 12))
    syllables = 0.55 + 0.45 * np.sin(2 * np.pi * _SYLLABLES_PER_SECOND * moments)
    sound = 0.15 * voice * syllables + noise.normal(0, _HISS, len(moments))
    return encode_opus(sound.astype(np.float32))
