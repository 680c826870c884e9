"""The steps of a rehearsal: what its people do together. Scripts consist of these acts.

The cast's journal records what they do: `consented`, `pressed`, `commanded`, `scene_dealt`, `take_called`, `take_cut`,
and of each player `joined_voice`, `left_voice`, `card_read`, `cue_told` (once per message), `cue_acknowledged`,
`cue_asked`, `cue_answered`, `heard` (a clip, against its speaker's neutral) and `rated`; then
`session_ended`. How each player judges is noted first, as `judge`. Scenes are counted from 1, takes from 1 within a
scene, as the bot counts them.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager

from bot.embedded.client.person import Person
from bot.embedded.client.replies import Reply
from bot.rehearsal.cast.cards import is_card
from bot.rehearsal.cast.player import Player
from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.house import House
from bot.rehearsal.panel import panel_with, press
from bot.rehearsal.rating import rate_clips
from bot.rehearsal.talk import Talk, talking

Progress = Callable[[str, int, int], None]

SPARE_SECONDS = 10.0
"""How long people talk before and after the take, and on a slow machine."""

PERFORMER_CONSENTS = ("record", "store_and_review", "peer_rating", "train_recognition")
RATER_CONSENTS = ("peer_rating",)
_TAKING_PART = frozenset({"record", "store_and_review", "peer_rating"})


class Acts:
    """The steps of a script. An answer that the script did not expect ends it with RehearsalFailed."""

    def __init__(self, house: House, show: Progress) -> None:
        self._house = house
        self._channel = house.voice_channel_id
        self._journal = house.journal
        self._show = show
        self._takes: Counter[int] = Counter()
        self.on_stage: list[Player] = []

    async def open_session(self, late: Collection[Player] = (), first: int | None = None) -> None:
        """Let everyone but the latecomers join and choose their consents. The coordinator opens the session.

        With `first`, only so many performers choose them now.
        """
        for player in self._house.in_channel:
            if player not in late:
                await self._house.join_voice(player)
        for player in self._house.performers[:first]:
            if player not in late:
                await self.give_consent(player, PERFORMER_CONSENTS)
        for player in self._house.audience:
            await self.give_consent(player, RATER_CONSENTS)
        await self.command("session start", "is open", seed=self._house.plan.seed)

    async def give_consent(self, player: Player, scopes: Sequence[str]) -> None:
        """Let a player read the consent text and tick these scopes."""
        shown = await player.person.slash(self._channel, "consent")
        form = await player.person.click(shown.message, "Choose")
        reply = await player.person.submit(
            form.modal,
            {
                "taking_part": [scope for scope in scopes if scope in _TAKING_PART],
                "uses": [scope for scope in scopes if scope not in _TAKING_PART],
                "adult": True,
            },
        )
        expect(reply, "Given")
        player.consents = list(scopes)
        player.note("consented", scopes=player.consents)

    async def deal(self, scene: int) -> None:
        """Deal a scene. Everyone on stage reads their card."""
        await self.press(("Deal scene", "Next scene"), "was dealt to")
        self._journal.write("scene_dealt", scene=scene)
        await self.read_cards(scene)

    async def read_cards(self, scene: int) -> None:
        """Let all players in the channel ask for a card. Those on stage get one, the others a refusal."""
        present = [player for player in self._house.performers if player.voice]
        has_card = await asyncio.gather(*(self._read_card(player, scene) for player in present))
        self.on_stage = [player for player, found in zip(present, has_card, strict=True) if found]
        if len(self.on_stage) < 2:
            raise RehearsalFailed(f"Only {len(self.on_stage)} performer(s) got a card for scene {scene}.")
        await self.learn_lines()

    async def learn_lines(self) -> None:
        """Prepare enough lines for everyone who talks through the next take."""
        plan = self._house.plan
        seconds = plan.countdown_seconds + plan.take_seconds + SPARE_SECONDS
        await asyncio.gather(
            *(player.learn_lines(seconds) for player in self.on_stage),
            *(player.prepare_interruptions(seconds) for player in self._house.bystanders),
        )

    async def _read_card(self, player: Player, scene: int) -> bool:
        reply = (await press(player.person, "My card")).reply
        if reply.message is not None and is_card(reply.text):
            player.read_card(scene, reply.message)
            return True
        expect(reply, "not on stage")
        return False

    def talking(self) -> AbstractAsyncContextManager[Talk]:
        """Let everyone with a part talk in this context: from before a take until after its cut."""
        return talking((*self.on_stage, *self._house.bystanders))

    def let_talk(self, talking: asyncio.TaskGroup, stop: asyncio.Event) -> None:
        """Let everyone with a part talk until `stop` is set."""
        for player in (*self.on_stage, *self._house.bystanders):
            player.begin_to_talk(talking, stop)

    async def call_take(self, scene: int) -> float:
        """Let the coordinator call a take or a retake. Returns the time of the press, monotonic."""
        called_at = await self.press(("Start take", "Play again"), "starts")
        self._takes[scene] += 1
        countdown = self._house.plan.countdown_seconds
        called = {"scene": scene, "take": self._takes[scene], "countdown_seconds": countdown}
        self._journal.write("take_called", t=called_at, **called, limit_seconds=self._house.plan.limit_seconds)
        return called_at

    async def cut_take(self, scene: int, cut_at: float) -> None:
        """Let the coordinator press Cut now."""
        self._journal.write("take_cut", t=cut_at, scene=scene, take=self._takes[scene])
        await self.press(("Cut",), "Cut. Take")

    async def rate(self) -> None:
        """Let all raters rate as many clips as planned. The bystander tries, and is told why they may not."""
        raters = [player for player in self._house.performers if player.voice] + self._house.audience
        async with asyncio.TaskGroup() as rating:
            for player in raters:
                rating.create_task(rate_clips(player, self._house.plan.clips_a_rater))
        for player in self._house.bystanders:
            expect((await press(player.person, "Rate")).reply, "needs your consent")

    async def end(self) -> None:
        """End the session and export its dataset."""
        await self.end_session()
        await self.command("export", "Dataset ready", session=1)

    async def end_session(self) -> None:
        """End the session by command."""
        await self.command("session end", "is over")
        self._journal.write("session_ended")

    async def press(self, labels: Sequence[str], wanted: str, person: Person | None = None) -> float:
        """Let a coordinator press one of these buttons on the panel. Returns the time of the press, monotonic."""
        person = person or self._house.coordinator
        pressed = await press(person, *labels)
        self._journal.write(
            "pressed", t=pressed.at, user_id=person.user_id, button=pressed.label, answer=pressed.reply.text
        )
        expect(pressed.reply, wanted)
        return pressed.at

    async def command(self, command: str, wanted: str, **options: object) -> None:
        """Let the coordinator give a command in the voice channel's chat."""
        reply = await self._house.coordinator.slash(self._channel, command, **options)
        self._journal.write("commanded", user_id=self._house.coordinator.user_id, command=command, answer=reply.text)
        expect(reply, wanted)

    async def until_panel(self, *labels: str, since: float = 0.0) -> None:
        """Wait until the coordinator can press one of these buttons."""
        await panel_with(self._house.coordinator, *labels, since=since)


async def until(moment: float) -> None:
    """Wait for a moment of the monotonic clock."""
    await asyncio.sleep(moment - time.monotonic())


def expect(reply: Reply, wanted: str) -> None:
    """Raise RehearsalFailed with the answer unless it contains these words."""
    if wanted not in reply.text:
        raise RehearsalFailed(reply.text or "The bot's answer was empty.")
