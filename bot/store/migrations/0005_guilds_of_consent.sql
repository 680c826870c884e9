-- Consent belongs to a server: a grant on one does not count on another, unless it was given for every server of the
-- bot. `guild_id` is the server. Null means every server of this bot, and 0 means a server that is no longer known.

DROP TRIGGER consent_is_never_changed;
DROP TRIGGER consent_is_never_deleted;
DROP INDEX consent_by_person;
ALTER TABLE consent_events RENAME TO consent_events_of_all_guilds;

CREATE TABLE consent_events (
    consent_event_id INTEGER PRIMARY KEY,
    person_id        INTEGER NOT NULL REFERENCES people,
    guild_id         INTEGER,
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

-- A withdrawal was a withdrawal everywhere. A grant belongs to the server of the session in which it was given, if the
-- event log knows it, otherwise to every server on which the person was recorded, otherwise to no server that is known.
INSERT INTO consent_events (person_id, guild_id, scope, action, text_version, text_sha256, locale, happened_at)
WITH given_in AS (
    SELECT consent_event_id, min(sessions.guild_id) AS guild_id
    FROM consent_events_of_all_guilds AS given
    JOIN events ON events.person_id = given.person_id AND events.kind = 'consent_granted'
               AND events.happened_at = given.happened_at AND json_extract(events.detail, '$.scope') = given.scope
    JOIN sessions ON sessions.session_id = events.session_id
    WHERE given.action = 'grant'
    GROUP BY consent_event_id
), recorded_in AS (
    SELECT DISTINCT tracks.person_id, sessions.guild_id
    FROM tracks JOIN takes USING (take_id) JOIN scenes USING (scene_id) JOIN sessions USING (session_id)
)
SELECT given.person_id,
       CASE WHEN given.action <> 'grant' THEN NULL
            ELSE coalesce(given_in.guild_id, recorded_in.guild_id, 0) END,
       scope, action, text_version, text_sha256, locale, happened_at
FROM consent_events_of_all_guilds AS given
LEFT JOIN given_in USING (consent_event_id)
LEFT JOIN recorded_in ON recorded_in.person_id = given.person_id
                     AND given.action = 'grant' AND given_in.guild_id IS NULL
ORDER BY consent_event_id;
DROP TABLE consent_events_of_all_guilds;

CREATE INDEX consent_by_person ON consent_events (person_id, scope, consent_event_id);
CREATE TRIGGER consent_is_never_changed BEFORE UPDATE ON consent_events
BEGIN SELECT RAISE(ABORT, 'consent events are never changed'); END;
CREATE TRIGGER consent_is_never_deleted BEFORE DELETE ON consent_events
BEGIN SELECT RAISE(ABORT, 'consent events are never deleted'); END;
