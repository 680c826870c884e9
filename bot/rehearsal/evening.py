"""The plain evening: consent, two scenes with a take each, ratings, export. The cast uses only what it sees."""

from __future__ import annotations

import time

from bot.rehearsal.acts import Acts, until


class Evening(Acts):
    """One run of the script."""

    async def play(self) -> None:
        """Play everything from joining the channel to the export."""
        scenes = self._house.plan.scenes
        steps = 3 + 2 * scenes
        self._show("The cast joins the voice channel and consents", 1, steps)
        await self.open_session()
        for scene in range(1, scenes + 1):
            self._show(f"Scene {scene}: cards and a take", 2 * scene, steps)
            await self.deal(scene)
            await self.take(scene)
            self._show(f"Scene {scene}: ratings", 2 * scene + 1, steps)
            await self.rate()
        self._show("The session ends and is exported", steps - 1, steps)
        await self.end()
        self._show("Done", steps, steps)

    async def take(self, scene: int) -> None:
        """Play a take, with people who talk before it starts and after it is cut."""
        plan = self._house.plan
        async with self.talking() as talk:
            called_at = await self.call_take(scene)
            await until(called_at + plan.countdown_seconds + plan.take_seconds)
            talk.also(self.cut_take(scene, time.monotonic()))
