-- The show: what a coordinator directs. Foreign keys are off while migrations run, so that a table can be replaced.

ALTER TABLE sessions ADD COLUMN paused_at TEXT;
ALTER TABLE sessions ADD COLUMN pause_cause TEXT CHECK (pause_cause IN ('coordinator', 'dropout'));

-- Where the scene takes place, how its people are related, and the seed with which the deal was drawn.
ALTER TABLE scenes ADD COLUMN place TEXT;
ALTER TABLE scenes ADD COLUMN relationship TEXT;
ALTER TABLE scenes ADD COLUMN seed TEXT;

-- A role is who a performer is in the prompt. A character, with a voice, is who they are over several scenes.
ALTER TABLE castings RENAME COLUMN character TO role;
ALTER TABLE castings ADD COLUMN character TEXT;
ALTER TABLE castings ADD COLUMN second_intensity INTEGER CHECK (second_intensity BETWEEN 1 AND 3);
ALTER TABLE castings ADD COLUMN cue_cause TEXT CHECK (cue_cause IN ('time', 'coordinator'));
ALTER TABLE castings ADD COLUMN cue_after_samples INTEGER CHECK (cue_after_samples >= 0);  -- planned, for a cue by time
ALTER TABLE castings ADD COLUMN is_overridden INTEGER NOT NULL DEFAULT 0 CHECK (is_overridden IN (0, 1));

-- A struck take stays on disk, but not in the dataset. It can be restored.
CREATE TABLE takes_new (
    take_id          INTEGER PRIMARY KEY,
    scene_id         INTEGER NOT NULL REFERENCES scenes,
    number           INTEGER NOT NULL CHECK (number >= 1),
    state            TEXT NOT NULL CHECK (state IN ('countdown', 'recording', 'cut', 'void')),
    called_at        TEXT NOT NULL,                 -- when the coordinator called for it
    started_at       TEXT,                          -- position 0 of its tracks
    cut_at           TEXT,
    cut_reason       TEXT CHECK (cut_reason IN (
        'coordinator', 'time_limit', 'session_end', 'voice_lost', 'withdrawal', 'interrupted', 'disk', 'x_card',
        'dropout')),
    duration_samples INTEGER CHECK (duration_samples >= 0),
    struck_at        TEXT,
    UNIQUE (scene_id, number)
);
INSERT INTO takes_new (take_id, scene_id, number, state, called_at, started_at, cut_at, cut_reason, duration_samples)
    SELECT take_id, scene_id, number, state, called_at, started_at, cut_at, cut_reason, duration_samples FROM takes;
DROP TABLE takes;
ALTER TABLE takes_new RENAME TO takes;
CREATE UNIQUE INDEX one_running_take_a_scene ON takes (scene_id) WHERE state IN ('countdown', 'recording');

-- A hole comes from a lost connection, or from a pause, in which nothing is recorded.
ALTER TABLE holes ADD COLUMN cause TEXT NOT NULL DEFAULT 'connection' CHECK (cause IN ('connection', 'pause'));

-- The moment at which a performer was told to shift to their second emotion, on the take's clock.
CREATE TABLE cues (
    cue_id           INTEGER PRIMARY KEY,
    take_id          INTEGER NOT NULL REFERENCES takes,
    casting_id       INTEGER NOT NULL REFERENCES castings,
    cause            TEXT NOT NULL CHECK (cause IN ('time', 'coordinator')),
    position_samples INTEGER NOT NULL CHECK (position_samples >= 0),
    UNIQUE (take_id, casting_id)
);

-- The target in force when each turn was spoken. No turn spans a cue: turns are cut there.
CREATE VIEW turn_targets AS
    SELECT turns.turn_id, tracks.take_id, tracks.person_id, castings.casting_id,
           CASE WHEN cues.position_samples <= turns.start_samples
                THEN castings.second_emotion ELSE castings.target_emotion END AS target_emotion,
           CASE WHEN cues.position_samples <= turns.start_samples
                THEN castings.second_intensity ELSE castings.target_intensity END AS target_intensity
    FROM turns
    JOIN tracks   USING (track_id)
    JOIN takes    USING (take_id)
    JOIN castings ON castings.scene_id = takes.scene_id AND castings.person_id = tracks.person_id
    LEFT JOIN cues ON cues.take_id = takes.take_id AND cues.casting_id = castings.casting_id;

-- What a coordinator wrote down, with the position on the take's clock if a take was running.
CREATE TABLE notes (
    note_id          INTEGER PRIMARY KEY,
    session_id       INTEGER NOT NULL REFERENCES sessions,
    scene_id         INTEGER REFERENCES scenes,
    take_id          INTEGER REFERENCES takes,
    position_samples INTEGER CHECK (position_samples >= 0),
    text             TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
    written_at       TEXT NOT NULL
);
CREATE INDEX notes_by_session ON notes (session_id, note_id);

-- How a performer sounded in the warm-up. The recording itself is not kept. Null is what could not be measured.
CREATE TABLE sound_checks (
    sound_check_id    INTEGER PRIMARY KEY,
    session_id        INTEGER NOT NULL REFERENCES sessions,
    person_id         INTEGER NOT NULL REFERENCES people,
    speech_dbfs       REAL,
    noise_dbfs        REAL,
    clipped_share     REAL CHECK (clipped_share BETWEEN 0 AND 1),
    lost_share        REAL CHECK (lost_share BETWEEN 0 AND 1),
    heard_in_track_of INTEGER REFERENCES people,     -- whose microphone picked this performer up, if anybody's
    crosstalk_db      REAL,                          -- how loud there, against the track's own speech
    checked_at        TEXT NOT NULL
);
CREATE INDEX sound_checks_by_session ON sound_checks (session_id, sound_check_id);

-- Topics that a performer will not play. Only the performer may see them: no coordinator, and no export.
CREATE TABLE lines (
    person_id INTEGER NOT NULL REFERENCES people,
    topic     TEXT NOT NULL,
    drawn_at  TEXT NOT NULL,
    PRIMARY KEY (person_id, topic)
);

-- What a guild chose. Null is the default of this installation.
CREATE TABLE guild_settings (
    guild_id            INTEGER PRIMARY KEY,
    coordinator_role_id INTEGER,
    deck                TEXT,
    emotion_set         TEXT,
    scene_seconds       INTEGER CHECK (scene_seconds BETWEEN 5 AND 3600),
    cue_policy          TEXT CHECK (cue_policy IN ('none', 'time', 'coordinator')),
    ratings_wanted      INTEGER CHECK (ratings_wanted BETWEEN 1 AND 20),
    on_dropout          TEXT CHECK (on_dropout IN ('pause', 'end'))
);

-- Decks that a coordinator imported, as they were uploaded. A later import of the same name replaces one.
CREATE TABLE guild_decks (
    guild_id    INTEGER NOT NULL,
    name        TEXT NOT NULL,
    text        TEXT NOT NULL,
    imported_at TEXT NOT NULL,
    PRIMARY KEY (guild_id, name)
);
