"""Which language someone is answered in: the session's on their server, else the server's."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import discord

from bot.domain.ids import GuildId
from bot.domain.languages import ENGLISH, wider_tags
from bot.services.assembly import Services
from bot.services.facts.phrases import Phrases
from bot.ui.texts.language import speaking


@contextmanager
def speaking_to(services: Services, interaction: discord.Interaction) -> Generator[None]:
    """Answer an interaction in its language."""
    with speaking(phrases_for(services, interaction)):
        yield


def phrases_for(services: Services, interaction: discord.Interaction) -> Phrases:
    """The phrases of the server's language; in direct messages, of the person's own, if the installation has it."""
    guild_id = interaction.guild_id
    language = services.guilds.language_in(GuildId(guild_id)) if guild_id else _own(services, interaction.locale.value)
    return services.library.in_language(language).phrases()


def _own(services: Services, locale: str) -> str:
    there = {tag.lower(): tag for tag in services.library.languages()}
    return next((there[tag.lower()] for tag in wider_tags(locale) if tag.lower() in there), ENGLISH)
