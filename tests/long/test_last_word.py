"""A person's last request counts, however requests, restarts, exports and failing writes interleave."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dataset.model.pending import pending_in
from bot.domain.consent import TO_PERFORM, Consented, changes
from bot.domain.consent_terms import Scope
from bot.domain.ids import GuildId
from bot.domain.permission import consented as consented_at
from bot.domain.standing import ConsentEvent
from bot.services.consent.consent_requests import ConsentWish
from bot.store.consents import consents_of
from bot.store.database import Database
from bot.store.exporting import read_snapshot
from tests.evening import GUILD, PERFORMERS, Evening, an_evening, refuse_for_full_disk

OTHER_GUILD = GuildId(GUILD + 1)
ANNA = PERFORMERS[0]
WISHES = (frozenset[Scope](), TO_PERFORM, TO_PERFORM | {Scope.PUBLIC_RELEASE}, frozenset({Scope.PEER_RATING}))

asks = st.tuples(st.just("ask"), st.sampled_from([GUILD, OTHER_GUILD]), st.sampled_from(WISHES), st.booleans())
others = st.sampled_from([("fail",), ("heal",), ("restart",), ("export",), ("wait",)])
stories = st.lists(st.one_of(asks, others), min_size=1, max_size=12)


NOW = "2999"


def consented(log: list[ConsentEvent], guild: GuildId) -> Consented:
    return consented_at(log, guild, NOW)


class Disk:
    """The database's disk: full or not."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.is_full = False
        begin = Database._begin

        async def refused(database: Database) -> None:
            if self.is_full:
                await refuse_for_full_disk()
            await begin(database)

        patch.setattr(Database, "_begin", refused)


@given(stories)
@settings(deadline=None, max_examples=60)
def test_what_was_asked_last_holds_in_the_end_and_nothing_more_at_any_time(story: list[tuple[object, ...]]):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        asyncio.run(play(Path(folder), Disk(patch), story))


async def play(home: Path, disk: Disk, story: Iterable[tuple[object, ...]]) -> None:
    log: list[ConsentEvent] = []
    async with AsyncExitStack() as stack:
        evening = await stack.enter_async_context(an_evening(home))
        session_id = (await evening.open()).session_id
        for event in story:
            match event:
                case ("ask", int(number), frozenset(wanted), bool(everywhere)):
                    guild = GuildId(number)
                    asked = changes(consented(log, guild), wanted, guild, everywhere=everywhere)
                    log += [ConsentEvent(one.guild_id, one.scope, one.action, f"{len(log):06d}") for one in asked]
                    evening.services.consent_requests.ask_now(
                        guild, ANNA, ConsentWish(wanted, is_adult=True, everywhere=everywhere)
                    )
                case ("fail",):
                    disk.is_full = True
                case ("heal",):
                    disk.is_full = False
                case ("restart",):
                    await stack.aclose()
                    evening = await stack.enter_async_context(an_evening(home))
                case ("export",):
                    # In the same way as another process reads it.
                    journal = pending_in(evening.home.journal)
                    snapshot = await asyncio.to_thread(read_snapshot, evening.database.path, [session_id], journal)
                    assert all(scopes <= consented(log, GUILD).here for scopes in snapshot.scopes.values())
                case _:
                    await asyncio.sleep(0.01)
            for guild in (GUILD, OTHER_GUILD):
                assert await evening.services.consents.of(ANNA, guild) <= consented(log, guild).here
        disk.is_full = False
        await evening.promises.all_kept()
        assert await stored(evening) == [consented(log, guild) for guild in (GUILD, OTHER_GUILD)]


async def stored(evening: Evening) -> list[Consented]:
    return [await consents_of(evening.database, ANNA, guild, NOW) for guild in (GUILD, OTHER_GUILD)]
