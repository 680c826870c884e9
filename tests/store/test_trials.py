"""Trials and answers: nothing of an earlier version's ratings is lost, and what is asked of whom is counted."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from bot.domain.answers import Answer
from bot.domain.consent_terms import Scope
from bot.domain.ids import PersonId, SessionId, TrialToken, TurnId
from bot.domain.instrument import BAD_SOUND, EMOTION_ITEM
from bot.domain.states import TrialKind
from bot.store import migrating
from bot.store.migrating import known_migrations, migrate
from bot.store.ratings import unjudged_turns
from bot.store.trials import Answering, Question, answer_trial, asked_about, reports_of, show_trial, trial_of
from bot.ui.custom_ids import SKIP_CLIP, OfTrial
from tools.synthetic.session import PERFORMER_SCOPES, Troupe, open_troupe, play_evening

TRIALS = next(number for number, sql in known_migrations() if "CREATE TABLE trials" in sql)
RATING = (
    "turn_id, rater_id, is_partner, perceived_emotion, secondary_emotion, intensity, valence, arousal, dominance, "
    "authenticity, naturalness, voice_consistency, asked_at, answered_at, knew_prompt"
)
SHA256 = "a" * 64
OWN = "turn_id, person_id, felt_emotion, intensity, valence, arousal, dominance, authenticity, answered_at"


def fill(store: sqlite3.Connection) -> None:
    """Two sessions, one with an instrument, and ratings with every combination of optional answers."""
    random = Random(8)
    store.execute("INSERT INTO materials VALUES (?, 'instrument', 'core', '{}')", (SHA256,))
    store.executemany("INSERT INTO people VALUES (?, ?, ?, '')", [(n, n, f"spk_{n}") for n in range(1, 6)])
    for session in (1, 2):
        store.execute(
            "INSERT INTO sessions (session_id, guild_id, voice_channel_id, coordinator_id, deck, emotion_set, "
            "instrument, seed, started_at, instrument_sha256) VALUES (?1, ?1, 1, 1, '', '', 'core', 1, '', ?2)",
            (session, SHA256 if session == 2 else None),
        )
        store.execute(
            "INSERT INTO scenes (scene_id, session_id, number, prompt_id, prompt_title, prompt_text, dealt_at) "
            "VALUES (?1, ?1, 1, '', '', '', '')",
            (session,),
        )
        store.execute(
            "INSERT INTO takes (take_id, scene_id, number, state, called_at) VALUES (?1, ?1, 1, 'cut', '')", (session,)
        )
        store.execute(
            "INSERT INTO tracks (track_id, take_id, person_id, path, duration_samples, received_frames, "
            "concealed_frames, speech_samples) VALUES (?1, ?1, 1, ?1, 9, 1, 0, 1)",
            (session,),
        )
        for turn in range(10 * session, 10 * session + 5):
            store.execute(
                "INSERT INTO turns VALUES (?, ?, ?, 0, 1, 0, 1, 1, 'voice', 'silero-1')", (turn, session, turn)
            )
            for rater in range(2, 6):
                maybe = [random.choice((None, random.randint(1, 5))) for _ in range(3)]
                asked = random.choice((None, "2026-01-01T00:00:00.000Z"))
                answered = f"2026-01-01T00:00:{random.randint(10, 59)}.125Z"
                row = (turn, rater, rater % 2, random.choice("abc"), random.choice((None, "b")), random.randint(0, 3))
                row += (random.randint(1, 5), 1, maybe[0], 5, *maybe[1:], asked, answered, 1)
                store.execute(f"INSERT INTO ratings ({RATING}) VALUES ({', '.join('?' * len(row))})", row)
            own = (turn, 1, "joy", 0, 1, 2, random.choice((None, 3)), 4, "2026-01-01T00:00:05.000Z")
            store.execute(f"INSERT INTO self_ratings ({OWN}) VALUES ({', '.join('?' * len(own))})", own)


def test_ratings_of_the_earlier_schema_are_all_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path, all_of_them = tmp_path / "store.sqlite3", known_migrations()
    monkeypatch.setattr(migrating, "known_migrations", lambda: all_of_them[: TRIALS - 1])
    migrate(path, tmp_path)
    with closing(sqlite3.connect(path)) as store:
        fill(store)
        store.commit()
        before = [store.execute(f"SELECT {RATING} FROM ratings ORDER BY rating_id").fetchall()]
        before.append(store.execute(f"SELECT {OWN} FROM self_ratings ORDER BY self_rating_id").fetchall())
    monkeypatch.setattr(migrating, "known_migrations", lambda: all_of_them)
    migrate(path, tmp_path)
    with closing(sqlite3.connect(path)) as store:
        after = [store.execute(f"SELECT {RATING} FROM ratings ORDER BY rating_id").fetchall()]
        after.append(store.execute(f"SELECT {OWN} FROM self_ratings ORDER BY self_rating_id").fetchall())
        assert after == before
        assert [len(rows) for rows in after] == [40, 10]
        hashes = "SELECT DISTINCT session_id, instrument_sha256 FROM trials ORDER BY 1"
        assert store.execute(hashes).fetchall() == [(1, None), (2, SHA256)]
        tokens = [token for (token,) in store.execute("SELECT token FROM trials ORDER BY trial_id")]
        assert len(set(tokens)) == 50
        buttons = [OfTrial(SessionId(1), TrialToken(token)) for token in tokens]
        assert [SKIP_CLIP.read(SKIP_CLIP.build(button)) for button in buttons] == buttons
        assert sorted(tokens) != tokens
        took = "SELECT response_ms, shown_at, answered_at FROM trials WHERE shown_at IS NOT NULL"
        assert all(ms == int(at[17:19]) * 1000 + 125 for ms, _, at in store.execute(took))
        numbers = store.execute(
            "SELECT group_concat(number) FROM (SELECT * FROM trials ORDER BY session_id, rater_id, "
            "answered_at, number) GROUP BY session_id, rater_id"
        ).fetchall()
        assert set(numbers) == {("1,2,3,4,5",)}


@pytest.fixture
async def troupe(tmp_path: Path):
    """A session of two performers, one rater and no ratings."""
    troupe = await open_troupe(tmp_path)
    performers = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(2)]
    await play_evening(troupe, performers, [await troupe.add_person(Scope.PEER_RATING)])
    async with troupe.database.transaction() as tx:
        await tx.execute("DELETE FROM trials")
    yield troupe
    await troupe.database.close()


async def test_who_cannot_judge_is_not_asked_again_and_gives_no_rating(troupe: Troupe):
    session, turn, rater = SessionId(1), TurnId(1), PersonId(3)
    asked = Question(session, TrialKind.TURN, rater, turn, None, ["emotion", "intensity"])
    async with troupe.database.transaction() as tx:
        first = await show_trial(tx, asked, is_partner=False, now="2026-01-01")
        assert await show_trial(tx, asked, is_partner=False, now="2026-01-02") == first, "its buttons still work"
    others = await asked_about(troupe.database, turn, PersonId(2), "2026-01-01")
    assert others == {"emotion": 1, "intensity": 1}, "who was shown it just now counts"
    assert await asked_about(troupe.database, turn, PersonId(2), "2026-01-03") == {}
    assert turn in {one.turn_id for one in await unjudged_turns(troupe.database, session, rater)}
    async with troupe.database.transaction() as tx:
        answering = Answering(False, False, "2026-01-02", 1500)
        await answer_trial(tx, first.trial_id, [Answer(EMOTION_ITEM, BAD_SOUND)], answering, now="2026-01-02")
    assert turn not in {one.turn_id for one in await unjudged_turns(troupe.database, session, rater)}
    assert await troupe.database.fetch_value("SELECT count(*) FROM ratings") == 0
    assert await asked_about(troupe.database, turn, PersonId(2), "2026-01-01") == {}
    assert await reports_of(troupe.database, turn, BAD_SOUND) == (1, 1)
    trial = await trial_of(troupe.database, turn, rater)
    assert trial is not None
    assert (trial.number, trial.response_ms) == (1, 1500)
