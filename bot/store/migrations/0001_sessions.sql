-- Sessions, what was played in them, what was recorded, what was judged. Times are UTC, ISO 8601 with milliseconds;
-- positions and durations on tracks are samples at 48 kHz since the take's start.

CREATE TABLE people (
    person_id       INTEGER PRIMARY KEY,
    discord_user_id INTEGER NOT NULL UNIQUE,
    pseudonym       TEXT NOT NULL UNIQUE,           -- the only name that leaves this table: 'spk_' and 8 hex digits
    created_at      TEXT NOT NULL
);

-- The log only grows. Consent to a scope is in force if its newest event is a grant.
CREATE TABLE consent_events (
    consent_event_id INTEGER PRIMARY KEY,
    person_id        INTEGER NOT NULL REFERENCES people,
    scope            TEXT NOT NULL CHECK (scope IN (
        'record', 'store_and_review', 'peer_rating', 'train_recognition', 'train_generative_speech',
        'voice_clone_replica', 'share_with_client', 'public_release', 'publish_demographics', 'recontact',
        'credit_by_name')),
    action           TEXT NOT NULL CHECK (action IN ('grant', 'withdraw', 'expire', 'suspend', 'resume')),
    text_version     TEXT NOT NULL,
    text_sha256      TEXT NOT NULL,
    locale           TEXT NOT NULL,
    happened_at      TEXT NOT NULL
);
CREATE INDEX consent_by_person ON consent_events (person_id, scope, consent_event_id);
CREATE TRIGGER consent_is_never_changed BEFORE UPDATE ON consent_events
BEGIN SELECT RAISE(ABORT, 'consent events are never changed'); END;
CREATE TRIGGER consent_is_never_deleted BEFORE DELETE ON consent_events
BEGIN SELECT RAISE(ABORT, 'consent events are never deleted'); END;

CREATE TABLE sessions (
    session_id       INTEGER PRIMARY KEY,
    guild_id         INTEGER NOT NULL,
    voice_channel_id INTEGER NOT NULL,
    coordinator_id   INTEGER NOT NULL REFERENCES people,
    deck             TEXT NOT NULL,
    emotion_set      TEXT NOT NULL,
    instrument       TEXT NOT NULL,
    seed             INTEGER NOT NULL,
    panel_message_id INTEGER,
    started_at       TEXT NOT NULL,
    ended_at         TEXT
);
CREATE UNIQUE INDEX one_open_session_a_guild ON sessions (guild_id) WHERE ended_at IS NULL;

CREATE TABLE scenes (
    scene_id     INTEGER PRIMARY KEY,
    session_id   INTEGER NOT NULL REFERENCES sessions,
    number       INTEGER NOT NULL CHECK (number >= 1),
    prompt_id    TEXT NOT NULL,
    prompt_title TEXT NOT NULL,
    prompt_text  TEXT NOT NULL,
    dealt_at     TEXT NOT NULL,
    ended_at     TEXT,
    UNIQUE (session_id, number)
);

CREATE TABLE castings (
    casting_id       INTEGER PRIMARY KEY,
    scene_id         INTEGER NOT NULL REFERENCES scenes,
    person_id        INTEGER NOT NULL REFERENCES people,
    character        TEXT NOT NULL,
    target_emotion   TEXT NOT NULL,
    target_intensity INTEGER NOT NULL CHECK (target_intensity BETWEEN 1 AND 3),
    second_emotion   TEXT,                          -- an arc: what the emotion shifts to at a cue
    card_seen_at     TEXT,
    UNIQUE (scene_id, person_id)
);

CREATE TABLE takes (
    take_id          INTEGER PRIMARY KEY,
    scene_id         INTEGER NOT NULL REFERENCES scenes,
    number           INTEGER NOT NULL CHECK (number >= 1),
    state            TEXT NOT NULL CHECK (state IN ('countdown', 'recording', 'cut', 'void')),
    called_at        TEXT NOT NULL,                 -- when the coordinator called for it
    started_at       TEXT,                          -- position 0 of its tracks
    cut_at           TEXT,
    cut_reason       TEXT CHECK (cut_reason IN (
        'coordinator', 'time_limit', 'session_end', 'voice_lost', 'withdrawal', 'interrupted', 'disk')),
    duration_samples INTEGER CHECK (duration_samples >= 0),
    UNIQUE (scene_id, number)
);
CREATE UNIQUE INDEX one_running_take_a_scene ON takes (scene_id) WHERE state IN ('countdown', 'recording');

CREATE TABLE tracks (
    track_id           INTEGER PRIMARY KEY,
    take_id            INTEGER NOT NULL REFERENCES takes,
    person_id          INTEGER NOT NULL REFERENCES people,
    path               TEXT NOT NULL UNIQUE,        -- below the home folder
    duration_samples   INTEGER NOT NULL CHECK (duration_samples >= 0),
    received_frames    INTEGER NOT NULL CHECK (received_frames >= 0),
    concealed_frames   INTEGER NOT NULL CHECK (concealed_frames >= 0),
    first_speech_samples INTEGER,
    speech_samples     INTEGER NOT NULL CHECK (speech_samples >= 0),
    UNIQUE (take_id, person_id)
);

CREATE TABLE turns (
    turn_id       INTEGER PRIMARY KEY,
    track_id      INTEGER NOT NULL REFERENCES tracks,
    number        INTEGER NOT NULL CHECK (number >= 1),
    start_samples INTEGER NOT NULL CHECK (start_samples >= 0),
    end_samples   INTEGER NOT NULL CHECK (end_samples > start_samples),
    is_for_rating INTEGER NOT NULL CHECK (is_for_rating IN (0, 1)),
    UNIQUE (track_id, number)
);

-- What raters perceived, blind to the target. Scales are those of the instrument named by the session.
CREATE TABLE ratings (
    rating_id          INTEGER PRIMARY KEY,
    turn_id            INTEGER NOT NULL REFERENCES turns,
    rater_id           INTEGER NOT NULL REFERENCES people,
    is_partner         INTEGER NOT NULL CHECK (is_partner IN (0, 1)),   -- played in the same take, heard it live
    perceived_emotion  TEXT NOT NULL,
    secondary_emotion  TEXT,
    intensity          INTEGER NOT NULL CHECK (intensity BETWEEN 0 AND 3),
    valence            INTEGER NOT NULL CHECK (valence BETWEEN 1 AND 5),
    arousal            INTEGER NOT NULL CHECK (arousal BETWEEN 1 AND 5),
    dominance          INTEGER CHECK (dominance BETWEEN 1 AND 5),
    authenticity       INTEGER NOT NULL CHECK (authenticity BETWEEN 1 AND 5),
    naturalness        INTEGER CHECK (naturalness BETWEEN 1 AND 5),
    voice_consistency  INTEGER CHECK (voice_consistency BETWEEN 1 AND 5),
    asked_at           TEXT,
    answered_at        TEXT NOT NULL,
    UNIQUE (turn_id, rater_id)
);

-- What the performer felt. It is never merged with what others perceived.
CREATE TABLE self_ratings (
    self_rating_id INTEGER PRIMARY KEY,
    turn_id        INTEGER NOT NULL UNIQUE REFERENCES turns,
    person_id      INTEGER NOT NULL REFERENCES people,
    felt_emotion   TEXT NOT NULL,
    intensity      INTEGER NOT NULL CHECK (intensity BETWEEN 0 AND 3),
    valence        INTEGER NOT NULL CHECK (valence BETWEEN 1 AND 5),
    arousal        INTEGER NOT NULL CHECK (arousal BETWEEN 1 AND 5),
    dominance      INTEGER CHECK (dominance BETWEEN 1 AND 5),
    authenticity   INTEGER NOT NULL CHECK (authenticity BETWEEN 1 AND 5),
    answered_at    TEXT NOT NULL
);

-- What happened, and when. Kinds are in the past tense, and `detail` is a JSON object without names.
CREATE TABLE events (
    event_id    INTEGER PRIMARY KEY,
    session_id  INTEGER REFERENCES sessions,
    scene_id    INTEGER REFERENCES scenes,
    take_id     INTEGER REFERENCES takes,
    person_id   INTEGER REFERENCES people,
    kind        TEXT NOT NULL,
    detail      TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(detail)),
    happened_at TEXT NOT NULL
);
CREATE INDEX events_by_session ON events (session_id, event_id);
