-- Kinds of takes: a scene, a calibration in a performer's own or in their character's voice, or a replay of a take. All
-- takes of a row in `scenes` are of its kind.
ALTER TABLE scenes ADD COLUMN kind TEXT NOT NULL DEFAULT 'scene' CHECK (kind IN ('scene', 'calibration', 'replay'));

-- A calibration: what is said in it, in which voice, and whether before the evening's first scene or after scenes.
ALTER TABLE scenes ADD COLUMN calibration_part TEXT CHECK (calibration_part IN ('passage', 'chat'));
ALTER TABLE scenes ADD COLUMN calibration_voice TEXT CHECK (calibration_voice IN ('own', 'character'));
ALTER TABLE scenes ADD COLUMN calibration_place TEXT CHECK (calibration_place IN ('beginning', 'end'));

-- A replay: the take that is played again, what is different, and the only line that may be said, if there is one.
ALTER TABLE scenes ADD COLUMN replay_of INTEGER REFERENCES takes (take_id);
ALTER TABLE scenes ADD COLUMN replay_mode TEXT CHECK (replay_mode IN ('emotions', 'gibberish', 'line'));
ALTER TABLE scenes ADD COLUMN replay_line TEXT;

-- Which scenes an X-card stopped is asked at every deal, for all scenes of a server.
CREATE INDEX stopped_scenes ON events (scene_id) WHERE kind = 'scene_stopped';

-- No emotion is dealt for a calibration. A column's constraint cannot be changed, so that new columns take their place.
DROP VIEW turn_targets;
DROP VIEW targets;
ALTER TABLE castings ADD COLUMN target_emotion_now TEXT;
ALTER TABLE castings ADD COLUMN target_intensity_now INTEGER CHECK (target_intensity_now BETWEEN 1 AND 3);
UPDATE castings SET target_emotion_now = target_emotion, target_intensity_now = target_intensity;
ALTER TABLE castings DROP COLUMN target_emotion;
ALTER TABLE castings DROP COLUMN target_intensity;
ALTER TABLE castings RENAME COLUMN target_emotion_now TO target_emotion;
ALTER TABLE castings RENAME COLUMN target_intensity_now TO target_intensity;

-- The targets in force: one row for each target that a performer with a part had in a take, from when until when, in
-- samples since the take's start. `claim` is 'first', 'second' or 'uncertain': then a cue was sent, and it is not known
-- whether its performer had seen it, so that emotion and intensity are null. `performer` is a pseudonym. The intensity is
-- also null if the emotion has no degrees, or if none was dealt. Calibrations have no targets.
CREATE VIEW targets AS
    WITH parts AS (
        SELECT take_id, track_id, castings.*, tracks.duration_samples,
               coalesce(min(first_until_samples, tracks.duration_samples), tracks.duration_samples) AS until_first,
               coalesce(min(second_from_samples, tracks.duration_samples), tracks.duration_samples) AS from_second
        FROM tracks
        JOIN takes    USING (take_id)
        JOIN castings USING (scene_id, person_id)
        LEFT JOIN cue_shifts USING (take_id, casting_id)
        WHERE target_emotion IS NOT NULL
    ), stretches AS (
        SELECT parts.*, 'first' AS claim, target_emotion AS emotion, target_intensity AS intensity,
               0 AS from_samples, until_first AS until_samples
        FROM parts WHERE until_first > 0
        UNION ALL
        SELECT parts.*, 'uncertain', NULL, NULL, until_first, from_second
        FROM parts WHERE until_first < from_second
        UNION ALL
        SELECT parts.*, 'second', second_emotion, second_intensity, from_second, duration_samples
        FROM parts WHERE from_second < duration_samples
    )
    SELECT take_id, track_id, casting_id, person_id, pseudonym AS performer, role, character, claim,
           emotion AS target_emotion,
           CASE WHEN (scene_id, emotion) IN (SELECT scene_id, emotion FROM emotions_without_degrees)
                THEN NULL ELSE intensity END AS target_intensity,
           from_samples, until_samples
    FROM stretches
    JOIN people USING (person_id);

-- The target that is claimed for a turn: the one in force when it began. `claim` is 'first', 'second' or 'uncertain':
-- then emotion and intensity are null. `target_until_samples` is where a cue was sent within the turn, null if its target
-- held to the end. The intensity is also null if the emotion has no degrees, or if none was dealt. Turns of calibrations
-- have no target.
CREATE VIEW turn_targets AS
    WITH begun AS (
        SELECT turns.turn_id, tracks.take_id, tracks.person_id, casting_id, scene_id, start_samples, end_samples,
               target_emotion, target_intensity, second_emotion, second_intensity, first_until_samples,
               CASE WHEN first_until_samples IS NULL OR start_samples < first_until_samples THEN 'first'
                    WHEN start_samples >= second_from_samples THEN 'second'
                    ELSE 'uncertain' END AS claim
        FROM turns
        JOIN tracks   USING (track_id)
        JOIN takes    USING (take_id)
        JOIN castings USING (scene_id, person_id)
        LEFT JOIN cue_shifts USING (take_id, casting_id)
        WHERE target_emotion IS NOT NULL
    ), claimed AS (
        SELECT *,
               CASE claim WHEN 'first' THEN target_emotion WHEN 'second' THEN second_emotion END AS emotion,
               CASE claim WHEN 'first' THEN target_intensity WHEN 'second' THEN second_intensity END AS intensity
        FROM begun
    )
    SELECT turn_id, take_id, person_id, casting_id, claim, emotion AS target_emotion,
           CASE WHEN (scene_id, emotion) IN (SELECT scene_id, emotion FROM emotions_without_degrees)
                THEN NULL ELSE intensity END AS target_intensity,
           CASE WHEN claim = 'first' AND first_until_samples < end_samples THEN first_until_samples END
               AS target_until_samples
    FROM claimed;
