"""The rows of sessions that a troupe played before, by the columns of migration 0004. Ids count from 1 per table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from bot.embedded.guild.world import World

TAKES_OF_SCENE = (1, 1, 1, 2)
SCENES, TAKES, CAST = len(TAKES_OF_SCENE), sum(TAKES_OF_SCENE), 4
TRACKS = TAKES * CAST
FEWEST_TURNS = 2 * TRACKS
TAKE_SAMPLES = 24_000
CUE_SAMPLES = TAKE_SAMPLES // 2
CUED = 0
"""The places in a cast that have an arc, with a cue in the middle of the take."""

OTHERS = 3
"""Partners who rate a turn; one person of the audience does, too."""

LONGEST_SECONDS = 3600
RATINGS_WANTED = 20
EMOTIONS = ("anger", "joy", "sadness", "fear", "neutral", "surprise")
PROMPTS = 24
FIRST_EVENING = datetime(2023, 1, 1, 19, 30, tzinfo=UTC)

Rows = Iterable[tuple[object, ...]]
_SCENE_OF_TAKE = tuple(scene for scene, takes in enumerate(TAKES_OF_SCENE) for _ in range(takes))


def rows_of(world: World, sessions: int, turns: int) -> Iterator[tuple[str, Rows]]:
    """Yield each table with its filled columns and its rows, for at least FEWEST_TURNS per session."""
    count = range(sessions)
    yield _PEOPLE, _people(world)
    yield _GUILD_SETTINGS, [(world.guild_id, LONGEST_SECONDS, RATINGS_WANTED)]
    yield _SESSIONS, (_session(world, one) for one in count)
    yield _SCENES, (row for one in count for row in _scenes(one))
    yield _CASTINGS, (row for one in count for row in _castings(world, one))
    yield _TAKES, (row for one in count for row in _takes(one))
    yield _TRACKS, (row for one in count for row in _tracks(world, one))
    yield _CUES, (row for one in count for row in _cues(one))
    yield _HOLES, ((one * TAKES + 1, 9_600, 14_400, "connection") for one in count[::10])
    yield _TURNS, (row for one in count for row in _turns(one, turns))
    yield _RATINGS, (row for one in count for row in _ratings(world, one, turns))
    yield _SELF_RATINGS, (row for one in count for row in _self_ratings(world, one, turns))
    yield _EVENTS, (row for one in count for row in _events(world, one, turns))
    yield _NOTES, ((one + 1, one * SCENES + 1, "The laugh before the door: keep it.", _time(one)) for one in count)


_PEOPLE = "people (person_id, discord_user_id, pseudonym, created_at)"
_GUILD_SETTINGS = "guild_settings (guild_id, scene_seconds, ratings_wanted)"
_SESSIONS = (
    "sessions (session_id, guild_id, voice_channel_id, coordinator_id, deck, emotion_set, instrument, seed, "
    "started_at, ended_at)"
)
_SCENES = "scenes (scene_id, session_id, number, prompt_id, prompt_title, prompt_text, dealt_at, ended_at)"
_CASTINGS = (
    "castings (casting_id, scene_id, person_id, role, character, target_emotion, target_intensity, second_emotion, "
    "second_intensity, cue_cause, card_seen_at)"
)
_TAKES = (
    "takes (take_id, scene_id, number, state, called_at, started_at, cut_at, cut_reason, duration_samples, struck_at)"
)
_TRACKS = (
    "tracks (track_id, take_id, person_id, path, duration_samples, received_frames, concealed_frames, "
    "first_speech_samples, speech_samples, loudness_lufs, peak_dbfs, speech_dbfs, noise_dbfs, clipped_share, "
    "lost_frames)"
)
_CUES = "cues (take_id, casting_id, cause, position_samples)"
_HOLES = "holes (take_id, start_samples, end_samples, cause)"
_TURNS = "turns (turn_id, track_id, number, start_samples, end_samples, is_for_rating)"
_RATINGS = (
    "ratings (turn_id, rater_id, is_partner, perceived_emotion, intensity, valence, arousal, authenticity, asked_at, "
    "answered_at)"
)
_SELF_RATINGS = (
    "self_ratings (turn_id, person_id, felt_emotion, intensity, valence, arousal, authenticity, answered_at)"
)
_EVENTS = "events (session_id, scene_id, take_id, person_id, kind, detail, happened_at)"
_NOTES = "notes (session_id, scene_id, text, written_at)"


def _people(world: World) -> Rows:
    return [(number, one.user_id, f"spk_{number:08x}", _time(0)) for number, one in enumerate(world.people, 1)]


def _session(world: World, session: int) -> tuple[object, ...]:
    (voice,) = world.of_kind("voice")
    coordinator = 1 + [one.part for one in world.people].index("coordinator")
    places = (world.guild_id, voice.channel_id, coordinator)
    return (session + 1, *places, "everyday", "basic", "core", session, _time(session), _time(session, 120))


def _scenes(session: int) -> Iterator[tuple[object, ...]]:
    for scene in range(SCENES):
        prompt = (session * SCENES + scene) % PROMPTS
        text = f"Somebody has the keys to door {prompt}, and nobody knows who. The last bus is in ten minutes."
        names = (f"earlier-{prompt}", f"Door {prompt}", text)
        times = (_time(session, 25 * scene), _time(session, 25 * scene + 24))
        yield (session * SCENES + scene + 1, session + 1, scene + 1, *names, *times)


def _castings(world: World, session: int) -> Iterator[tuple[object, ...]]:
    for scene in range(SCENES):
        for place in range(CAST):
            first, second = (EMOTIONS[(session + scene + place + shift) % len(EMOTIONS)] for shift in (0, 2))
            arc = (second, 3, "coordinator") if place == CUED else (None, None, None)
            ids = ((session * SCENES + scene) * CAST + place + 1, session * SCENES + scene + 1)
            part = ("the neighbour of thirty years", None, first, 1 + (session + place) % 3)
            yield (*ids, _performer(world, session, scene, place), *part, *arc, _time(session, 25 * scene + 1))


def _takes(session: int) -> Iterator[tuple[object, ...]]:
    for take, scene in enumerate(_SCENE_OF_TAKE):
        times = [_time(session, 25 * scene + 3 * (take - scene) + minute) for minute in (2, 3, 5)]
        number = 1 + _SCENE_OF_TAKE[:take].count(scene)
        scene_id = session * SCENES + scene + 1
        yield (session * TAKES + take + 1, scene_id, number, "cut", *times, "coordinator", TAKE_SAMPLES, None)


def _tracks(world: World, session: int) -> Iterator[tuple[object, ...]]:
    for track in range(TRACKS):
        take, place = divmod(track, CAST)
        ids = (session * TRACKS + track + 1, session * TAKES + take + 1)
        path = f"recordings/earlier-{session + 1:04}/{track + 1:02}.opus"
        lengths = (TAKE_SAMPLES, TAKE_SAMPLES // 960, 2, 0, TAKE_SAMPLES // 2)
        person = _performer(world, session, _SCENE_OF_TAKE[take], place)
        yield (*ids, person, path, *lengths, -23.5, -3.25, -20.5, -61.0, 0.0, 1)


def _cues(session: int) -> Iterator[tuple[object, ...]]:
    for take, scene in enumerate(_SCENE_OF_TAKE):
        casting = (session * SCENES + scene) * CAST + CUED + 1
        yield (session * TAKES + take + 1, casting, "coordinator", CUE_SAMPLES)


def _turns(session: int, turns: int) -> Iterator[tuple[object, ...]]:
    """Yield turns with pauses between them. The first one and the first after a cue are for rating."""
    turn_id = session * turns
    for track in range(TRACKS):
        count = _turns_of(track, turns)
        length = TAKE_SAMPLES // count
        rated = (1, count // 2 + 1) if track % CAST == CUED else (1,)
        for number in range(1, count + 1):
            turn_id += 1
            start = (number - 1) * length + length // 4
            if number == count // 2 + 1:
                start = max(start, CUE_SAMPLES)
            is_for_rating = int(number in rated)
            yield (turn_id, session * TRACKS + track + 1, number, start, number * length, is_for_rating)


def _rated_turns(session: int, turns: int) -> Iterator[tuple[int, int]]:
    """Yield the id of each turn for rating, and its track's place in the session."""
    before = session * turns
    for track in range(TRACKS):
        count = _turns_of(track, turns)
        yield before + 1, track
        if track % CAST == CUED:
            yield before + count // 2 + 1, track
        before += count


def _ratings(world: World, session: int, turns: int) -> Iterator[tuple[object, ...]]:
    for number, (turn_id, track) in enumerate(_rated_turns(session, turns)):
        for place, rater in enumerate(_raters(world, session, track)):
            answers = (EMOTIONS[(number + place) % len(EMOTIONS)], 1 + number % 3, 1 + place, 3, 4)
            yield (turn_id, rater, int(place < OTHERS), *answers, _time(session, number), _time(session, number + 1))


def _self_ratings(world: World, session: int, turns: int) -> Iterator[tuple[object, ...]]:
    for number, (turn_id, track) in enumerate(_rated_turns(session, turns)):
        performer = _performer(world, session, _SCENE_OF_TAKE[track // CAST], track % CAST)
        yield (turn_id, performer, EMOTIONS[number % len(EMOTIONS)], 2, 3, 4, 5, _time(session, number + 1))


def _events(world: World, session: int, turns: int) -> Iterator[tuple[object, ...]]:
    yield (session + 1, None, None, None, "session_started", "{}", _time(session))
    for scene in range(SCENES):
        detail = json.dumps({"performers": CAST, "standby": 4})
        yield (session + 1, session * SCENES + scene + 1, None, None, "scene_dealt", detail, _time(session, 25 * scene))
    for take, scene in enumerate(_SCENE_OF_TAKE):
        for kind in ("take_called", "take_started", "cue_given", "take_cut"):
            ids = (session + 1, session * SCENES + scene + 1, session * TAKES + take + 1, None)
            yield (*ids, kind, "{}", _time(session, 25 * scene + 3))
    for number, (turn_id, track) in enumerate(_rated_turns(session, turns)):
        detail, take_id = json.dumps({"turn_id": turn_id}), session * TAKES + track // CAST + 1
        performer = _performer(world, session, _SCENE_OF_TAKE[track // CAST], track % CAST)
        yield (session + 1, None, take_id, performer, "turn_self_rated", detail, _time(session, number + 1))
        for rater in _raters(world, session, track):
            yield (session + 1, None, take_id, rater, "turn_rated", detail, _time(session, number + 1))
    yield (session + 1, None, None, None, "session_ended", "{}", _time(session, 120))


def _turns_of(track: int, turns: int) -> int:
    """Return how many of a session's turns are in a track: as even as possible."""
    return turns // TRACKS + (track < turns % TRACKS)


def _performer(world: World, session: int, scene: int, place: int) -> int:
    """Return the person at a place of a scene's cast, so that all of a troupe play in rotation."""
    return 1 + (session + 3 * scene + 2 * place) % len(world.with_part("performer"))


def _raters(world: World, session: int, track: int) -> list[int]:
    """Return who rated the turns of a track: those on stage with its performer, and the audience."""
    scene, own = _SCENE_OF_TAKE[track // CAST], track % CAST
    partners = [_performer(world, session, scene, place) for place in range(CAST) if place != own]
    return [*partners, 1 + [one.part for one in world.people].index("audience")]


def _time(session: int, minute: int = 0) -> str:
    moment = FIRST_EVENING + timedelta(days=session, minutes=minute)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
