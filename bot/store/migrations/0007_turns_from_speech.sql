-- Turns are found in the decoded sound after the take, in a process of their own. The bounds of the speech and those of
-- its clip differ: a clip has a lead-in and a lead-out where there is room. A cue divides no turn: the claim of a turn's
-- target ends where the cue was told. Foreign keys are off while migrations run, so that a table can be replaced.

DROP VIEW turn_targets;

CREATE TABLE turns_new (
    -- Never given twice: a rating form that is still open must not be about another turn.
    turn_id            INTEGER PRIMARY KEY AUTOINCREMENT,
    track_id           INTEGER NOT NULL REFERENCES tracks,
    number             INTEGER NOT NULL CHECK (number >= 1),   -- never given twice in a track, not even to a later find
    start_samples      INTEGER NOT NULL CHECK (start_samples >= 0),
    end_samples        INTEGER NOT NULL CHECK (end_samples > start_samples),
    clip_start_samples INTEGER NOT NULL CHECK (clip_start_samples BETWEEN 0 AND start_samples),
    clip_end_samples   INTEGER NOT NULL CHECK (clip_end_samples >= end_samples),
    is_for_rating      INTEGER NOT NULL CHECK (is_for_rating IN (0, 1)),
    found_by           TEXT NOT NULL CHECK (found_by IN ('voice', 'level', 'spurts')),
    method             TEXT NOT NULL,                          -- how it was found, with a version, such as 'silero-1'
    UNIQUE (track_id, number)
);
INSERT INTO turns_new
    SELECT turn_id, track_id, number, start_samples, end_samples, start_samples, end_samples, is_for_rating,
           'spurts', 'spurts-1' FROM turns;
DROP TABLE turns;
ALTER TABLE turns_new RENAME TO turns;

-- Null until the turns of a track have been looked for.
ALTER TABLE tracks ADD COLUMN turns_method TEXT;
UPDATE tracks SET turns_method = 'spurts-1';

-- The highest number that a turn of the track has ever had.
ALTER TABLE tracks ADD COLUMN last_turn_number INTEGER NOT NULL DEFAULT 0;
UPDATE tracks
    SET last_turn_number = (SELECT coalesce(max(number), 0) FROM turns WHERE turns.track_id = tracks.track_id);

-- Whose voice this track's microphone picked up, and how loud that is against the other's own track.
ALTER TABLE tracks ADD COLUMN heard_person_id INTEGER REFERENCES people;
ALTER TABLE tracks ADD COLUMN heard_db REAL;

-- The highest sum of the absolute samples of all tracks: a bound for the peak of every mix. Null if it is not known.
ALTER TABLE takes ADD COLUMN mix_peak REAL CHECK (mix_peak >= 0);

-- The target in force when a turn began, and until where it holds in the turn.
CREATE VIEW turn_targets AS
    SELECT turns.turn_id, tracks.take_id, tracks.person_id, castings.casting_id,
           CASE WHEN cues.position_samples <= turns.start_samples
                THEN castings.second_emotion ELSE castings.target_emotion END AS target_emotion,
           CASE WHEN cues.position_samples <= turns.start_samples
                THEN castings.second_intensity ELSE castings.target_intensity END AS target_intensity,
           CASE WHEN cues.position_samples > turns.start_samples AND cues.position_samples < turns.end_samples
                THEN cues.position_samples END AS target_until_samples
    FROM turns
    JOIN tracks   USING (track_id)
    JOIN takes    USING (take_id)
    JOIN castings ON castings.scene_id = takes.scene_id AND castings.person_id = tracks.person_id
    LEFT JOIN cues ON cues.take_id = takes.take_id AND cues.casting_id = castings.casting_id;
