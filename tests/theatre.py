"""A guild with its people under simcord, and what they do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord
import simcord

from bot.client import PromptbookBot
from bot.config import Settings
from bot.domain.ids import UserId
from bot.live.ports import Clock
from bot.store.database import Database
from tests.evening import GOOD_ANSWERS
from tests.paper import PaperBooth


@dataclass
class Theatre:
    """A guild with its people, as simcord's actors."""

    env: simcord.Env
    bot: PromptbookBot
    booths: list[PaperBooth]
    guild: simcord.GuildHandle
    stage: simcord.ChannelHandle
    coordinator: simcord.MemberActor
    performers: list[simcord.MemberActor]
    audience: simcord.MemberActor
    bystander: simcord.MemberActor

    @property
    def database(self) -> Database:
        """The bot's store."""
        return self.bot.services.sessions.database

    @property
    def settings(self) -> Settings:
        """The installation's settings."""
        return self.bot.services.guilds.defaults

    @property
    def clock(self) -> Clock:
        """The bot's clock."""
        return self.bot.services.takes.clock

    async def consent(self, person: simcord.MemberActor, taking_part: list[str], *, adult: bool = True) -> str:
        """Give exactly these consents in the way that people do: command, button, form. Returns the bot's answer."""
        shown = await person.slash(self.stage, "consent")
        assert shown.response is not None
        form = await person.click(shown.response, label="Choose")
        values = {"taking_part": taking_part, "uses": [], "adult": adult}
        return said(await person.submit_modal(form, values))

    async def everyone_consents(self) -> None:
        for performer in self.performers:
            await self.consent(performer, ["record", "store_and_review", "peer_rating"])
        await self.consent(self.audience, ["peer_rating"])

    async def command(self, person: simcord.MemberActor, name: str, /, **options: Any) -> str:
        """Give a command in the stage's chat; returns what the person is told."""
        return said(await person.slash(self.stage, name, **options))

    def panel(self) -> discord.Message:
        """The control panel as it is now."""
        return [message for message in self.stage.history() if message.flags.components_v2][-1]

    def panel_text(self) -> str:
        """All words on the panel."""
        return words_of(self.panel())

    async def press(self, person: simcord.MemberActor, label: str) -> simcord.InteractionResult:
        """Press one of the panel's buttons."""
        return await person.click(self.panel(), label=label)

    async def play(self, seconds: float = 4.0) -> str:
        """Deal, start, speak and cut with the panel; returns the answer to the cut."""
        await self.press(self.coordinator, "Deal scene")
        await self.press(self.coordinator, "Start take")
        booth = self.booths[-1]
        # The countdown runs on the real clock, so the take is moved into the past: then it has a length when it is cut.
        for performer in self.performers:
            booth.speak(UserId(performer.id), seconds, after=0.2)
        return await self.cut_after(seconds + 0.5)

    async def cut_after(self, seconds: float) -> str:
        (live,) = (session.take for session in self.bot.services.live if session.take)
        booth = self.booths[-1]
        real_stop = booth.stop_recording

        async def stop(_: float) -> Any:
            return await real_stop(booth.started_at + seconds)

        booth.stop_recording = stop  # type: ignore[method-assign]
        live.starts_at -= seconds + self.settings.countdown_seconds
        return said(await self.press(self.coordinator, "Cut"))


def said(result: simcord.InteractionResult) -> str:
    """The private answer that one person got."""
    assert result.response is not None, "the bot did not answer"
    assert result.ephemeral, "answers are private"
    return result.response.content


def words_of(message: discord.Message) -> str:
    """All text in a message's components."""
    found: list[str] = []

    def walk(items: Any) -> None:
        for item in items:
            if isinstance(item, discord.TextDisplay):
                found.append(item.content)
            walk(getattr(item, "children", []))

    walk(message.components)
    return "\n".join(found)


async def rate_all(person: simcord.MemberActor, result: simcord.InteractionResult) -> list[str]:
    """Rate clip after clip; returns the texts that were shown, including the last one."""
    texts: list[str] = []
    message = result.response
    while True:
        assert message is not None
        texts.append(message.content)
        if not message.components:
            return texts
        button = message.components[0]["components"][0]
        form = await person.click(message, custom_id=button["custom_id"])
        answers = {key: value if key != "emotion" else [value] for key, value in GOOD_ANSWERS.items()}
        await person.submit_modal(form, answers)
