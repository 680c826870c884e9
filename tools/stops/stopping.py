"""The four stops as they are pressed, and whose voice must not be recorded after each."""

from __future__ import annotations

from bot.embedded.client.person import Person
from bot.embedded.client.replies import Modal
from bot.rehearsal.cast.player import Player
from tools.stops.presses import Press, press_button, send_form
from tools.stops.troupe import Troupe

BUTTONS = {"x_card": "Stop (X-card)", "pause": "Pause", "cut": "Cut"}
"""The panel's labels. A withdrawal is sent by the consent form."""


class Stopping:
    """One of the stops of the table, about to be pressed."""

    def __init__(self, stop: str, troupe: Troupe) -> None:
        self.stop = stop
        self._troupe = troupe
        self._form: Modal | None = None

    @property
    def presser(self) -> Person:
        """The person who stops."""
        match self.stop:
            case "x_card":
                return self._troupe.bystander.person
            case "withdrawal":
                return self._troupe.leaver.person
            case _:
                return self._troupe.house.coordinator

    @property
    def silenced(self) -> list[Player]:
        """The players of whom nothing may be recorded from the press on."""
        return [self._troupe.leaver] if self.stop == "withdrawal" else list(self._troupe.on_stage)

    async def prepare(self) -> None:
        """Before the take: open the form, if there is one."""
        if self.stop == "withdrawal":
            shown = await self.presser.slash(self._troupe.house.voice_channel_id, "consent")
            self._form = (await self.presser.click(shown.message, "Choose")).modal

    async def settle(self) -> None:
        """Wait until the panel is up to date, so that the press is about the session as it is."""
        label = BUTTONS.get(self.stop, BUTTONS["cut"])
        await self._troupe.settled_panel(self._troupe.house.coordinator, label)

    async def press(self) -> Press:
        """Stop."""
        if self.stop != "withdrawal":
            return await press_button(self.presser, BUTTONS[self.stop])
        assert self._form
        return await send_form(self.presser, self._form, {"taking_part": [], "uses": [], "adult": False})
