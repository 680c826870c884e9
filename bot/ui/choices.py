"""Autocompletion: what fits what somebody has typed so far, at most 25 choices (Discord's limit)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, cast

import discord
from discord import app_commands

from bot.domain.errors import PromptbookError
from bot.services.cards import CHARACTERS
from bot.services.decks import deck_names, find_deck, own_deck_names
from bot.services.desk import Desk
from bot.services.guild_settings import settings_of
from bot.services.library import Library
from bot.store.sessions import open_session_of
from bot.ui.people import require_coordinator

_MOST_CHOICES = 25
_LABEL_LIMIT = 100

Choices = list[app_commands.Choice[str]]


class _HasDesk(Protocol):
    """The client, as far as this module needs it."""

    desk: Desk


async def decks(interaction: discord.Interaction, typed: str) -> Choices:
    """The server's decks."""
    return _fitting(typed, [(name, name) for name in await deck_names(_desk(interaction), interaction.guild_id or 0)])


async def own_decks(interaction: discord.Interaction, typed: str) -> Choices:
    """The decks that were imported on the server."""
    names = await own_deck_names(_desk(interaction), interaction.guild_id or 0)
    return _fitting(typed, [(name, name) for name in names])


async def emotion_sets(interaction: discord.Interaction, typed: str) -> Choices:
    """The emotion sets of this installation."""
    library = _desk(interaction).library
    return _fitting(typed, [(name, title_of(library, name)) for name in library.names("emotions")])


async def prompts(interaction: discord.Interaction, typed: str) -> Choices:
    """The prompts of the session's deck, by title; for coordinators, since others are not to know what may come."""
    try:
        desk = _desk(interaction)
        guild_id = await require_coordinator(desk, interaction)
        deck = await find_deck(desk, guild_id, await _in_session(desk, guild_id, "deck"))
    except PromptbookError:
        return []
    return _fitting(typed, [(prompt.prompt_id, prompt.title) for prompt in deck.prompts])


async def emotions(interaction: discord.Interaction, typed: str) -> Choices:
    """The emotions of the session's set."""
    try:
        desk, guild_id = _desk(interaction), interaction.guild_id or 0
        found = desk.library.emotion_set(await _in_session(desk, guild_id, "emotion_set"))
    except PromptbookError:
        return []
    return _fitting(typed, [(emotion.key, emotion.label) for emotion in found.emotions])


async def characters(interaction: discord.Interaction, typed: str) -> Choices:
    """The characters whose voices can be held."""
    try:
        found = _desk(interaction).library.character_set(CHARACTERS)
    except PromptbookError:
        return []
    return _fitting(typed, [(character.key, character.name) for character in found.characters])


def title_of(library: Library, emotion_set: str) -> str:
    """An emotion set's title; its name where the file cannot be used."""
    try:
        return library.emotion_set(emotion_set).title
    except PromptbookError:
        # One file that was edited badly must not keep the others from being offered.
        return emotion_set


def _desk(interaction: discord.Interaction) -> Desk:
    return cast("_HasDesk", interaction.client).desk


async def _in_session(desk: Desk, guild_id: int, field: str) -> str:
    """What the open session plays with, else what the server's next one would."""
    session = await open_session_of(desk.database, guild_id)
    return str(getattr(session or await settings_of(desk, guild_id), field))


def _fitting(typed: str, offered: Iterable[tuple[str, str]]) -> Choices:
    wanted = typed.casefold()
    return [
        app_commands.Choice(name=label[:_LABEL_LIMIT], value=value)
        for value, label in offered
        if wanted in label.casefold() or wanted in value
    ][:_MOST_CHOICES]
