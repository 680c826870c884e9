"""Decks that a guild can deal from: the installation's, and those that its coordinators imported."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.advice.advise import advise
from bot.domain.advice.written import Advice
from bot.domain.decks import Deck, deck_name, parse_deck
from bot.domain.errors import DataFileInvalid, DataFileUnknown, DeckInUse
from bot.domain.events import catalogue
from bot.domain.ids import GuildId
from bot.domain.tables import decode_file
from bot.live.ports import Clock
from bot.live.sessions import LiveSessions
from bot.services.access.guild_settings import Guilds
from bot.services.facts.library import Library
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.guild_decks import guild_deck_names, guild_deck_text, put_guild_deck, remove_guild_deck
from bot.store.guild_settings import choices_of, choose
from bot.store.sessions import open_session_of

MOST_GUILD_DECKS = 50
"""They are kept in the database, and a list of them must fit on a screen."""


@dataclass(frozen=True, slots=True)
class DeckImported:
    """A deck that can be dealt from now on. `replaced`: the guild already had one with this name.

    `advice` is what would make it better, by line.
    """

    deck: Deck
    replaced: bool
    advice: Sequence[Advice] = ()


@dataclass(frozen=True, slots=True)
class ListedDeck:
    """One entry in a list of decks. `deck` is None if it cannot be used; then `problem` says why."""

    name: str
    is_own: bool
    deck: Deck | None
    problem: DataFileInvalid | None = None


@dataclass(frozen=True, slots=True)
class Decks:
    """The decks of an installation and of its guilds."""

    database: Database
    library: Library
    clock: Clock
    live: LiveSessions
    guilds: Guilds

    async def names(self, guild_id: GuildId, language: str | None = None) -> list[str]:
        """The names of all decks that a guild can deal from in a language, by default its own, sorted."""
        library = self._library(guild_id, language)
        return sorted({*await guild_deck_names(self.database, guild_id), *library.names("decks")})

    def _library(self, guild_id: GuildId, language: str | None) -> Library:
        return self.library.in_language(language or self.guilds.language_in(guild_id))

    async def own_names(self, guild_id: GuildId) -> list[str]:
        """The names of the decks that were imported in a guild, sorted."""
        return await guild_deck_names(self.database, guild_id)

    async def find(self, guild_id: GuildId, name: str, language: str | None = None) -> Deck:
        """A deck by its name in a language, by default the guild's; its own comes before the installation's.

        Raises DataFileUnknown if there is none, DataFileInvalid if it cannot be used.
        """
        library = self._library(guild_id, language)
        # A large file takes a while to parse, and takes may be running in the meantime.
        text = await guild_deck_text(self.database, guild_id, name)
        if text is not None:
            return await asyncio.to_thread(parse_deck, name, f"{name}.toml", text, library.topics())
        if name not in library.names("decks"):
            raise DataFileUnknown("decks", name, await self.names(guild_id, library.language))
        return await asyncio.to_thread(library.deck, name)

    async def import_deck(self, guild_id: GuildId, filename: str, data: bytes) -> DeckImported:
        """Keep a deck for a guild, named after its file; it replaces a deck of the same name.

        Raises DataFileInvalid with a line number if it cannot be used; then nothing has changed.
        """
        name = deck_name(filename)
        text = decode_file(f"{name}.toml", data)
        deck, advice = await asyncio.to_thread(self._read, name, text)
        async with self.database.transaction() as tx:
            names = await guild_deck_names(tx, guild_id)
            if name not in names and len(names) >= MOST_GUILD_DECKS:
                raise DataFileInvalid(
                    f"{name}.toml",
                    1,
                    f"there are already {MOST_GUILD_DECKS} imported decks; remove one with /deck forget",
                )
            now = self.clock.now()
            await put_guild_deck(tx, guild_id, name, text, now)
            await log_event(tx, catalogue.DeckImported(name, len(deck.prompts)), now)
        return DeckImported(deck, replaced=name in names, advice=advice)

    def _read(self, name: str, text: str) -> tuple[Deck, Sequence[Advice]]:
        file, topics = f"{name}.toml", self.library.topics()
        return parse_deck(name, file, text, topics), advise(file, text, topics, self.library.emotion_keys())

    async def forget(self, guild_id: GuildId, name: str) -> bool:
        """Remove one of the guild's own decks; returns whether the installation has one of the same name, which stays.

        Raises DataFileUnknown if the guild has no such deck, DeckInUse if the open session would have no deck left.
        """
        stays = name in self.library.names("decks")
        async with self.live.door(guild_id):
            session = await open_session_of(self.database, guild_id)
            names = await guild_deck_names(self.database, guild_id)
            if name not in names:
                raise DataFileUnknown("imported decks", name, names)
            if session and session.deck == name and not stays:
                raise DeckInUse(name)
            async with self.database.transaction() as tx:
                await remove_guild_deck(tx, guild_id, name)
                if not stays and (await choices_of(tx, guild_id)).deck == name:
                    await choose(tx, guild_id, "deck", None)
                await log_event(tx, catalogue.DeckForgotten(name), self.clock.now())
                settings = await self.guilds.read(tx, guild_id)
            self.guilds.take_effect(guild_id, settings)
        return stays

    async def list_all(self, guild_id: GuildId) -> Sequence[ListedDeck]:
        """All decks that a guild can deal from, by name, including those that cannot be used."""
        own = await guild_deck_names(self.database, guild_id)
        listed: list[ListedDeck] = []
        for name in await self.names(guild_id):
            try:
                listed.append(ListedDeck(name, name in own, await self.find(guild_id, name)))
            except DataFileInvalid as problem:
                listed.append(ListedDeck(name, name in own, None, problem))
        return listed
