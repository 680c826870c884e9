"""What an export reads from the store, and the question that the README answers in SQL."""

from __future__ import annotations

import json

from bot.domain.consent import Scope
from bot.domain.ids import SessionId
from bot.store.exporting import WHO_PLAYED_WHAT_SQL, read_snapshot
from tools.synthetic.session import (
    CHANNEL_ID,
    EMOTIONS,
    FIRST_USER_ID,
    GUILD_ID,
    MESSAGE_ID,
    PERFORMER_SCOPES,
    Troupe,
    play_evening,
)


async def test_only_the_chosen_sessions_are_read(troupe: Troupe) -> None:
    performers = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(3)]
    for _ in range(2):
        await play_evening(troupe, performers, [])
    both = read_snapshot(troupe.database.path, [SessionId(1), SessionId(2)])
    one = read_snapshot(troupe.database.path, [SessionId(2), SessionId(2), SessionId(77)])
    for name in ("sessions", "scenes", "castings", "takes", "tracks", "turns", "ratings", "self_ratings", "events"):
        assert 0 < len(getattr(one, name)) * 2 == len(getattr(both, name)), name
    assert {scene.session_id for scene in one.scenes} == {2}


async def test_consent_is_what_is_in_force_now(troupe: Troupe) -> None:
    person = await troupe.add_person(*PERFORMER_SCOPES)
    await troupe.withdraw(person, Scope.RECORD)
    stranger = await troupe.add_person()
    session_id = await troupe.add_session(person)
    snapshot = read_snapshot(troupe.database.path, [session_id])
    assert snapshot.scopes == {(session_id, person): set(PERFORMER_SCOPES) - {Scope.RECORD}}
    assert snapshot.scopes_of(stranger) == frozenset()


async def test_private_ids_are_everything_discord_knows(troupe: Troupe) -> None:
    person = await troupe.add_person(*PERFORMER_SCOPES)
    await troupe.add_session(person)
    snapshot = read_snapshot(troupe.database.path, [])
    assert snapshot.private_ids == {FIRST_USER_ID + person, GUILD_ID, CHANNEL_ID, MESSAGE_ID}


async def test_who_played_what_and_what_raters_perceived(troupe: Troupe) -> None:
    performers = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(2)]
    rater = await troupe.add_person(Scope.PEER_RATING)
    session_id = await troupe.add_session(performers[0])
    turns = await troupe.add_take(session_id, performers)
    await troupe.add_take(session_id, performers, state="void")
    await troupe.rate(turns[performers[0]], rater, "fear", is_partner=False)
    rows = [tuple(row) for row in await troupe.database.fetch_all(WHO_PLAYED_WHAT_SQL)]
    names = [f"spk_{person:08x}" for person in (*performers, rater)]
    assert rows == [
        (session_id, 1, 1, names[0], "the neighbour", "slow-river", EMOTIONS[0], 2, 1, names[2], "fear"),
        (session_id, 1, 1, names[1], "the neighbour", "slow-river", EMOTIONS[1], 2, 1, None, None),
    ]
    assert str(FIRST_USER_ID)[:10] not in json.dumps(rows)
