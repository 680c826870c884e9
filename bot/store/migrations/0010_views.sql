-- Views for the questions that people ask in SQL: docs/reference.md lists them with an example each. They show what is
-- stored; whoever opens the database reads everything in it, whatever people have withdrawn since. What may leave it is
-- in `exportable_tracks`.

DROP VIEW turn_targets;

-- What each person consents to on each server: the rule of `bot.domain.consent.consented`. An event without a server is
-- about every server. A grant counts until a withdrawal or an expiry, except during a suspension, which a resumption or
-- a new grant ends. What a running bot was asked to do but has not stored yet is in its journal, and not here.
CREATE VIEW consents_in_force AS
    WITH guilds AS (
        SELECT guild_id FROM sessions
        UNION SELECT guild_id FROM guild_settings
        UNION SELECT guild_id FROM guild_decks
        UNION SELECT guild_id FROM consent_events WHERE guild_id <> 0   -- not those that are no longer known
    )
    SELECT person_id, guilds.guild_id, scope
    FROM guilds
    JOIN consent_events AS event ON event.guild_id IS NULL OR event.guild_id = guilds.guild_id
    GROUP BY person_id, guilds.guild_id, scope
    HAVING max(consent_event_id) FILTER (WHERE action = 'grant')
               > coalesce(max(consent_event_id) FILTER (WHERE action IN ('withdraw', 'expire')), 0)
       AND max(consent_event_id) FILTER (WHERE action IN ('grant', 'resume'))
               > coalesce(max(consent_event_id) FILTER (WHERE action = 'suspend'), 0);

-- The takes that count: cut, kept and not struck. `scene` and `take` are their numbers.
CREATE VIEW kept_takes AS
    SELECT take_id, scene_id, session_id, guild_id, scenes.number AS scene, takes.number AS take
    FROM takes
    JOIN scenes   USING (scene_id)
    JOIN sessions USING (session_id)
    WHERE takes.state = 'cut' AND takes.struck_at IS NULL;

-- The tracks whose sound may be exported now: of takes that count, and of people who still consent to being recorded,
-- stored and reviewed on the server of the session. An export also asks the journal, and leaves out damaged files.
CREATE VIEW exportable_tracks AS
    SELECT track_id, take_id, session_id, guild_id, person_id
    FROM tracks
    JOIN kept_takes USING (take_id)
    JOIN (SELECT person_id, guild_id FROM consents_in_force WHERE scope IN ('record', 'store_and_review')
          GROUP BY person_id, guild_id HAVING count(*) = 2) USING (person_id, guild_id);

-- The emotions of each scene that have no intensity. Before scenes kept their emotion set, `neutral` was the only one in
-- any set that came with Promptbook.
CREATE VIEW emotions_without_degrees AS
    SELECT scene_id, json_extract(emotion.value, '$.key') AS emotion
    FROM scenes
    JOIN materials ON sha256 = emotion_set_sha256
    JOIN json_each(content, '$.emotions') AS emotion
    WHERE NOT json_extract(emotion.value, '$.has_degrees')
    UNION ALL
    SELECT scene_id, 'neutral' FROM scenes WHERE emotion_set_sha256 IS NULL;

-- The targets in force: one row for each target that a performer with a part had in a take, from when until when, in
-- samples since the take's start. A cue that was told begins the second one. `performer` is a pseudonym. The intensity
-- is null if the emotion has no degrees, or if none was dealt.
CREATE VIEW targets AS
    WITH parts AS (
        SELECT take_id, track_id, castings.*, tracks.duration_samples,
               coalesce(min(position_samples, tracks.duration_samples), tracks.duration_samples) AS shift_samples
        FROM tracks
        JOIN takes    USING (take_id)
        JOIN castings USING (scene_id, person_id)
        LEFT JOIN cues USING (take_id, casting_id)
    ), stretches AS (
        SELECT parts.*, target_emotion AS emotion, target_intensity AS intensity,
               0 AS from_samples, shift_samples AS until_samples
        FROM parts WHERE shift_samples > 0
        UNION ALL
        SELECT parts.*, second_emotion, second_intensity, shift_samples, duration_samples
        FROM parts WHERE shift_samples < duration_samples
    )
    SELECT take_id, track_id, casting_id, person_id, pseudonym AS performer, role, character,
           emotion AS target_emotion,
           CASE WHEN (scene_id, emotion) IN (SELECT scene_id, emotion FROM emotions_without_degrees)
                THEN NULL ELSE intensity END AS target_intensity,
           from_samples, until_samples
    FROM stretches
    JOIN people USING (person_id);

-- The target in force when a turn began. `target_until_samples` is where a cue ended it within the turn, null if it held
-- to the end. The intensity is null if the emotion has no degrees, or if none was dealt.
CREATE VIEW turn_targets AS
    WITH begun AS (
        SELECT turns.turn_id, tracks.take_id, tracks.person_id, casting_id, scene_id,
               turns.start_samples, turns.end_samples, position_samples,
               iif(position_samples <= turns.start_samples, second_emotion, target_emotion) AS emotion,
               iif(position_samples <= turns.start_samples, second_intensity, target_intensity) AS intensity
        FROM turns
        JOIN tracks   USING (track_id)
        JOIN takes    USING (take_id)
        JOIN castings USING (scene_id, person_id)
        LEFT JOIN cues USING (take_id, casting_id)
    )
    SELECT turn_id, take_id, person_id, casting_id, emotion AS target_emotion,
           CASE WHEN (scene_id, emotion) IN (SELECT scene_id, emotion FROM emotions_without_degrees)
                THEN NULL ELSE intensity END AS target_intensity,
           CASE WHEN position_samples > start_samples AND position_samples < end_samples
                THEN position_samples END AS target_until_samples
    FROM begun;

-- What raters heard in each turn: how many they were, the emotion that more than half of them named (otherwise
-- 'no_agreement'), and the share that named the most frequent one. Under three raters, both are null. A turn's emotion
-- is that of its most frequent answer, because SQLite takes bare columns from the row with the maximum.
CREATE VIEW perceived_labels AS
    WITH answers AS (
        SELECT turn_id, perceived_emotion, count(*) AS times FROM ratings GROUP BY turn_id, perceived_emotion
    ), most_frequent AS (
        SELECT turn_id, perceived_emotion, max(times) AS times, sum(times) AS raters FROM answers GROUP BY turn_id
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

-- Where two performers speak at once: each pair of turns in a take that overlap, the one that began first (of two that
-- began together, the one that was stored first), and where the overlap starts and ends, in samples since the take's
-- start.
CREATE VIEW speaker_overlaps AS
    SELECT tracks.take_id,
           earlier.turn_id  AS earlier_turn_id,
           tracks.person_id AS earlier_person_id,
           later.turn_id    AS later_turn_id,
           others.person_id AS later_person_id,
           later.start_samples,
           min(earlier.end_samples, later.end_samples) AS end_samples
    FROM tracks
    JOIN tracks AS others ON others.take_id = tracks.take_id AND others.track_id <> tracks.track_id
    JOIN turns AS earlier ON earlier.track_id = tracks.track_id
    JOIN turns AS later   ON later.track_id = others.track_id
                         AND later.start_samples >= earlier.start_samples
                         AND later.start_samples < earlier.end_samples
    WHERE later.start_samples > earlier.start_samples OR later.turn_id > earlier.turn_id;

CREATE INDEX turns_by_start ON turns (track_id, start_samples);
