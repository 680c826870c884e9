"""What an export reads from the store, and the question that the README answers in SQL."""

from __future__ import annotations

import json

from bot.dataset.model.options import Options
from bot.dataset.model.selection import keep_consented
from bot.domain.consent import Scope
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.ids import PersonId, SessionId
from bot.domain.instrument import Instrument, Item, ItemScale
from bot.store.exporting import WHO_PLAYED_WHAT_SQL, read_snapshot
from bot.store.materials import emotion_set_in, instrument_in, keep_emotion_set, keep_instrument
from bot.store.notes import add_note
from bot.store.records import SoundFacts
from bot.store.sound_checks import add_sound_checks
from tools.synthetic.session import (
    CHANNEL_ID,
    EMOTIONS,
    FIRST_USER_ID,
    GUILD_ID,
    MESSAGE_ID,
    NOW,
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


async def test_the_materials_are_those_of_the_chosen_sessions(troupe: Troupe) -> None:
    performers = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(2)]
    for _ in range(2):
        await play_evening(troupe, performers, [])
    sets = [EmotionSet(name, name.title(), (Emotion("joy", "Joy", "Go."),)) for name in ("first", "second", "unused")]
    heard = Item("emotion", ItemScale.EMOTION, "What do you hear?", "What did you feel?")
    instrument = Instrument("core", "Core", (heard,))
    async with troupe.database.transaction() as tx:
        first, second, _ = [await keep_emotion_set(tx, one) for one in sets]
        await tx.execute("UPDATE scenes SET emotion_set_sha256 = ? WHERE session_id = 1", first)
        await tx.execute("UPDATE scenes SET emotion_set_sha256 = ? WHERE session_id = 2 AND number = 2", second)
        kept = await keep_instrument(tx, instrument)
        await tx.execute("UPDATE sessions SET instrument_sha256 = ? WHERE session_id = 2", kept)
    one = read_snapshot(troupe.database.path, [SessionId(1)])
    assert [emotion_set_in(material) for material in one.materials] == sets[:1]
    two = read_snapshot(troupe.database.path, [SessionId(2)])
    assert (emotion_set_in(two.materials[0]), instrument_in(two.materials[1])) == (sets[1], instrument)
    assert len(read_snapshot(troupe.database.path, [SessionId(1), SessionId(2)]).materials) == 3


async def test_notes_and_sound_checks_are_those_of_the_chosen_sessions(troupe: Troupe) -> None:
    person = await troupe.add_person(*PERFORMER_SCOPES)
    for text in ("Too bright.", "Much better."):
        session_id = await troupe.add_session(person)
        async with troupe.database.transaction() as tx:
            await add_note(tx, session_id, text, NOW, scene_id=None, take_id=None, position_samples=None)
            await add_sound_checks(tx, session_id, [heard(person, -20.0 - session_id)], NOW)
    snapshot = read_snapshot(troupe.database.path, [SessionId(2)])
    assert [note.text for note in snapshot.notes] == ["Much better."]
    assert [(one.session_id, one.speech_dbfs, one.checked_at) for one in snapshot.sound_checks] == [(2, -22.0, NOW)]


async def test_of_sound_checks_only_what_everyone_in_them_consents_to_is_kept(troupe: Troupe) -> None:
    anna, bert, rater = [
        await troupe.add_person(*scopes) for scopes in (PERFORMER_SCOPES, PERFORMER_SCOPES, [Scope.PEER_RATING])
    ]
    session_id = await troupe.add_session(anna)
    async with troupe.database.transaction() as tx:
        checks = [heard(anna, -20.0, bert), heard(bert, -21.0, anna), heard(rater, -22.0)]
        await add_sound_checks(tx, session_id, checks, NOW)
        await add_note(tx, session_id, "Bert is loud.", NOW, scene_id=None, take_id=None, position_samples=None)
    both, _ = keep_consented(read_snapshot(troupe.database.path, [session_id]), Options())
    assert [(one.person_id, one.heard_in_track_of, one.crosstalk_db) for one in both.sound_checks] == [
        (anna, bert, -30.0),
        (bert, anna, -30.0),
    ]
    await troupe.withdraw(bert, Scope.STORE_AND_REVIEW)
    kept, _ = keep_consented(read_snapshot(troupe.database.path, [session_id]), Options())
    (check,) = kept.sound_checks
    assert (check.person_id, check.speech_dbfs) == (anna, -20.0)
    assert check.heard_in_track_of is check.crosstalk_db is None
    assert [note.text for note in kept.notes] == ["Bert is loud."]


def heard(person_id: PersonId, speech_dbfs: float, by: PersonId | None = None) -> SoundFacts:
    """What a sound check measured of someone, whom the microphone of another person may have picked up."""
    return SoundFacts(person_id, speech_dbfs, -60.0, 0.0, 0.0, by, None if by is None else -30.0)
