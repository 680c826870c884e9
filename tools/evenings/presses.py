"""How fast people are answered while eight of them talk and are recorded: `make presses` presses a thousand times.

Everyone presses again and again: cards, clips and forms; two coordinators press notes and buttons that come too late.
The figures are the embedded Discord's own, from the press to the bot's first answer.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from bot.embedded.client.person import Person, Refused
from bot.embedded.journal import read_journal
from bot.rehearsal.evening import Evening
from bot.rehearsal.house import House, Plan, open_house
from bot.rehearsal.latency import Latency, latency_of
from bot.rehearsal.panel import panel_with
from bot.rehearsal.world import default_world

P99_MS = 300.0
PERFORMERS = 8
PAUSE_SECONDS = (0.4, 1.6)
"""The pause between two presses of one person."""

LABELS = ("My card", "Rate", "Consent", "Lines")
COORDINATORS_LABELS = ("Note", "My card", "Cue")


async def press_while_recorded(presses: int, folder: Path) -> Latency:
    """Let everyone press until there were `presses` presses during one take. Returns their latency."""
    home, logs = folder / "home", folder / "home-logs"
    home.mkdir(parents=True)
    logs.mkdir()
    seconds = presses / (PERFORMERS + 2) * sum(PAUSE_SECONDS) / 2 * 1.5 + 10
    plan = Plan(31, scenes=1, take_seconds=seconds, countdown_seconds=2)
    async with open_house(home, logs, default_world(31, performers=PERFORMERS, coordinators=2), plan) as house:
        evening = Evening(house, lambda *_: None)
        await evening.open_session()
        await evening.command("scene deal", "was dealt to")
        await evening.read_cards(1)
        for player in house.performers:
            if player not in evening.on_stage:
                await player.prepare_interruptions(seconds)
        async with evening.talking() as talk:
            for player in house.performers:
                if player not in evening.on_stage:
                    talk.begin(player)
            await evening.call_take(1)
            await asyncio.sleep(plan.countdown_seconds + 1)
            since = time.monotonic()
            await _press_all(house, presses)
            await evening.cut_take(1, time.monotonic())
    log = [entry for entry in read_journal(logs / "discord.jsonl") if entry["t"] >= since]
    return latency_of(log, "component")


async def _press_all(house: House, presses: int) -> None:
    left = presses
    chance = Random(31)

    async def press_on(person: Person, labels: tuple[str, ...]) -> None:
        nonlocal left
        while left > 0:
            left -= 1
            panel = await panel_with(person)
            label = chance.choice([label for label in labels if label in {one.label for one in panel.buttons}])
            try:
                await person.click(panel, label)
            except Refused:
                left += 1
            await asyncio.sleep(chance.uniform(*PAUSE_SECONDS))

    async with asyncio.TaskGroup() as group:
        for player in (*house.performers, *house.audience):
            group.create_task(press_on(player.person, LABELS))
        for person in house.coordinators:
            group.create_task(press_on(person, COORDINATORS_LABELS))


def main() -> None:
    """Press and print the latency. The exit code says whether the 99th percentile meets its target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--presses", type=int, default=1000)
    folder = Path(tempfile.mkdtemp(prefix="promptbook-presses-"))
    found = asyncio.run(press_while_recorded(parser.parse_args().presses, folder))
    sys.stdout.write(
        f"{found.answered} presses answered, {found.unanswered} not, while {PERFORMERS} people talk and are recorded: "
        f"median {found.median_ms:.0f} ms, 99th percentile {found.p99_ms:.0f} ms, worst {found.worst_ms:.0f} ms\n"
    )
    shutil.rmtree(folder)
    sys.exit(found.p99_ms > P99_MS or found.unanswered > 0)


if __name__ == "__main__":
    main()
