"""Command line of the embedded Discord: one process that prints one JSON line on stdout when it is ready.

It stops on SIGTERM or SIGINT, and when its stdin closes, so that it never outlives the process that started it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from contextlib import closing
from pathlib import Path

from bot.embedded.guild.world import World
from bot.embedded.server import embedded_discord


async def serve(world: World, logs: Path) -> None:
    """Run until a signal or the end of stdin."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with embedded_discord(world, logs) as discord:
        sys.stdout.write(json.dumps(discord.addresses.as_dict()) + "\n")
        sys.stdout.flush()
        watcher = asyncio.create_task(_stdin_closed(stop))
        await stop.wait()
        watcher.cancel()


async def _stdin_closed(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    with closing(transport):
        while await reader.read(4_096):
            pass
    stop.set()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m bot.embedded", description=__doc__)
    parser.add_argument("--world", type=Path, required=True, help="JSON file written by World.write")
    parser.add_argument("--logs", type=Path, required=True, help="folder for the journal and the CA's certificate")
    arguments = parser.parse_args()
    asyncio.run(serve(World.read(arguments.world), arguments.logs))


if __name__ == "__main__":
    main()
