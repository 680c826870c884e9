"""A rehearsal's house: the embedded Discord, the bot and the cast, opened and closed together."""

from __future__ import annotations

import asyncio
import ssl
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.config import DEFAULTS
from bot.embedded.client.person import Person
from bot.embedded.client.phone import Phone
from bot.embedded.client.voice.participant import VoiceParticipant
from bot.embedded.guild.world import World
from bot.embedded.journal import Journal, read_journal
from bot.rehearsal.cast.ears import Ears
from bot.rehearsal.cast.player import Player
from bot.rehearsal.cast.senses import noting_sight, noting_sound, noting_x_card
from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.processes import Addresses, BotCommand, embedded_discord, start_bot, stop

READY_TIMEOUT_SECONDS = 40.0

TAKE_SECONDS = 18.0
"""The usual length of a take: long enough for a cue and turns before and after it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The size of an evening. A coordinator cuts each take after `take_seconds`.

    `clips_a_rater` is the number of clips per rater after a scene; None means all. `limit_seconds` is the limit of
    takes; None means the usual one, which no take of a rehearsal comes near.
    """

    seed: int = 1
    scenes: int = 2
    take_seconds: float = TAKE_SECONDS
    countdown_seconds: int = 3
    clips_a_rater: int | None = None
    limit_seconds: int | None = None


@dataclass(slots=True)
class House:
    """Everyone and everything that is running. `bot` is the current process; it can be ended and started again."""

    home: Path
    logs: Path
    world: World
    plan: Plan
    addresses: Addresses
    tls: ssl.SSLContext
    journal: Journal
    performers: list[Player]
    audience: list[Player]
    bystanders: list[Player]
    coordinators: list[Person]
    command: BotCommand
    bot: Process | None = None

    @property
    def coordinator(self) -> Person:
        """The person who runs the evening. Scripts can use the other coordinators for other things."""
        return self.coordinators[0]

    @property
    def in_channel(self) -> list[Player]:
        """All players in the voice channel."""
        return [*self.performers, *self.audience, *self.bystanders]

    @property
    def voice_channel_id(self) -> int:
        """The world's first voice channel, and its text chat."""
        return self.world.of_kind("voice")[0].channel_id

    async def start_bot(self) -> None:
        """Start `promptbook run` and wait until it is at the gateway, which comes after its commands are registered."""
        before = self._times_at_the_gateway()
        self.bot = await start_bot(self.home, self.logs, self._environment(), self.command)
        for _ in range(round(READY_TIMEOUT_SECONDS / 0.1)):
            if self.bot.returncode is not None:
                raise RehearsalFailed(f"The bot ended before it was ready: {_last_line(self.logs / 'bot.log')}")
            if self._times_at_the_gateway() > before:
                return
            await asyncio.sleep(0.1)
        raise RehearsalFailed(f"The bot was not ready within {READY_TIMEOUT_SECONDS:g} s.")

    async def kill_bot(self) -> None:
        """End the bot by force, as a power cut would."""
        assert self.bot is not None
        self.bot.kill()
        await self.bot.wait()

    async def end_bot(self) -> None:
        """Ask the bot to end (SIGTERM) and wait until it has."""
        assert self.bot is not None
        self.bot.terminate()
        await self.bot.wait()

    async def join_voice(self, player: Player) -> None:
        """Let a player join the voice channel with a new voice, for the first time or again."""
        player.note("joined_voice")
        credentials = await player.person.join_voice(self.voice_channel_id)
        player.voice = VoiceParticipant(
            credentials,
            ssl_context=self.tls,
            journal=self.journal,
            seed=self.plan.seed,
        )
        bot_id = self.world.bot.user_id
        player.voice.hearing.attended = frozenset({bot_id})
        player.voice.hearing.on_frame = noting_sound(player.user_id, bot_id, self.journal)
        await player.voice.connect()

    async def leave_voice(self, player: Player) -> None:
        """Let a player leave the voice channel, in mid-word if they are talking."""
        player.fall_silent()
        player.note("left_voice")
        await player.person.leave_voice()
        if player.voice:
            await player.voice.close()
            player.voice = None

    def _times_at_the_gateway(self) -> int:
        return sum(1 for _ in read_journal(self.logs / "discord.jsonl", "gateway_identified"))

    def _environment(self) -> dict[str, str]:
        # Every setting is given, so that the user's own .env does not change the evening.
        limit = self.plan.limit_seconds
        return {
            **{name: default for name, default in DEFAULTS.items() if default and name != "PROMPTBOOK_HOME"},
            "DISCORD_TOKEN": self.world.bot.token,
            "PROMPTBOOK_CONTROLLER": "The rehearsal",
            "PROMPTBOOK_CONTACT": "nobody@example.org",
            "PROMPTBOOK_API_URL": self.addresses.api,
            "PROMPTBOOK_GATEWAY_URL": self.addresses.gateway,
            "SSL_CERT_FILE": str(self.addresses.ca_file),
            "PROMPTBOOK_COUNTDOWN_SECONDS": str(self.plan.countdown_seconds),
            **({} if limit is None else {"PROMPTBOOK_TAKE_LIMIT_SECONDS": str(limit)}),
        }


@asynccontextmanager
async def open_house(
    home: Path, logs: Path, world: World, plan: Plan, command: BotCommand | None = None
) -> AsyncGenerator[House]:
    """Start the embedded Discord, the cast and the bot. At the end everyone leaves and all processes end.

    `command` replaces the usual way to start the bot.
    """
    world.write(logs / "world.json")
    async with AsyncExitStack() as stack:
        addresses = await stack.enter_async_context(embedded_discord(logs / "world.json", logs))
        tls = ssl.create_default_context(cafile=str(addresses.ca_file))
        journal = stack.enter_context(Journal(logs / "cast.jsonl"))
        players: dict[str, list[Player]] = {"performer": [], "audience": [], "bystander": []}
        coordinators: list[Person] = []
        ears = Ears(place for place, profile in enumerate(world.people) if profile.part == "performer")
        for place, profile in enumerate(world.people):
            sight = noting_sight(profile.user_id, journal)
            if profile.part not in (*players, "coordinator"):
                continue  # people whom the script lets in by itself
            client = Person.connect(addresses.cast, addresses.cast_key, profile.user_id, tls, sight, Phone())
            person = await stack.enter_async_context(client)
            _note_x_card(person, sight, journal)
            if profile.part == "coordinator":
                coordinators.append(person)
            else:
                players[profile.part].append(Player(profile, person, place, journal, plan.seed, ears))
        if not coordinators:
            raise RehearsalFailed("The world needs a coordinator.")
        seats = (players["performer"], players["audience"], players["bystander"])
        house = House(home, logs, world, plan, addresses, tls, journal, *seats, coordinators, command or BotCommand())
        stack.push_async_callback(_close, house)
        await house.start_bot()
        yield house


def _note_x_card(person: Person, sight: Callable[[dict[str, Any]], None], journal: Journal) -> None:
    """From now on, note after each event whether this person's phone shows an X-card."""
    note_x_card = noting_x_card(person, journal)

    def note(event: dict[str, Any]) -> None:
        sight(event)
        note_x_card()

    person.on_event = note


async def _close(house: House) -> None:
    for player in house.in_channel:
        if player.voice:
            await player.voice.close()
    if house.bot:
        await stop(house.bot)


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "its log is empty."
