"""The two processes that a rehearsal starts: the embedded Discord and the bot, each with its own log."""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.rehearsal.errors import RehearsalFailed

_libc = ctypes.CDLL(None)

START_TIMEOUT_SECONDS = 30.0
STOP_TIMEOUT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Addresses:
    """The embedded Discord's addresses and keys."""

    api: str
    gateway: str
    cast: str
    cast_key: str
    ca_file: Path


@dataclass(frozen=True, slots=True)
class BotCommand:
    """How the bot is started: `words` come before `run --home ...`, in `folder` (None: the rehearsal's own).

    `environment` is added to the rehearsal's variables and takes precedence over them.
    """

    words: tuple[str, ...] = field(default_factory=lambda: (sys.executable, "-m", "bot"))
    folder: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict[str, str])


@asynccontextmanager
async def embedded_discord(world_file: Path, logs: Path) -> AsyncGenerator[Addresses]:
    """Start the embedded Discord and stop it at the end. Raises RehearsalFailed if it does not start."""
    with (logs / "discord.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.embedded", "--world", str(world_file), "--logs", str(logs)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=log,
            start_new_session=True,
        )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(START_TIMEOUT_SECONDS):
            line = await process.stdout.readline()
        if not line:
            raise RehearsalFailed(f"The embedded Discord did not start. See {logs / 'discord.log'}.")
        said = json.loads(line)
        yield Addresses(said["api"], said["gateway"], said["cast"], said["cast_key"], Path(said["ca_file"]))
    finally:
        await stop(process)


async def start_bot(
    home: Path, logs: Path, environment: Mapping[str, str], command: BotCommand | None = None
) -> Process:
    """Start `promptbook run` as in production, with its addresses in the environment. Its log goes to `bot.log`."""
    command = command or BotCommand()
    with (logs / "bot.log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *(*command.words, "run", "--home", str(home)),
            cwd=command.folder,
            env={**os.environ, **environment, **command.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # the rehearsal handles Ctrl-C and ends its processes itself
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )


def _end_with_parent() -> None:
    """End the bot when the rehearsal ends, in every case: prctl(2), PR_SET_PDEATHSIG."""
    _libc.prctl(1, signal.SIGTERM)


async def stop(process: Process) -> None:
    """Ask a process to end, and kill it if it does not."""
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_TIMEOUT_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
