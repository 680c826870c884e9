"""The figures of a session count what people permit now, and are those of another package from the same answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

import krippendorff
import numpy as np
import pytest

from bot.domain.consent import TO_RATE
from bot.services.rating.status import Status
from bot.statistics.undefined import Undefined
from tests.evening import AUDIENCE, COORDINATOR, GOOD_ANSWERS, GUILD, PERFORMERS, Evening
from tests.long.test_rating_after_the_end import LaterClock, ended, offered

EMOTIONS = ("joy", "anger", "joy", "sadness")


async def rated_by_all(evening: Evening) -> None:
    """A session has ended, and everyone has rated all of it, not always alike."""
    await ended(evening, takes=2)
    for number, user in enumerate((*PERFORMERS, AUDIENCE)):
        for left in range(6, 0, -1):
            offer = await offered(evening, user)
            ratings = evening.services.ratings
            answers = GOOD_ANSWERS | {"emotion": EMOTIONS[(number * left + left) % 4], "valence": str(1 + left % 3)}
            store = ratings.record_self if offer.clip.is_own else ratings.record
            await store(offer.session, offer.clip.token, user, answers)


async def alpha_of_package(evening: Evening, condition: str = "true") -> float:
    """Alpha of the emotion by another package, from the view of the store."""
    sql = f"SELECT turn_id, perceived_emotion FROM ratings JOIN people ON person_id = rater_id WHERE {condition}"
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for turn, emotion in await evening.database.fetch_all(sql):
        counts[turn][emotion] += 1
    table = np.array([[of_turn[one] for one in sorted(set(EMOTIONS))] for of_turn in counts.values()])
    return float(krippendorff.alpha(value_counts=table, level_of_measurement="nominal"))


async def status(evening: Evening) -> Status:
    return await evening.services.rating_status.of(GUILD, COORDINATOR)


async def test_agreement_is_that_of_another_package_and_follows_what_people_withdraw(evening: Evening):
    await rated_by_all(evening)
    found = await status(evening)
    emotion = found.figures.agreement[0]
    assert emotion.everyone.units == 6
    assert emotion.everyone.alpha == pytest.approx(await alpha_of_package(evening), abs=1e-9)
    assert emotion.without_partners.reason is Undefined.NO_PAIRS, "only the audience was not on stage"
    assert found.waiting.rated == {3: 6}
    assert found.waiting.left == {}
    assert found.waiting.reach.missing == 2

    await evening.consent(AUDIENCE, frozenset())
    without = (await status(evening)).figures.agreement[0].everyone
    assert without.answers == 12
    assert without.alpha == pytest.approx(await alpha_of_package(evening, f"discord_user_id <> {AUDIENCE}"), abs=1e-9)

    await evening.consent(PERFORMERS[0], TO_RATE)
    assert (await status(evening)).figures.agreement[0].everyone.units == 4
    assert sum((await status(evening)).waiting.rated.values()) == 4


async def test_targets_come_only_after_the_time_and_are_those_that_were_dealt(evening: Evening):
    await rated_by_all(evening)
    assert (await status(evening)).figures.confusion is None
    evening.clock = LaterClock(timedelta(hours=49, minutes=1))
    found = (await status(evening)).figures.confusion
    assert found is not None
    sql = "SELECT target_emotion, perceived_emotion FROM ratings JOIN turn_targets USING (turn_id)"
    assert found.counts == Counter((dealt, heard) for dealt, heard in await evening.database.fetch_all(sql))
    assert found.rate.answers == 18
    assert found.rate.interval is None, "there are fewer than 50 turns"
