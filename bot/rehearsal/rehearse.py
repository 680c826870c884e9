"""A whole session on this machine: opens the house, lets the cast play, checks and sums up."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from bot.domain.signals import LAST_SECONDS
from bot.embedded.guild.world import World
from bot.embedded.journal import read_journal
from bot.home.places import Home
from bot.rehearsal.acts import Progress
from bot.rehearsal.big_evening import BigEvening
from bot.rehearsal.cast.player import Player
from bot.rehearsal.checking.checker import check_evening, check_rough_evening
from bot.rehearsal.checking.claims import Claim
from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.evening import Evening
from bot.rehearsal.house import TAKE_SECONDS, Plan, open_house
from bot.rehearsal.latency import Latency, latency_of
from bot.rehearsal.processes import BotCommand
from bot.rehearsal.rough_evening import RoughEvening
from bot.rehearsal.world import default_world, moderated_world
from bot.store.database import open_database
from bot.store.sessions import count_session, session_ids_of

__all__ = ["RehearsalFailed", "RehearsalSummary", "rehearse_session"]

PLAIN_PERFORMERS = 4
PLAIN_SCENES = 2
BIG_CLIPS = 2
"""Clips per rater after a scene of the big evening, which does not test how long people can rate."""

ROUGH_TAKE_SECONDS = 60.0
"""Long enough for a disturbance, its end, and a cue after it."""

_MARK = ".rehearsal"
_FAULTS = ("unknown_route", "server_fault", "interaction_failed")


@dataclass(frozen=True, slots=True)
class Play:
    """A kind of evening: its script, the length of its takes, the clips per rater (None: all), and what is checked.

    With `signals_after`, the limit of takes is such that their signal comes that many seconds after their start.
    """

    script: type[Evening | BigEvening]
    take_seconds: float = TAKE_SECONDS
    clips_a_rater: int | None = None
    check: Callable[[Path, Path], list[Claim]] | None = None
    signals_after: int | None = None


PLAIN = Play(Evening)
BIG = Play(BigEvening, clips_a_rater=BIG_CLIPS, check=check_evening, signals_after=12)
ROUGH = Play(RoughEvening, ROUGH_TAKE_SECONDS, BIG_CLIPS, check_rough_evening)


@dataclass(frozen=True, slots=True)
class RehearsalSummary:
    """Where everything is, how much of it there is, who was in the channel, and how fast people were answered.

    `claims` are the checked claims of the big evening.
    """

    paths: dict[str, Path]
    counts: dict[str, int]
    cast: list[dict[str, Any]]
    claims: list[Claim]
    latency: Latency

    def as_json(self) -> dict[str, Any]:
        """Return one object for `--json`."""
        paths = {name: str(path) for name, path in self.paths.items()}
        claims = [claim.as_json() for claim in self.claims]
        latency = asdict(self.latency)
        return {**paths, "counts": self.counts, "cast": self.cast, "claims": claims, "latency": latency}


async def rehearse_session(
    home: Path,
    *,
    seed: int,
    world_file: Path | None = None,
    performers: int = PLAIN_PERFORMERS,
    scenes: int = PLAIN_SCENES,
    is_rough: bool = False,
    progress: Progress,
    command: BotCommand | None = None,
) -> RehearsalSummary:
    """Play the evening into `home` and replace an earlier rehearsal there. Logs go beside it, never into it.

    A world file sets the people itself, and `performers` is ignored. With more people or scenes than in the plain
    evening, the big one is played; `is_rough` plays the rough one, with the people of the built-in world. `command`
    starts another bot than this checkout's. Raises RehearsalFailed with a sentence for everything that goes wrong.
    """
    if not home.name:
        raise RehearsalFailed(
            f"{home} cannot be a rehearsal's home: no log folder fits beside it. Choose another folder with --home."
        )
    logs = home.with_name(f"{home.name}-logs")
    invented = moderated_world if is_rough else default_world
    world = _read_world(world_file) if world_file else invented(seed, performers=performers)
    play = ROUGH if is_rough else BIG if is_big(world, scenes) else PLAIN
    with _alone(home):
        return await _rehearse(home, logs, world, _plan(play, seed, scenes), play, progress, command)


def is_big(world: World, scenes: int) -> bool:
    """Whether the big evening's script is played."""
    return len(world.with_part("performer")) > PLAIN_PERFORMERS or scenes > PLAIN_SCENES


def _plan(play: Play, seed: int, scenes: int) -> Plan:
    limit = None if play.signals_after is None else play.signals_after + round(LAST_SECONDS)
    sizes = {"take_seconds": play.take_seconds, "clips_a_rater": play.clips_a_rater, "limit_seconds": limit}
    return Plan(seed, scenes, **sizes)


@contextmanager
def _alone(home: Path) -> Generator[None]:
    """Allow one rehearsal per home folder: a second one would empty the first one's folders."""
    lock = FileLock(home.with_name(f".{home.name}.lock"), timeout=0)
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise RehearsalFailed(f"Another rehearsal is running in {home}. Choose another folder with --home.") from error
    except OSError as error:
        raise RehearsalFailed(f"{home} cannot be used ({error}). Choose another folder with --home.") from error
    try:
        yield
    finally:
        lock.release()


async def _rehearse(
    home: Path, logs: Path, world: World, plan: Plan, play: Play, progress: Progress, command: BotCommand | None
) -> RehearsalSummary:
    make_room(home, logs)
    progress("Starting the embedded Discord and the bot", 0, 1)
    try:
        async with open_house(home, logs, world, plan, command) as house:
            await play.script(house, progress).play()
    except* RehearsalFailed as group:
        raise RehearsalFailed(f"{_first(group)} The logs are in {logs}.") from group
    except* Exception as group:
        (logs / "rehearsal.log").write_text("".join(traceback.format_exception(group)), "utf-8")
        raise RehearsalFailed(f"The rehearsal stopped: {_first(group)} The logs are in {logs}.") from group
    _check(logs)
    claims = _prove(play.check(home, logs), logs) if play.check else []
    return await _sum_up(home, logs, [_told(player) for player in house.in_channel], claims)


def _prove(claims: list[Claim], logs: Path) -> list[Claim]:
    if false := [claim for claim in claims if not claim.is_true]:
        faults = "; ".join(f"Not true: {claim.sentence} ({claim.first_fault})" for claim in false)
        raise RehearsalFailed(f"The store and the cast disagree. {faults} The logs are in {logs}.")
    return claims


def _read_world(path: Path) -> World:
    try:
        return World.read(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        fault = f"{type(error).__name__}: {error}"
        raise RehearsalFailed(f"{path} is not a world file ({fault}). Check the path.") from error


def _first(group: BaseExceptionGroup[Exception]) -> str:
    """Return the first error, however deep it is nested, as one line."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) or type(error).__name__


def make_room(home: Path, logs: Path) -> None:
    """Empty both folders. Raises RehearsalFailed if `home` contains anything but a rehearsal."""
    try:
        for folder in (home, logs):
            if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
                raise RehearsalFailed(
                    f"{folder} contains something other than a rehearsal. Choose another folder with --home."
                )
        for folder in (home, logs):
            shutil.rmtree(folder, ignore_errors=True)
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=stat.S_IRWXU)
            (folder / _MARK).touch(mode=stat.S_IRUSR | stat.S_IWUSR)
    except OSError as error:
        raise RehearsalFailed(f"{home} cannot be used ({error}). Choose another folder with --home.") from error


def _told(player: Player) -> dict[str, Any]:
    return {"id": str(player.profile.user_id), "name": player.profile.name, "consents": player.consents}


def _check(logs: Path) -> None:
    log = list(read_journal(logs / "discord.jsonl"))
    # The script itself orders that Discord refuses an answer.
    refused = {one["interaction_id"] for one in log if one["kind"] == "callback_refused"}
    faults = [one for one in log if one["kind"] in _FAULTS and one.get("interaction_id") not in refused]
    if faults:
        told = {key: value for key, value in faults[0].items() if key not in ("t", "wall")}
        raise RehearsalFailed(f"The embedded Discord reported {len(faults)} fault(s), first: {told}. See {logs}.")


async def _sum_up(home: Path, logs: Path, cast: list[dict[str, Any]], claims: list[Claim]) -> RehearsalSummary:
    kept = Home(home)
    database = await open_database(kept)
    try:
        (session_id,) = await session_ids_of(database)
        counts = asdict(await count_session(database, session_id))
    except (ValueError, sqlite3.Error) as error:
        raise RehearsalFailed(f"The rehearsal's database does not have exactly one session: {error}") from error
    finally:
        await database.close()
    counts.pop("recorded_samples")
    paths = {
        "home": home,
        "database": kept.database,
        "dataset": kept.export_folder([session_id]),
        "tracks": kept.recordings,
        "logs": logs,
    }
    return RehearsalSummary(paths, counts, cast, claims, latency_of(read_journal(logs / "discord.jsonl")))
