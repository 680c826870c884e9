"""A deal takes a while if many people are present. Whatever happens meanwhile is true once the scene is dealt."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from random import Random
from time import monotonic
from typing import Any

import pytest

from bot.domain.casting.deal import Deal, Materials, deal
from bot.domain.consent import TO_RATE
from bot.domain.errors import SessionChanged, TooFewPerformers
from bot.domain.ids import UserId
from bot.domain.limits import LimitKind
from bot.services.scene import dealing
from bot.services.scene.cards import CHARACTERS
from bot.services.scene.scenes import SceneDealt
from bot.store.history import history_of, read_played
from bot.store.scenes import castings_of
from tests.evening import AUDIENCE, BYSTANDER, GUILD, PERFORMERS, Evening

SECONDS = 10.0
"""How long a test waits at most for what must happen."""


class HeldDeal:
    """Stands in for `deal` in the module that calls it: the first result is held in its thread until it is let go."""

    def __init__(self) -> None:
        self.drawn: list[Deal] = []
        self._is_drawn = threading.Event()
        self._is_let_go = threading.Event()

    def __call__(self, *args: Any, **named: Any) -> Deal:
        self.drawn.append(deal(*args, **named))
        self._is_drawn.set()
        assert self._is_let_go.wait(SECONDS), "nothing let the deal go"
        return self.drawn[-1]

    async def until_drawn(self) -> Deal:
        assert await asyncio.to_thread(self._is_drawn.wait, SECONDS), "nothing was drawn"
        return self.drawn[0]

    def let_go(self) -> None:
        self._is_let_go.set()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> HeldDeal:
    found = HeldDeal()
    monkeypatch.setattr(dealing, "deal", found)
    return found


@asynccontextmanager
async def while_drawing(evening: Evening, held: HeldDeal) -> AsyncGenerator[asyncio.Task[SceneDealt]]:
    """A scene is drawn but not stored within this context; the task deals it."""
    session = await evening.open()
    task = asyncio.create_task(evening.services.scenes.deal(session))
    await held.until_drawn()
    try:
        yield task
    finally:
        held.let_go()


async def scenes_of(evening: Evening) -> int:
    return await evening.value("SELECT count(*) FROM scenes")


async def test_the_bot_does_everything_else_while_a_scene_is_drawn(evening: Evening, held: HeldDeal):
    async with while_drawing(evening, held) as task:
        assert "a coordinator deals a scene" in await evening.panel_words(evening.live)
        await evening.consent(BYSTANDER, TO_RATE)
        assert not task.done()
    assert set((await task).discord_user_ids) == set(PERFORMERS)
    assert len(held.drawn) == 1


async def test_no_one_who_withdraws_while_a_scene_is_drawn_is_in_it(evening: Evening, held: HeldDeal):
    async with while_drawing(evening, held) as task:
        await evening.consent(PERFORMERS[0], TO_RATE)
    dealt = await task
    assert set(dealt.discord_user_ids) == set(PERFORMERS[1:])
    assert dealt.on_standby == ()
    assert await scenes_of(evening) == 1


async def test_no_one_who_leaves_while_a_scene_is_drawn_is_in_it(evening: Evening, held: HeldDeal):
    async with while_drawing(evening, held) as task:
        evening.booth.people.discard(PERFORMERS[1])
    assert set((await task).discord_user_ids) == {PERFORMERS[0], PERFORMERS[2]}


async def test_if_too_few_are_left_nothing_is_dealt(evening: Evening, held: HeldDeal):
    async with while_drawing(evening, held) as task:
        evening.booth.people.difference_update(PERFORMERS[1:])
    with pytest.raises(TooFewPerformers):
        await task
    assert await scenes_of(evening) == 0


@pytest.mark.parametrize("drawn_by", [AUDIENCE, PERFORMERS[0]])
async def test_no_line_is_crossed_that_is_drawn_while_a_scene_is(evening: Evening, held: HeldDeal, drawn_by: UserId):
    async with while_drawing(evening, held) as task:
        topics = (await held.until_drawn()).prompt.tags
        assert topics, "the first prompt touches on no topic; take another seed"
        await evening.services.limit_requests.ask(drawn_by, LimitKind.LINE, topics, ())
    await task
    assert held.drawn[-1].prompt.tags.isdisjoint(topics)
    assert await evening.value("SELECT prompt_id FROM scenes") == held.drawn[-1].prompt.prompt_id


async def test_no_emotion_is_dealt_that_someone_on_stage_vetoes_while_the_scene_is_drawn(
    evening: Evening, held: HeldDeal
):
    async with while_drawing(evening, held) as task:
        felt = {part.target_emotion for part in (await held.until_drawn()).castings}
        await evening.services.limit_requests.ask(PERFORMERS[0], LimitKind.VETO, felt, ())
    await task
    assert len(held.drawn) == 2
    stored = [row[0] for row in await evening.database.fetch_all("SELECT target_emotion FROM castings")]
    assert len(stored) == len(PERFORMERS)
    assert felt.isdisjoint(stored)


async def test_no_line_is_crossed_of_a_person_who_joins_while_a_scene_is_drawn(evening: Evening, held: HeldDeal):
    newcomer = UserId(777_777_777_777_777_777)
    async with while_drawing(evening, held) as task:
        topics = (await held.until_drawn()).prompt.tags
        await evening.services.limit_requests.ask(newcomer, LimitKind.LINE, topics, ())
        evening.booth.people.add(newcomer)
    await task
    assert held.drawn[-1].prompt.tags.isdisjoint(topics)


async def test_a_pause_while_a_scene_is_drawn_lets_nothing_be_dealt(evening: Evening, held: HeldDeal):
    async with while_drawing(evening, held) as task:
        pausing = asyncio.create_task(evening.services.pauses.pause(evening.live, monotonic()))
        async with asyncio.timeout(SECONDS):
            while not evening.live.is_paused:  # noqa: ASYNC110 - nothing signals it
                await asyncio.sleep(0.001)
    with pytest.raises(SessionChanged):
        await task
    await pausing
    assert await scenes_of(evening) == 0


async def test_of_two_coordinators_who_deal_at_the_same_moment_one_deals(evening: Evening, held: HeldDeal):
    async with while_drawing(evening, held) as task:
        seen = evening.live.change.event_id
        other = asyncio.create_task(evening.services.scenes.deal(evening.live, seen))
        await asyncio.sleep(0.05)
        assert not other.done()
    await task
    with pytest.raises(SessionChanged):
        await other
    assert await scenes_of(evening) == 1
    assert len(held.drawn) == 1


async def test_the_seed_of_a_scene_deals_it_again_from_the_same_history(evening: Evening):
    session = await evening.open()
    scene = [(await evening.services.scenes.deal(session)).scene for _ in range(3)][-1]
    stored = await castings_of(evening.database, scene.scene_id)
    seed = await evening.value(f"SELECT seed FROM scenes WHERE scene_id = {scene.scene_id}")
    library = evening.services.library
    materials = Materials(
        await evening.services.decks.find(GUILD, session.deck),
        library.emotion_set(session.emotion_set),
        library.character_set(CHARACTERS),
        arcs=1,
    )
    people = sorted(part.person_id for part in stored)
    played = await read_played(evening.database, GUILD, session.session_id, but_scene=scene.scene_id)
    refused = dict.fromkeys(people, library.opt_ins().closed(()))
    again = deal(materials, people, history_of(played, people), Random(seed), refused=refused)
    assert again.prompt.prompt_id == scene.prompt_id
    assert [(part.person_id, part.role, part.target_emotion, part.target_intensity) for part in again.castings] == [
        (part.person_id, part.role, part.target_emotion, part.target_intensity) for part in stored
    ]
