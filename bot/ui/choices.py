"""Autocompletion: the choices that match what a person has typed so far, at most 25 (Discord's limit)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import islice
from typing import Protocol, cast

import discord
from discord import app_commands

from bot.domain.errors import PromptbookError
from bot.domain.ids import GuildId
from bot.domain.local_times import named_like
from bot.live.guild_settings import GuildSettings
from bot.live.session import LiveSession
from bot.services.assembly import Services
from bot.services.facts.library import Library
from bot.services.scene.cards import CHARACTERS
from bot.services.schedule.reminders import start_of
from bot.services.schedule.zones import local, zone_names
from bot.ui.press import Press
from bot.ui.texts.schedule import choice_text

_MOST_CHOICES = 25
_LABEL_LIMIT = 100

Choices = list[app_commands.Choice[str]]


class _HasServices(Protocol):
    """What this module needs of the client."""

    services: Services


async def decks(interaction: discord.Interaction, typed: str) -> Choices:
    """The server's decks."""
    return _fitting(
        typed,
        [
            (name, name)
            for name in await _services(interaction).decks.names(
                GuildId(interaction.guild_id or 0), _wanted_language(interaction)
            )
        ],
    )


async def own_decks(interaction: discord.Interaction, typed: str) -> Choices:
    """The decks that were imported on the server."""
    names = await _services(interaction).decks.own_names(GuildId(interaction.guild_id or 0))
    return _fitting(typed, [(name, name) for name in names])


async def instruments(interaction: discord.Interaction, typed: str) -> Choices:
    """What raters can be asked with on this installation."""
    return _fitting(typed, [(name, name) for name in _library(interaction).names("instruments")])


async def emotion_sets(interaction: discord.Interaction, typed: str) -> Choices:
    """The emotion sets of this installation."""
    library = _library(interaction)
    return _fitting(typed, [(name, title_of(library, name)) for name in library.names("emotions")])


async def languages(interaction: discord.Interaction, typed: str) -> Choices:
    """The languages that sessions can be held in."""
    return _fitting(typed, [(tag, tag) for tag in _services(interaction).library.languages()])


async def prompts(interaction: discord.Interaction, typed: str) -> Choices:
    """The prompts of the session's deck, by title; for coordinators only, so that scenes surprise performers."""
    try:
        press = Press.of(_services(interaction), interaction)
        await press.require_coordinator()
        deck_name = (await _playing(press.services, press.guild_id)).deck
        deck = await press.services.decks.find(press.guild_id, deck_name)
    except PromptbookError:
        return []
    return _fitting(typed, [(prompt.prompt_id, prompt.title) for prompt in deck.prompts])


async def emotions(interaction: discord.Interaction, typed: str) -> Choices:
    """The emotions of the current scene's set; without a scene, of the set that the next one is dealt from."""
    services, guild_id = _services(interaction), GuildId(interaction.guild_id or 0)
    session = services.live.in_guild(guild_id)
    try:
        if session and session.scene_id:
            found = await services.dealt.emotions(session, session.scene_id)
        else:
            found = _library(interaction).emotion_set((await _playing(services, guild_id)).emotion_set)
    except PromptbookError:
        return []
    return _fitting(typed, [(emotion.key, emotion.label) for emotion in found.emotions])


async def characters(interaction: discord.Interaction, typed: str) -> Choices:
    """The characters that can be dealt."""
    try:
        found = _library(interaction).character_set(CHARACTERS)
    except PromptbookError:
        return []
    return _fitting(typed, [(character.key, character.name) for character in found.characters])


async def zones(interaction: discord.Interaction, typed: str) -> Choices:
    """Time zones, by their names."""
    names = zone_names()
    if fitting := _fitting(typed, [(name, name) for name in names]):
        return fitting
    alike = await asyncio.to_thread(named_like, typed, names)
    return _choices((name, name) for name in alike)


async def scheduled(interaction: discord.Interaction, typed: str) -> Choices:
    """The sessions that are scheduled, by time and title."""
    found = await _services(interaction).schedules.in_guild(GuildId(interaction.guild_id or 0))
    offered = [(choice_text(one, local(start_of(one), one.time_zone)), str(one.scheduled_id)) for one in found]
    return _fitting(typed, [(value, label) for label, value in offered])


def _wanted_language(interaction: discord.Interaction) -> str:
    """The language that was chosen in the same command, otherwise that of the server."""
    chosen = getattr(interaction.namespace, "language", None)
    return chosen or _services(interaction).guilds.language_in(GuildId(interaction.guild_id or 0))


def _library(interaction: discord.Interaction) -> Library:
    return _services(interaction).library.in_language(_wanted_language(interaction))


def title_of(library: Library, emotion_set: str) -> str:
    """An emotion set's title, or its name if the file cannot be used."""
    try:
        return library.emotion_set(emotion_set).title
    except PromptbookError:
        # One invalid file must not prevent the others from being offered.
        return emotion_set


def _services(interaction: discord.Interaction) -> Services:
    return cast("_HasServices", interaction.client).services


async def _playing(services: Services, guild_id: GuildId) -> LiveSession | GuildSettings:
    """The open session, or the server's settings for the next one."""
    return services.live.in_guild(guild_id) or await services.guilds.settings_of(guild_id)


def _fitting(typed: str, offered: Iterable[tuple[str, str]]) -> Choices:
    wanted = typed.casefold()
    return _choices((value, label) for value, label in offered if wanted in label.casefold() or wanted in value)


def _choices(offered: Iterable[tuple[str, str]]) -> Choices:
    """The first ones, by value and label."""
    first = list(islice(offered, _MOST_CHOICES))
    return [app_commands.Choice(name=label[:_LABEL_LIMIT], value=value) for value, label in first]
