"""What an evening has around its scenes: warm-up, voices and calibration before them, replays and a debrief after them.

In interludes, everyone sends a marker tone and writes a marker into the chat: the checker looks for both in everything
that the bot keeps. In addition to the acts' entries, the journal gets `interlude_begun` and `interlude_over`, with the
marker's words, `debrief_read`, `calibration_dealt` and `scene_replayed`.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from typing import Final

from bot.rehearsal.acts import PERFORMER_CONSENTS, Acts, expect, until
from bot.rehearsal.cast.calibration_cards import is_debrief_prompt
from bot.rehearsal.cast.player import Player
from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.panel import press
from bot.rehearsal.talk import AFTER_CUT_SECONDS, talking

FIRST_CALIBRATED: Final = 2
"""How many performers consent before the calibration: for all of them, it would last longer than the scenes."""

CALIBRATION_SECONDS: Final = 4.5
REPLAY_SECONDS: Final = 6.0
MARKED_SECONDS: Final = 1.5
FIRST_NUMBER: Final = 901
"""The number that the bot gives to the first part of a calibration."""

_ALL_DONE = "has been recorded with all of it"
_MENTION = re.compile(r"<@(\d+)>")


class AroundScenes(Acts):
    """The beginning and the end of an evening."""

    _calibrated = 0

    async def before_scenes(self, late: Sequence[Player]) -> None:
        """Warm up, try out voices, and calibrate those who consent; then the others consent."""
        await self._interlude("Warm-up", "Next exercise")
        await self._try_voices()
        await self._calibrate("Calibrate")
        while await self._calibrate("Next part"):
            pass
        others = [one for one in self._house.performers[FIRST_CALIBRATED:] if one not in late]
        for player in others:
            await self.give_consent(player, PERFORMER_CONSENTS)

    async def after_scenes(self, last: int) -> None:
        """Play the last scene again in two ways, calibrate once more, and leave the roles."""
        await self._replay(last + 1, "Other emotions")
        await self._replay(last + 2, "With one line")
        await self._calibrate("Calibrate")
        begun_at = await self._begin("Debrief")
        for player in self._present:
            shown = (await press(player.person, "My card")).reply
            if not is_debrief_prompt(shown.text):
                raise RehearsalFailed(f"In the debrief, a performer was shown {shown.text!r}.")
            player.note("debrief_read", message_id=shown.message.message_id if shown.message else 0)
        await self._mark("Debrief", begun_at)

    @property
    def _present(self) -> list[Player]:
        return [player for player in self._house.performers if player.voice]

    async def _interlude(self, *labels: str) -> None:
        begun_at = await self._begin(labels[0])
        for label in labels[1:]:
            await self.press((label,), "is on the panel")
        await self._mark(labels[0], begun_at)

    async def _try_voices(self) -> None:
        begun_at = await self._begin("Try voices")
        for player in self._house.performers[:FIRST_CALIBRATED]:
            expect((await press(player.person, "My card")).reply, "Your voice tonight is")
        await self._mark("Try voices", begun_at)

    async def _begin(self, label: str) -> float:
        return await self.press((label,), "is on the panel")

    async def _mark(self, label: str, begun_at: float) -> None:
        """Send the marker's tone and words, and end the interlude."""
        words = f"marker-of-{label.lower().replace(' ', '-')}-{self._house.plan.seed}-quokka"
        self._journal.write("interlude_begun", t=begun_at, interlude=label, words=words)
        await asyncio.gather(*(player.mark(MARKED_SECONDS) for player in self._present))
        for player in self._present:
            await player.person.say(self._channel, words)
        over_at = time.monotonic()
        self._journal.write("interlude_over", t=over_at, interlude=label)
        await self.press(("Finish",), "Finished")

    async def _calibrate(self, label: str) -> bool:
        """Deal the next part of the calibration and record it; False if everyone here is done."""
        told = (await press(self._house.coordinator, label)).reply.text
        if _ALL_DONE in told:
            return False
        number = FIRST_NUMBER + self._calibrated
        self._calibrated += 1
        users = {int(user) for user in _MENTION.findall(told)}
        self._journal.write("scene_dealt", scene=number)
        self._journal.write("calibration_dealt", scene=number, users=sorted(users), text=told)
        self.on_stage = [player for player in self._present if player.user_id in users]
        for player in self.on_stage:
            player.read_calibration(number, (await press(player.person, "My card")).reply.message)
        await self.learn_lines()
        await self._record(number, CALIBRATION_SECONDS)
        return True

    async def _replay(self, number: int, how: str) -> None:
        asked = (await press(self._house.coordinator, "Play another way")).reply
        expect(asked, "What is different?")
        expect(await self._house.coordinator.click(asked.message, how), "was dealt once more")
        self._journal.write("scene_dealt", scene=number)
        self._journal.write("scene_replayed", scene=number, of=number - 1, how=how)
        await self.read_cards(number)
        await self._record(number, REPLAY_SECONDS)

    async def _record(self, number: int, seconds: float) -> None:
        """Play a short take. Those who are not on stage are quiet, except the bystander."""
        async with talking((*self.on_stage, *self._house.bystanders)) as talk:
            started_at = await self.call_take(number) + self._house.plan.countdown_seconds
            await until(started_at + seconds)
            talk.also(self.cut_take(number, time.monotonic()))
        await asyncio.sleep(AFTER_CUT_SECONDS)
