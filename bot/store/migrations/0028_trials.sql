-- Trials and answers: what raters are asked is data. A trial is one question to one rater about a turn, a pair of turns or
-- their own turn; an answer is one value of one item. `ratings` and `self_ratings` become views with a column for each
-- item that always had one.

DROP VIEW enough_ratings;
DROP VIEW perceived_labels;

CREATE TABLE trials (
    -- Never given twice: a form that is still open must not be about another trial.
    trial_id          INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id        INTEGER NOT NULL REFERENCES sessions,
    kind              TEXT NOT NULL CHECK (kind IN ('turn', 'pair', 'own')),
    purpose           TEXT NOT NULL DEFAULT 'rating' CHECK (purpose IN ('rating', 'repeat', 'reference')),
    rater_id          INTEGER NOT NULL REFERENCES people,
    turn_id           INTEGER NOT NULL REFERENCES turns,
    other_turn_id     INTEGER REFERENCES turns,
    number            INTEGER NOT NULL CHECK (number >= 1),          -- the place in this rater's sequence in the session
    instrument_sha256 TEXT REFERENCES materials (sha256),            -- null if an earlier version asked
    items             TEXT CHECK (items IS NULL OR json_valid(items)), -- what was asked; null if an earlier version asked
    is_partner        INTEGER NOT NULL CHECK (is_partner IN (0, 1)), -- played in the same take, heard it live
    knew_prompt       INTEGER NOT NULL CHECK (knew_prompt IN (0, 1)),
    shown_at          TEXT,                                          -- null if it is not known
    answered_at       TEXT,                                          -- null until there are answers
    response_ms       INTEGER CHECK (response_ms >= 0),              -- from the clip to the answers, if that is known
    CHECK (kind <> 'pair' OR other_turn_id IS NOT NULL),
    UNIQUE (session_id, rater_id, number)
);

-- An answer is a value, or words that a rater typed. An item with several values has several rows.
CREATE TABLE answers (
    answer_id INTEGER PRIMARY KEY,
    trial_id  INTEGER NOT NULL REFERENCES trials ON DELETE CASCADE,
    item      TEXT NOT NULL,
    value     TEXT,
    words     TEXT,
    CHECK ((value IS NULL) <> (words IS NULL)),
    UNIQUE (trial_id, item, value)
);

INSERT INTO trials (session_id, kind, rater_id, turn_id, number, instrument_sha256, is_partner, knew_prompt, shown_at,
                    answered_at, response_ms)
    SELECT session_id, judged.kind, rater_id, turn_id,
           row_number() OVER (PARTITION BY session_id, rater_id ORDER BY answered_at, judged.kind, old_id),
           instrument_sha256, is_partner, knew_prompt, asked_at, answered_at,
           CASE WHEN julianday(answered_at) >= julianday(asked_at)
                THEN CAST(round((julianday(answered_at) - julianday(asked_at)) * 86400000) AS INTEGER) END
    FROM (
        SELECT 'turn' AS kind, rating_id AS old_id, rater_id, turn_id, is_partner, knew_prompt, asked_at, answered_at
        FROM ratings
        UNION ALL
        SELECT 'own', self_rating_id, person_id, turn_id, 1, 1, NULL, answered_at FROM self_ratings
    ) AS judged
    JOIN turns USING (turn_id) JOIN tracks USING (track_id) JOIN takes USING (take_id) JOIN scenes USING (scene_id)
    JOIN sessions USING (session_id)
    ORDER BY judged.kind = 'own', old_id;

INSERT INTO answers (trial_id, item, value)
    SELECT trial_id, item, value FROM (
        SELECT trial_id, 1 AS place, 'emotion' AS item, perceived_emotion AS value
        FROM trials JOIN ratings USING (turn_id, rater_id) WHERE kind = 'turn'
        UNION ALL SELECT trial_id, 2, 'intensity', intensity FROM trials JOIN ratings USING (turn_id, rater_id)
        WHERE kind = 'turn'
        UNION ALL SELECT trial_id, 3, 'valence', valence FROM trials JOIN ratings USING (turn_id, rater_id)
        WHERE kind = 'turn'
        UNION ALL SELECT trial_id, 4, 'arousal', arousal FROM trials JOIN ratings USING (turn_id, rater_id)
        WHERE kind = 'turn'
        UNION ALL SELECT trial_id, 5, 'dominance', dominance FROM trials JOIN ratings USING (turn_id, rater_id)
        WHERE kind = 'turn'
        UNION ALL SELECT trial_id, 6, 'authenticity', authenticity FROM trials JOIN ratings USING (turn_id, rater_id)
        WHERE kind = 'turn'
        UNION ALL SELECT trial_id, 7, 'secondary_emotion', secondary_emotion
        FROM trials JOIN ratings USING (turn_id, rater_id) WHERE kind = 'turn'
        UNION ALL SELECT trial_id, 8, 'naturalness', naturalness FROM trials JOIN ratings USING (turn_id, rater_id)
        WHERE kind = 'turn'
        UNION ALL SELECT trial_id, 9, 'voice_consistency', voice_consistency
        FROM trials JOIN ratings USING (turn_id, rater_id) WHERE kind = 'turn'
        UNION ALL SELECT trial_id, 1, 'emotion', felt_emotion FROM trials JOIN self_ratings USING (turn_id)
        WHERE kind = 'own'
        UNION ALL SELECT trial_id, 2, 'intensity', intensity FROM trials JOIN self_ratings USING (turn_id)
        WHERE kind = 'own'
        UNION ALL SELECT trial_id, 3, 'valence', valence FROM trials JOIN self_ratings USING (turn_id)
        WHERE kind = 'own'
        UNION ALL SELECT trial_id, 4, 'arousal', arousal FROM trials JOIN self_ratings USING (turn_id)
        WHERE kind = 'own'
        UNION ALL SELECT trial_id, 5, 'dominance', dominance FROM trials JOIN self_ratings USING (turn_id)
        WHERE kind = 'own'
        UNION ALL SELECT trial_id, 6, 'authenticity', authenticity FROM trials JOIN self_ratings USING (turn_id)
        WHERE kind = 'own'
    ) WHERE value IS NOT NULL ORDER BY trial_id, place;

DROP TABLE ratings;
DROP TABLE self_ratings;

-- No one is asked twice about a turn, except to see whether they answer the same.
CREATE UNIQUE INDEX one_rating_per_turn ON trials (turn_id, rater_id) WHERE purpose = 'rating' AND kind <> 'pair';
CREATE INDEX trials_by_turn ON trials (turn_id);
CREATE INDEX trials_by_other_turn ON trials (other_turn_id) WHERE other_turn_id IS NOT NULL;
CREATE INDEX trials_by_rater ON trials (rater_id);

-- What raters perceived in someone else's turn, one row per rater and turn, without those who could not judge it and
-- without repeats and references. Every item that always had a column has it here; `answers` has all items.
CREATE VIEW ratings AS
    SELECT trial_id AS rating_id, turn_id, rater_id, is_partner, emotion.value AS perceived_emotion,
           (SELECT value FROM answers AS one WHERE one.trial_id = trials.trial_id AND item = 'secondary_emotion')
               AS secondary_emotion,
           (SELECT CAST(value AS INTEGER) FROM answers AS one
            WHERE one.trial_id = trials.trial_id AND item = 'intensity') AS intensity,
           (SELECT CAST(value AS INTEGER) FROM answers AS one
            WHERE one.trial_id = trials.trial_id AND item = 'valence') AS valence,
           (SELECT CAST(value AS INTEGER) FROM answers AS one
            WHERE one.trial_id = trials.trial_id AND item = 'arousal') AS arousal,
           (SELECT CAST(value AS INTEGER) FROM answers AS one
            WHERE one.trial_id = trials.trial_id AND item = 'dominance') AS dominance,
           (SELECT CAST(value AS INTEGER) FROM answers AS one
            WHERE one.trial_id = trials.trial_id AND item = 'authenticity') AS authenticity,
           (SELECT CAST(value AS INTEGER) FROM answers AS one
            WHERE one.trial_id = trials.trial_id AND item = 'naturalness') AS naturalness,
           (SELECT CAST(value AS INTEGER) FROM answers AS one
            WHERE one.trial_id = trials.trial_id AND item = 'voice_consistency') AS voice_consistency,
           shown_at AS asked_at, answered_at, knew_prompt, instrument_sha256
    FROM trials JOIN answers AS emotion USING (trial_id)
    WHERE kind = 'turn' AND purpose = 'rating' AND emotion.item = 'emotion'
      AND emotion.value NOT IN ('cannot_judge', 'bad_sound');

-- What performers felt in their own turns: never merged with what others perceived.
CREATE VIEW self_ratings AS
    SELECT trial_id AS self_rating_id, turn_id, rater_id AS person_id, emotion.value AS felt_emotion,
           (SELECT CAST(value AS INTEGER) FROM answers AS one
            WHERE one.trial_id = trials.trial_id AND item = 'intensity') AS intensity,
           (SELECT CAST(value AS INTEGER) FROM answers AS one
            WHERE one.trial_id = trials.trial_id AND item = 'valence') AS valence,
           (SELECT CAST(value AS INTEGER) FROM answers AS one
            WHERE one.trial_id = trials.trial_id AND item = 'arousal') AS arousal,
           (SELECT CAST(value AS INTEGER) FROM answers AS one
            WHERE one.trial_id = trials.trial_id AND item = 'dominance') AS dominance,
           (SELECT CAST(value AS INTEGER) FROM answers AS one
            WHERE one.trial_id = trials.trial_id AND item = 'authenticity') AS authenticity,
           answered_at, instrument_sha256
    FROM trials JOIN answers AS emotion USING (trial_id)
    WHERE kind = 'own' AND purpose = 'rating' AND emotion.item = 'emotion'
      AND emotion.value NOT IN ('cannot_judge', 'bad_sound');

-- What raters heard in each turn: how many they were, the emotion that more than half of them named (otherwise
-- 'no_agreement'), and the share that named the most frequent one. Under three raters, both are null. A turn's emotion
-- is that of its most frequent answer, because SQLite takes bare columns from the row with the maximum.
CREATE VIEW perceived_labels AS
    WITH named AS (
        SELECT turn_id, perceived_emotion, count(*) AS times FROM ratings GROUP BY turn_id, perceived_emotion
    ), most_frequent AS (
        SELECT turn_id, perceived_emotion, max(times) AS times, sum(times) AS raters FROM named GROUP BY turn_id
    )
    SELECT turn_id, coalesce(raters, 0) AS raters,
           CASE WHEN raters >= 3 THEN iif(2 * times > raters, perceived_emotion, 'no_agreement') END
               AS perceived_emotion,
           CASE WHEN raters >= 3 THEN 1.0 * times / raters END AS agreement
    FROM turns
    LEFT JOIN most_frequent USING (turn_id);

-- The turns that have as many ratings as their session wanted: no one is offered these any more. Sessions of earlier
-- versions did not keep how many they wanted, so none of their turns is here.
CREATE VIEW enough_ratings AS
    SELECT turn_id, raters, ratings_wanted
    FROM turns
    JOIN tracks           USING (track_id)
    JOIN kept_takes       USING (take_id)
    JOIN sessions         USING (session_id)
    JOIN perceived_labels USING (turn_id)
    WHERE turns.is_for_rating AND raters >= ratings_wanted;
