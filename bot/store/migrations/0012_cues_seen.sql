-- A cue counts only if its performer saw it: when it was sent in each way, when its performer pressed the button under it,
-- and what they said after the cut if they had not. `position_samples` is when the bot began to send it: from then on
-- it can have been seen. Cues of earlier versions have only that, as the moment at which Discord had accepted them.

ALTER TABLE cues ADD COLUMN card_sent_samples INTEGER CHECK (card_sent_samples >= position_samples);
ALTER TABLE cues ADD COLUMN dm_sent_samples INTEGER CHECK (dm_sent_samples >= position_samples);
ALTER TABLE cues ADD COLUMN acknowledged_samples INTEGER CHECK (acknowledged_samples >= position_samples);
ALTER TABLE cues ADD COLUMN asked_at TEXT;
ALTER TABLE cues ADD COLUMN answer TEXT CHECK (answer IN ('saw', 'not_seen', 'unsure'));
ALTER TABLE cues ADD COLUMN answered_at TEXT;

DROP VIEW turn_targets;
DROP VIEW targets;

-- What each cue did to its performer's target: the rule of `bot.domain.cues`. The first target is claimed for what begins
-- before `first_until_samples` (null: to the end), but not beyond it, the second one for what begins at
-- `second_from_samples` or later (null: never). Nothing is claimed in between. A performer who remembers a cue had seen it
-- 5 s after it was sent for the last time.
CREATE VIEW cue_shifts AS
    WITH known AS (
        SELECT *,
               max(position_samples, coalesce(card_sent_samples, 0), coalesce(dm_sent_samples, 0)) AS last_sent_samples,
               CASE WHEN card_sent_samples IS NULL AND dm_sent_samples IS NULL THEN 'told'
                    WHEN acknowledged_samples IS NOT NULL THEN 'acknowledged'
                    WHEN answer = 'saw' THEN 'remembered'
                    WHEN answer = 'not_seen' THEN 'not_seen'
                    ELSE 'uncertain' END AS basis
        FROM cues
    )
    SELECT cue_id, take_id, casting_id, basis, position_samples AS sent_samples,
           CASE WHEN basis <> 'not_seen' THEN position_samples END AS first_until_samples,
           CASE basis WHEN 'told' THEN position_samples
                      WHEN 'acknowledged' THEN acknowledged_samples
                      WHEN 'remembered' THEN last_sent_samples + 5 * 48000 END AS second_from_samples
    FROM known;

-- The targets in force: one row for each target that a performer with a part had in a take, from when until when, in
-- samples since the take's start. `claim` is 'first', 'second' or 'uncertain': then a cue was sent, and it is not known
-- whether its performer had seen it, so that emotion and intensity are null. `performer` is a pseudonym. The intensity is
-- also null if the emotion has no degrees, or if none was dealt.
CREATE VIEW targets AS
    WITH parts AS (
        SELECT take_id, track_id, castings.*, tracks.duration_samples,
               coalesce(min(first_until_samples, tracks.duration_samples), tracks.duration_samples) AS until_first,
               coalesce(min(second_from_samples, tracks.duration_samples), tracks.duration_samples) AS from_second
        FROM tracks
        JOIN takes    USING (take_id)
        JOIN castings USING (scene_id, person_id)
        LEFT JOIN cue_shifts USING (take_id, casting_id)
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
-- held to the end. The intensity is also null if the emotion has no degrees, or if none was dealt.
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
