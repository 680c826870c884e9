"""How long people waited for answers, read from a journal."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.latency import latency_of, percentile
from tests.embedded.raw_bot import House


def entries(*waits_ms: float | None) -> list[dict[str, Any]]:
    """A journal of presses that were answered after these times, or not at all."""
    log: list[dict[str, Any]] = []
    for number, ms in enumerate(waits_ms):
        log.append({"kind": "interaction_created", "interaction_id": number, "type": "component"})
        if ms is not None:
            log.append({"kind": "interaction_answered", "interaction_id": number, "ms": ms})
    return log


def test_one_slow_answer_in_a_hundred_is_beyond_the_99th_percentile() -> None:
    told = latency_of(entries(*[10.0] * 99, 900.0))
    assert (told.median_ms, told.p99_ms, told.worst_ms) == (10.0, 10.0, 900.0)
    assert latency_of(entries(*[10.0] * 98, 900.0, 900.0)).p99_ms == 900.0


def test_who_was_never_answered_is_counted() -> None:
    told = latency_of(entries(5.0, None, 7.0))
    assert (told.answered, told.unanswered) == (2, 1)
    assert told.sentence == "2 presses and commands were answered: 50 % within 5 ms, 99 % within 7 ms."
    with pytest.raises(ValueError, match="There was no answer"):
        latency_of(entries(None))


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(1, 100))
def test_a_percentile_is_a_value_that_enough_do_not_exceed(values: list[float], percent: float) -> None:
    found = percentile(sorted(values), percent)
    assert found in values
    assert sum(value <= found for value in values) >= len(values) * percent / 100 - 1e-9
    assert sum(value < found for value in values) < len(values) * percent / 100


async def test_an_embedded_discords_journal_is_read_by_type(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    await asyncio.sleep(0.1)
    await house.bot.callback(interaction, 4, {"content": "x"})
    await reply
    told = latency_of(house.journal(), "command")
    assert told.answered == 1
    assert 100 <= told.worst_ms < 1000
    with pytest.raises(ValueError, match="There was no answer"):
        latency_of(house.journal(), "component")
