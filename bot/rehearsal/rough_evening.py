"""A rough evening: what the real Discord, a moderator and people's phones do to a bot, in takes that are recorded.

Scene 1: a moderator deafens the bot. Scene 2: the call moves to another region, twice, and for a while one performer
cannot be decrypted. Scene 3: a moderator moves the bot away, and it is brought back. Scene 4: the panel is two hours
old by Discord's clock, nothing comes through UDP, and Discord takes no answer to the press on Cut. Further scenes are
plain. All the time, the audience writes into the chat, so that the panel is pushed off the screens of phones.

In addition to the big evening's entries, the journal gets `disturbed` (cause, scene, take, from `since` to `until`, and
`user_id` if it is about one performer) and `panel_told` (what, and after how many seconds the coordinator saw it).
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from bot.embedded.client.moderator import Moderator
from bot.embedded.client.screen import Message
from bot.rehearsal.acts import Progress, until
from bot.rehearsal.big_evening import BigEvening
from bot.rehearsal.cast.player import Player
from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.faults import advance_clock, change_region, forget_next_press, silence_udp, spoil_sound
from bot.rehearsal.house import House
from bot.rehearsal.panel import panel_with, press
from bot.rehearsal.world import FOYER_ID

TOLD_SECONDS = 6.0
"""By when a change must be on the panel."""

PATIENCE_SECONDS = 20.0
"""How long the coordinator waits for it, to know by how much it was late."""

DEAF_SECONDS, SPOILED_SECONDS = 5.0, 5.0
OLD_SECONDS = 2 * 3600.0
UDP_SECONDS = 10.0
"""By when a dead UDP socket must be replaced."""

REGION_SECONDS = 4.0
"""How long people talk before and after a change of region."""

UNANSWERED_SECONDS = 4.0
"""Discord shows a press as failed after 3 s without an answer."""


class RoughEvening(BigEvening):
    """One run of the script."""

    def __init__(self, house: House, show: Progress) -> None:
        super().__init__(house, show)
        self._moderator = Moderator(house.coordinator)
        self._bot_id = house.world.bot.user_id

    @property
    def _late(self) -> list[Player]:
        """Return no one: all are there from the beginning."""
        return []

    async def open(self) -> None:
        """Open the session; nothing comes before its scenes."""
        await self.open_session()

    async def close(self, scenes: int) -> None:
        """Do nothing: the session ends after its scenes."""

    async def perform(self, scene: int) -> None:
        """Play a take with what disturbs it, and its cue."""
        if scene == 4:
            await advance_clock(self._house.addresses, self._house.tls, OLD_SECONDS)
        disturb = _DISTURBANCES.get(scene)
        async with self.talking() as talk:
            await until(await self._start(talk, scene) + self._share(0.1))
            if disturb:
                await disturb(self, scene)
            await asyncio.sleep(self._share(0.1))
            await self._cue(scene)
            await asyncio.sleep(self._share(0.4))
            talk.also(self._cut_unanswered(scene) if scene == 4 else self.cut_take(scene, time.monotonic()))
        await self._answer_about_cue(scene)

    async def be_deafened(self, scene: int) -> None:
        """Let a moderator deafen the bot for a while."""
        since = time.monotonic()
        await self._moderator.deafen(self._bot_id)
        await self._told("Server Deafen", since)
        await until(since + DEAF_SECONDS)
        await self._moderator.deafen(self._bot_id, on=False)
        over = time.monotonic()
        self._note("deafened", scene, since, over)
        await self._told("was deafened for", over)

    async def change_region_and_spoil(self, scene: int) -> None:
        """Move the call twice, its server named before and after the close; then spoil what one performer says."""
        for told_after_s in (-0.3, 0.3):
            since = time.monotonic()
            await change_region(self._house.addresses, self._house.tls, told_after_s)
            await asyncio.sleep(REGION_SECONDS)
            self._note("connection", scene, since, since + abs(told_after_s))
        performer = self.on_stage[0]
        since = time.monotonic()
        await spoil_sound(self._house.addresses, self._house.tls, performer.user_id, SPOILED_SECONDS)
        await self._told(f"cannot decrypt <@{performer.user_id}>", since)
        await until(since + SPOILED_SECONDS)
        over = since + SPOILED_SECONDS
        self._note("undecryptable", scene, since, over, performer.user_id)
        await self._told_no_more("cannot decrypt", over)

    async def be_moved(self, scene: int) -> None:
        """Let a moderator move the bot away, and the coordinator bring it back: the take goes on by itself."""
        since = time.monotonic()
        await self._moderator.move(self._bot_id, FOYER_ID)
        await self._told(f"moved to <#{FOYER_ID}>", since)
        brought_at = await self.press(("Bring me back",), "back in the session's channel")
        await self._told("is recording", brought_at)
        self._note("moved", scene, since, time.monotonic())

    async def lose_udp(self, scene: int) -> None:
        """Let nothing more through on the bot's UDP socket, while its websocket lives on."""
        since = time.monotonic()
        await silence_udp(self._house.addresses, self._house.tls)
        # An earlier hole, of tenths of a second, may still be on the panel.
        await self._told(r"could not hear you for [2-9]\.\d s", since, UDP_SECONDS)
        await until(since + UDP_SECONDS)
        self._note("connection", scene, since, since + UDP_SECONDS)

    async def _cut_unanswered(self, scene: int) -> None:
        """Let the coordinator press Cut while Discord does not take the bot's answer. The press counts."""
        coordinator = self._house.coordinator
        await forget_next_press(self._house.addresses, self._house.tls, coordinator.user_id)
        cut_at = time.monotonic()
        self._journal.write("take_cut", t=cut_at, scene=scene, take=self._takes[scene])
        with suppress(TimeoutError, RehearsalFailed):
            async with asyncio.timeout(UNANSWERED_SECONDS):
                await press(coordinator, "Cut")
        await panel_with(coordinator, "Next scene", since=cut_at, within=PATIENCE_SECONDS)
        self._write_told("the take is cut", time.monotonic() - cut_at)

    async def _told(self, words: str, since: float, may_take_seconds: float = 0.0) -> None:
        """Wait until the coordinator's panel says this (a pattern), and note how long that took beyond what it may."""

        def says(message: Message) -> bool:
            return not message.is_ephemeral and len(message.buttons) > 1 and re.search(words, message.text) is not None

        try:
            await self._house.coordinator.wait_for_message(says, PATIENCE_SECONDS, since=since)
        except TimeoutError as error:
            raise RehearsalFailed(f"The panel never said {words!r}.") from error
        self._write_told(words, max(time.monotonic() - since - may_take_seconds, 0.0))

    async def _told_no_more(self, words: str, since: float) -> None:
        """Wait until the coordinator's panel no longer says this."""

        def is_silent(message: Message) -> bool:
            return not message.is_ephemeral and len(message.buttons) > 1 and words not in message.text

        try:
            await self._house.coordinator.wait_for_message(is_silent, PATIENCE_SECONDS, since=since)
        except TimeoutError as error:
            raise RehearsalFailed(f"The panel still says {words!r}.") from error
        self._write_told(f"no longer: {words}", time.monotonic() - since)

    def _write_told(self, what: str, seconds: float) -> None:
        self._journal.write("panel_told", what=what, seconds=seconds)

    def _note(self, cause: str, scene: int, since: float, over: float, user_id: int | None = None) -> None:
        take = self._takes[scene]
        self._journal.write("disturbed", cause=cause, scene=scene, take=take, since=since, until=over, user_id=user_id)


_DISTURBANCES: Mapping[int, Callable[[RoughEvening, int], Awaitable[None]]] = {
    1: RoughEvening.be_deafened,
    2: RoughEvening.change_region_and_spoil,
    3: RoughEvening.be_moved,
    4: RoughEvening.lose_udp,
}
"""What disturbs the take of which scene."""
