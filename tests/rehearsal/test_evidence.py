"""What a session left in the store, read together with the accounts of its people."""

from __future__ import annotations

from pathlib import Path

from bot.domain.casting.deal import Arc, Casting, Deal, Materials
from bot.domain.characters import CharacterSet
from bot.domain.cues import CueTimes
from bot.domain.decks import Deck, Prompt
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.events.catalogue import PerformerDroppedOut
from bot.domain.ids import GuildId, SessionId, UserId
from bot.domain.instrument import Instrument, Item, ItemScale
from bot.domain.roles import Role
from bot.domain.states import CutReason, FoundBy, TakeStatus
from bot.domain.turns import FoundTurn
from bot.home.places import Home
from bot.rehearsal.checking.evidence import read_evidence
from bot.samples import Span
from bot.store.cues import add_cue
from bot.store.database import Database, open_database
from bot.store.events import log_event
from bot.store.notes import add_note
from bot.store.people import ensure_person
from bot.store.records import TrackFacts
from bot.store.scenes import CuePlan, Drawn, add_scene, castings_of
from bot.store.sessions import add_session, close_session
from bot.store.takes import add_holes, add_take, add_track, close_take, strike_take
from bot.store.turns import add_turns

ADA, BEN = UserId(310847562918374651), UserId(482915736028475133)
NOW = "2026-11-23T03:00:00.000Z"
PROMPT = Prompt("door", "The door", "It is stuck.", (Role("a baker"), Role("a sailor")), 2)
EMOTIONS = EmotionSet("basic", "Basic", tuple(Emotion(key, key.title(), "Go.") for key in ("joy", "fear", "anger")))
DEALT_FROM = Materials(Deck("everyday", "Everyday", (PROMPT,)), EMOTIONS, CharacterSet("core", "Core", ()))
INSTRUMENT = Instrument(
    "core", "Core", (Item("emotion", ItemScale.EMOTION, "What do you hear?", "What did you feel?"),)
)
SECOND = 48_000


async def play(database: Database) -> SessionId:
    """A session with a scene and a struck take, in which Ada was told to shift after two seconds; returns its id."""
    async with database.transaction() as tx:
        ada, ben = [(await ensure_person(tx, user, NOW)).person_id for user in (ADA, BEN)]
        played_with = {"deck": "everyday", "emotion_set": "basic", "instrument": INSTRUMENT, "ratings_wanted": 5}
        session_id = await add_session(
            tx, guild_id=GuildId(1), voice_channel_id=2, coordinator_id=ben, **played_with, software={}, seed=1, now=NOW
        )
        castings = (
            Casting(ada, "a baker", "mara", "joy", 2, Arc("fear", 1, 0.5)),
            Casting(ben, "a sailor", "tom", "anger", 3),
        )
        drawn = Drawn(Deal(PROMPT, castings), DEALT_FROM, "1/0", CuePlan("coordinator", 60))
        scene = await add_scene(tx, session_id, drawn, NOW)
        take = await add_take(tx, scene.scene_id, NOW)
        [first, _] = await castings_of(tx, scene.scene_id)
        await add_cue(tx, take.take_id, first.casting_id, "coordinator", CueTimes(2 * SECOND))
        spans = [Span(0, 2 * SECOND), Span(2 * SECOND, 4 * SECOND)]
        turns = [FoundTurn(span, span, FoundBy.VOICE) for span in spans]
        for person, found in ((ada, turns), (ben, turns[:1])):
            path, unmeasured = f"{session_id}/{person}.opus", (None,) * 5
            facts = TrackFacts(person, path, 4 * SECOND, 200, 0, 0, 4 * SECOND, 0, *unmeasured)
            track = await add_track(tx, take.take_id, facts)
            await add_turns(tx, track, found, found[:1], "silero-1")
        await add_holes(tx, take.take_id, [("pause", SECOND, 2 * SECOND)])
        where = {"scene_id": scene.scene_id, "take_id": take.take_id, "position_samples": SECOND}
        await add_note(tx, session_id, "Keep it.", NOW, **where)
        await close_take(
            tx, take.take_id, state=TakeStatus.CUT, reason=CutReason.COORDINATOR, duration_samples=4 * SECOND, now=NOW
        )
        await strike_take(tx, take.take_id, NOW)
        await log_event(tx, PerformerDroppedOut(), NOW, session_id=session_id, person_id=ada)
        await close_session(tx, session_id, NOW, NOW)
    return session_id


async def test_everything_is_read_with_its_account_and_the_target_in_force(tmp_path: Path):
    database = await open_database(Home(tmp_path))
    left = read_evidence(database.path, await play(database))
    [take] = left.takes
    assert (take.scene, take.number, take.state, take.cut_reason, take.struck_at) == (1, 1, "cut", "coordinator", NOW)
    found = [(track.take_id, track.discord_user_id, track.duration_samples) for track in left.tracks]
    assert found == [(take.take_id, user, 4 * SECOND) for user in (ADA, BEN)]
    dealt = [(one.scene, one.discord_user_id, one.role) for one in left.castings]
    assert dealt == [(1, ADA, "a baker"), (1, BEN, "a sailor")]
    assert [(one.target_emotion, one.second_emotion) for one in left.castings] == [("joy", "fear"), ("anger", None)]
    [cue] = left.cues
    assert (cue.take_id, cue.discord_user_id, cue.position_samples) == (take.take_id, ADA, 2 * SECOND)
    found = [(turn.discord_user_id, turn.start_samples, turn.target_emotion) for turn in left.turns]
    assert found == [(ADA, 0, "joy"), (ADA, 2 * SECOND, "fear"), (BEN, 0, "anger")]
    [hole] = left.holes
    assert (hole.take_id, hole.start_samples, hole.end_samples) == (take.take_id, SECOND, 2 * SECOND)
    assert hole.cause == "pause"
    [note] = left.notes
    assert (note.take_id, note.position_samples, note.text) == (take.take_id, SECOND, "Keep it.")
    [event] = left.events
    assert (event.kind, event.discord_user_id, event.detail) == ("performer_dropped_out", ADA, '{"was_idle": false}')
    await database.close()


async def test_another_session_is_left_out(tmp_path: Path):
    database = await open_database(Home(tmp_path))
    first, second = await play(database), await play(database)
    one, other = read_evidence(database.path, first), read_evidence(database.path, second)
    assert {take.take_id for take in one.takes}.isdisjoint(take.take_id for take in other.takes)
    for kind in ("takes", "tracks", "castings", "cues", "turns", "holes", "notes", "events"):
        assert len(getattr(one, kind)) == len(getattr(other, kind)) > 0
    await database.close()
