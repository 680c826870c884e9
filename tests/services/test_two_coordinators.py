"""Two coordinators press different buttons of one panel at the same moment: one counts, the other is told."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from random import Random
from time import monotonic

import pytest

from bot.domain.errors import PromptbookError
from bot.domain.events.kinds import CHANGES
from bot.domain.ids import EventId, GuildId
from bot.domain.show import Phase, Step
from bot.domain.states import Interlude, ReplayMode
from bot.live.session import LiveSession
from bot.services.access import guild_settings
from bot.store.guild_settings import choices_of
from bot.store.reader import Reader
from bot.store.records import GuildChoices
from bot.ui.texts.errors import sentence_of
from tests.evening import GUILD, Evening

ROUNDS = 200

Press = Callable[[Evening, LiveSession, EventId], Awaitable[object]]


def long_ago(evening: Evening) -> float:
    """The moment of a press whose countdown is over by now."""
    return monotonic() - evening.settings.countdown_seconds - 0.5


PRESSES: dict[Step, Press] = {
    Step.DEAL: lambda evening, session, seen: evening.services.scenes.deal(session, seen),
    Step.NEXT: lambda evening, session, seen: evening.services.scenes.deal(session, seen),
    Step.WARM_UP: lambda evening, session, seen: evening.services.interludes.begin(session, Interlude.WARM_UP, seen),
    Step.VOICES: lambda evening, session, seen: evening.services.interludes.begin(session, Interlude.VOICES, seen),
    Step.DEBRIEF: lambda evening, session, seen: evening.services.interludes.begin(session, Interlude.DEBRIEF, seen),
    Step.FINISH: lambda evening, session, seen: evening.services.interludes.finish(session, seen),
    Step.CALIBRATE: lambda evening, session, seen: evening.services.calibrations.deal_next(session, seen),
    Step.REDEAL: lambda evening, session, seen: evening.services.scenes.redeal(session, seen),
    Step.START: lambda evening, session, seen: evening.services.takes.start(session, long_ago(evening), seen),
    Step.RETAKE: lambda evening, session, seen: evening.services.takes.start(
        session, long_ago(evening), seen, is_retake=True
    ),
    Step.CUT: lambda evening, session, seen: evening.services.cuts.cut(evening.live, monotonic(), seen=seen),
    Step.REPLAY: lambda evening, session, seen: evening.services.replays.deal(session, ReplayMode.LINE, seen),
    Step.STRIKE: lambda evening, session, seen: evening.services.strikes.strike_or_restore(session, seen),
    Step.PAUSE: lambda evening, session, seen: evening.services.pauses.pause(evening.live, monotonic(), seen),
    Step.RESUME: lambda evening, session, seen: evening.services.pauses.resume(session, seen),
}
"""Every step that changes a session, except its end."""

STOPS = (Step.PAUSE, Step.CUT)
"""Steps that wait for nothing, not even for a change that is being stored."""


async def test_of_two_presses_at_the_same_moment_one_counts_and_the_other_is_told(evening: Evening):
    session = await evening.open()
    chance = Random(7)
    told: Counter[str] = Counter()
    met: Counter[Phase] = Counter()
    both = 0
    for number in range(ROUNDS):
        state = await evening.panel(session)
        met[state.phase] += 1
        # A pause waits for nothing; leave it out of most rounds, so that the others meet.
        steps = [step for step in state.steps if step in PRESSES and (step is not Step.PAUSE or number % 5 == 0)]
        pressed = chance.sample(steps, 2) if len(steps) > 1 else steps * 2
        before = await counted(evening)
        results = await asyncio.gather(
            *(PRESSES[step](evening, session, state.change.event_id) for step in pressed), return_exceptions=True
        )
        losers = [result for result in results if isinstance(result, BaseException)]
        if not losers:
            # The first was already in the store, and the second waits for nothing.
            assert pressed[1] in STOPS, f"round {number}: {pressed} gave {results}"
            both += 1
            continue
        assert len(losers) == 1, f"round {number}: {pressed} gave {results}"
        assert isinstance(losers[0], PromptbookError), losers[0]
        told[sentence_of(losers[0])] += 1
        await check_consistent(evening, before, number)
    assert sum(told.values()) + both == ROUNDS
    assert both < ROUNDS / 20
    assert all(
        " in the meantime, " in sentence or sentence.startswith("The session is paused.") for sentence in told
    ), told
    assert set(met) >= {Phase.GATHERING, Phase.DEALT, Phase.RECORDING, Phase.CUT, Phase.PAUSED}, met


async def test_of_two_settings_that_are_chosen_at_the_same_moment_both_are_in_force(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.open()
    is_read = asyncio.Event()

    async def slowly(reader: Reader, guild_id: GuildId) -> GuildChoices:
        chosen = await choices_of(reader, guild_id)
        if not is_read.is_set():
            is_read.set()
            await asyncio.sleep(0.1)
        return chosen

    monkeypatch.setattr(guild_settings, "choices_of", slowly)
    first = asyncio.create_task(evening.services.guilds.change(GUILD, "on_dropout", "end"))
    await is_read.wait()
    await evening.services.guilds.change(GUILD, "coordinator_role_id", 42)
    await first
    assert (session.settings.on_dropout, session.settings.coordinator_role_id) == ("end", 42)


async def counted(evening: Evening) -> dict[str, int]:
    """How often the session has been changed, and how many scenes and takes it has."""
    fetch = evening.database.fetch_value
    changes = "SELECT count(*) FROM events WHERE kind IN (SELECT value FROM json_each(?))"
    return {
        "changes": await fetch(changes, json.dumps(sorted(CHANGES))),
        "scenes": await fetch("SELECT count(*) FROM scenes"),
        "takes": await fetch("SELECT count(*) FROM takes"),
    }


async def check_consistent(evening: Evening, before: dict[str, int], number: int) -> None:
    after = await counted(evening)
    # If a pause comes while a take is called, there are three changes: called, paused and cut.
    assert 1 <= after["changes"] - before["changes"] <= 3, f"round {number}: {before} -> {after}"
    assert after["scenes"] - before["scenes"] <= 1
    assert after["takes"] - before["takes"] <= 1
    fetch = evening.database.fetch_value
    running = await fetch("SELECT count(*) FROM takes WHERE state IN ('countdown', 'recording')")
    assert running == int(evening.has_take) <= 1
    assert await fetch("SELECT count(*) FROM scenes WHERE ended_at IS NULL") <= 1
