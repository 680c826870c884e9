"""Two coordinators press different buttons of the same panel at the same moment, in the embedded Discord.

`make races` does it 200 times: one press takes effect, the other is answered with a sentence, and the store agrees. A
pause or a cut that comes while another press is being stored takes effect, too.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random

from bot.domain.show import Step
from bot.embedded.client.person import Person, Refused
from bot.embedded.client.screen import Message, NotOnScreen
from bot.rehearsal.evening import Evening
from bot.rehearsal.house import Plan, open_house
from bot.rehearsal.panel import panel_with
from bot.rehearsal.world import default_world
from bot.ui.texts.panel import LABELS, RESTORE_BUTTON

CHANGING = {
    *(LABELS[step] for step in Step if step not in (Step.SOUND_CHECK, Step.CUE, Step.NOTE, Step.END)),
    RESTORE_BUTTON,
}
"""Events that change a session, except its end."""

STOPPING = {LABELS[Step.PAUSE], LABELS[Step.CUT]}
MEANWHILE = " in the meantime, "
DONE, TOLD, MISSED = "done", "told", "missed"


async def race(rounds: int, folder: Path) -> tuple[Counter[str], list[str]]:
    """Play these rounds. Returns how presses ended, and what is wrong."""
    home, logs = folder / "home", folder / "home-logs"
    home.mkdir(parents=True)
    logs.mkdir()
    faults: list[str] = []
    ends: Counter[str] = Counter()
    chance = Random(17)
    plan = Plan(17, scenes=1, countdown_seconds=1)
    async with open_house(home, logs, default_world(17, coordinators=2), plan) as house:
        evening = Evening(house, lambda *_: None)
        await evening.open_session()
        seen = 0.0
        number = overtaken = 0
        while number < rounds:
            panel = await panel_with(house.coordinator, *CHANGING, since=seen)
            labels = [button.label for button in panel.buttons if button.label in CHANGING]
            pressed = chance.sample(labels, 2) if len(labels) > 1 else labels * 2
            seen = panel.seen_at
            results = await asyncio.gather(
                *(_press(person, panel, label) for person, label in zip(house.coordinators, pressed, strict=True))
            )
            outcomes = sorted(kind for kind, _ in results)
            if MISSED in outcomes or outcomes == [TOLD, TOLD]:
                # The panel was changing during the press: neither had seen what happened before.
                overtaken += 1
                continue
            number += 1
            ends[" and ".join(outcomes)] += 1
            # A pause and a cut wait for no one, so a change that was being stored takes effect, too.
            if outcomes != [DONE, TOLD] and not (outcomes == [DONE, DONE] and STOPPING.intersection(pressed)):
                faults.append(f"round {number}: {pressed} gave {results}")
            faults += [f"round {number}: {fault}" for fault in look(home)]
    ends["overtaken"] = overtaken
    return ends, faults


async def _press(person: Person, panel: Message, label: str) -> tuple[str, str]:
    try:
        reply = await person.click(panel, label)
    except (Refused, NotOnScreen) as error:
        return MISSED, str(error)
    return (TOLD if MEANWHILE in reply.text else DONE), reply.text


def look(home: Path) -> list[str]:
    """Return what is inconsistent in the store."""
    with closing(sqlite3.connect(f"file:{home / 'promptbook.sqlite3'}?mode=ro", uri=True)) as database:
        running = database.execute("SELECT count(*) FROM takes WHERE state IN ('countdown', 'recording')").fetchone()[0]
        scenes = database.execute("SELECT count(*) FROM scenes WHERE ended_at IS NULL").fetchone()[0]
    return [f"{number} {what} at one time" for number, what in ((running, "takes"), (scenes, "scenes")) if number > 1]


def main() -> None:
    """Race and print the result. The exit code says whether anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    folder = Path(tempfile.mkdtemp(prefix="promptbook-races-"))
    ends, faults = asyncio.run(race(parser.parse_args().rounds, folder))
    sys.stdout.write(f"{ends[f'{DONE} and {TOLD}']} rounds: {dict(ends)}, {len(faults)} faults\n")
    sys.stdout.writelines(f"{fault}\n" for fault in faults[:20])
    if not faults:
        shutil.rmtree(folder)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
