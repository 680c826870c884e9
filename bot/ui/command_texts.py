"""The descriptions of slash commands in the languages of an installation, as Discord shows them to each person."""

from __future__ import annotations

from typing import Final

import discord
from discord import app_commands

from bot.domain.languages import wider_tags
from bot.services.facts.library import Library

_DESCRIPTIONS: Final = frozenset(
    {
        app_commands.TranslationContextLocation.command_description,
        app_commands.TranslationContextLocation.group_description,
        app_commands.TranslationContextLocation.parameter_description,
        app_commands.TranslationContextLocation.choice_name,
    }
)
"""What is translated. The names of commands stay: texts, documentation and people's fingers know them."""

_LONGEST: Final = 100
"""The most characters of a description (Discord's documentation, "Application Commands")."""


class CommandTexts(app_commands.Translator):
    """Gives Discord each description in every language of Discord's for which there is a folder."""

    def __init__(self, library: Library) -> None:
        there = {tag.lower(): tag for tag in library.languages()}
        found = {
            locale: next((there[tag.lower()] for tag in wider_tags(locale.value) if tag.lower() in there), None)
            for locale in discord.Locale
        }
        self._phrases = {locale: library.in_language(tag).phrases() for locale, tag in found.items() if tag is not None}

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The description in a language of Discord's; None if it is the English one."""
        if locale not in self._phrases or context.location not in _DESCRIPTIONS:
            return None
        said = self._phrases[locale].one(string.message)
        return None if said == string.message else said[:_LONGEST]
