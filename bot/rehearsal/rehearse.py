"""A whole session on this machine: starts the embedded Discord and the bot, lets the cast play, sums up."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import ssl
import traceback
from asyncio.subprocess import Process
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bot.rehearsal.cast.evening import Cast, Evening, Progress, join_voice
from bot.rehearsal.cast.person import Person
from bot.rehearsal.cast.player import Player
from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.journal import Journal, read_journal
from bot.rehearsal.processes import Addresses, bot_process, embedded_discord
from bot.rehearsal.world import World, default_world
from bot.store.database import open_database
from bot.store.sessions import count_session, session_ids_of

__all__ = ["RehearsalFailed", "RehearsalSummary", "rehearse_session"]

COUNTDOWN_SECONDS = 3
SCENES = 2
READY_TIMEOUT_SECONDS = 40.0
_MARK = ".rehearsal"
_FAULTS = ("unknown_route", "server_fault", "interaction_failed")


@dataclass(frozen=True, slots=True)
class RehearsalSummary:
    """Where everything is, how much of it there is, and who was in the channel."""

    paths: dict[str, Path]
    counts: dict[str, int]
    cast: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def as_json(self) -> dict[str, Any]:
        """One object for `--json`."""
        return {**{name: str(path) for name, path in self.paths.items()}, "counts": self.counts, "cast": self.cast}


async def rehearse_session(home: Path, *, seed: int, world_file: Path | None, progress: Progress) -> RehearsalSummary:
    """Play the evening into `home`, replacing an earlier rehearsal there; logs go beside it, never into it.

    RehearsalFailed with a sentence for anything that is not as it should be.
    """
    logs = home.with_name(f"{home.name}-logs")
    _make_room(home, logs)
    world = World.read(world_file) if world_file else default_world(seed)
    world.write(logs / "world.json")
    try:
        async with embedded_discord(logs / "world.json", logs) as addresses:
            cast = await _play(home, logs, world, addresses, seed, progress)
    except* RehearsalFailed as group:
        raise RehearsalFailed(f"{_first(group)} The logs are in {logs}.") from group
    except* Exception as group:
        (logs / "rehearsal.log").write_text("".join(traceback.format_exception(group)), "utf-8")
        raise RehearsalFailed(f"The rehearsal broke off: {_first(group)} The logs are in {logs}.") from group
    _check(logs)
    return await _sum_up(home, logs, cast)


async def _play(
    home: Path, logs: Path, world: World, addresses: Addresses, seed: int, progress: Progress
) -> list[dict[str, Any]]:
    tls = ssl.create_default_context(cafile=str(addresses.ca_file))
    (channel,) = world.of_kind("voice")
    async with AsyncExitStack() as stack:
        progress("Starting the bot", 0, 1)
        journal = stack.enter_context(Journal(logs / "cast.jsonl"))
        bot = await stack.enter_async_context(bot_process(home, logs, _environment(world, addresses)))
        players: dict[str, list[Player]] = {"performer": [], "audience": [], "bystander": []}
        coordinator: Person | None = None
        for place, profile in enumerate(world.people):
            person = await stack.enter_async_context(
                Person.connect(addresses.cast, addresses.cast_key, profile.user_id, tls)
            )
            if profile.part == "coordinator":
                coordinator = person
            else:
                players[profile.part].append(Player(profile, person, place, journal, seed))
        if coordinator is None:
            raise RehearsalFailed("The world has no coordinator.")
        cast = Cast(players["performer"], players["audience"], players["bystander"], coordinator, coordinator.user_id)
        await _wait_for_bot(bot, logs)
        evening = Evening(cast, channel.channel_id, journal, seed, progress)
        try:
            await evening.play(
                SCENES,
                COUNTDOWN_SECONDS,
                lambda player: asyncio.ensure_future(join_voice(player, channel.channel_id, tls, journal, seed)),
            )
        finally:
            for player in cast.in_channel:
                if player.voice:
                    await player.voice.close()
        return [
            {"id": str(player.profile.user_id), "name": player.profile.name, "consents": player.consents}
            for player in cast.in_channel
        ]


async def _wait_for_bot(bot: Process, logs: Path) -> None:
    """Until the bot is at the gateway, which comes after its commands are registered."""
    for _ in range(round(READY_TIMEOUT_SECONDS / 0.1)):
        if bot.returncode is not None:
            raise RehearsalFailed(f"The bot ended before it was ready: {_last_line(logs / 'bot.log')}")
        if any(True for _ in read_journal(logs / "discord.jsonl", "gateway_identified")):
            return
        await asyncio.sleep(0.1)
    raise RehearsalFailed(f"The bot was not ready within {READY_TIMEOUT_SECONDS:g} s.")


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing."


def _environment(world: World, addresses: Addresses) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": world.bot.token,
        "PROMPTBOOK_API_URL": addresses.api,
        "PROMPTBOOK_GATEWAY_URL": addresses.gateway,
        "SSL_CERT_FILE": str(addresses.ca_file),
        "PROMPTBOOK_COUNTDOWN_SECONDS": str(COUNTDOWN_SECONDS),
    }


def _first(group: BaseExceptionGroup[Exception]) -> str:
    """The first thing that went wrong, however deep it is nested, as one line."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) or type(error).__name__


def _make_room(home: Path, logs: Path) -> None:
    if home.exists() and any(home.iterdir()):
        if not (home / _MARK).exists():
            raise RehearsalFailed(f"{home} holds something that is no rehearsal. Name another folder with --home.")
        shutil.rmtree(home)
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    home.mkdir(parents=True, exist_ok=True)
    (home / _MARK).touch()


def _check(logs: Path) -> None:
    faults = [entry for entry in read_journal(logs / "discord.jsonl") if entry["kind"] in _FAULTS]
    if faults:
        told = {key: value for key, value in faults[0].items() if key not in ("t", "wall")}
        raise RehearsalFailed(f"The embedded Discord noted {len(faults)} fault(s), the first: {told}. See {logs}.")


async def _sum_up(home: Path, logs: Path, cast: list[dict[str, Any]]) -> RehearsalSummary:
    database = await open_database(home / "promptbook.sqlite3")
    try:
        (session_id,) = await session_ids_of(database)
        counts = asdict(await count_session(database, session_id))
    except (ValueError, sqlite3.Error) as error:
        raise RehearsalFailed(f"The rehearsal's database does not hold one session: {error}") from error
    finally:
        await database.close()
    counts.pop("recorded_samples")
    paths = {
        "home": home,
        "database": home / "promptbook.sqlite3",
        "dataset": home / "exports" / f"session-{session_id:04}",
        "tracks": home / "recordings",
        "logs": logs,
    }
    return RehearsalSummary(paths, counts, cast)
