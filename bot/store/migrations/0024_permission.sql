-- Consent that binds: two more scopes, what a grant is limited to, grants that cover what was withdrawn before, the texts
-- that people found and since when, and who is responsible on a server.

DROP VIEW exportable_tracks;
DROP VIEW consents_in_force;
DROP TRIGGER consent_is_never_changed;
DROP TRIGGER consent_is_never_deleted;
DROP INDEX consent_by_person;
ALTER TABLE consent_events RENAME TO consent_events_without_terms;

-- `covers_earlier`: a grant that brings back what was recorded before the person withdrew. `recipients` is a JSON list of
-- names, to whom the grant directs the recordings. The grant ends by itself at `ends_at`. `uses` says what a replica may be
-- used for, `represented_by` who advised the performer.
CREATE TABLE consent_events (
    consent_event_id INTEGER PRIMARY KEY,
    person_id        INTEGER NOT NULL REFERENCES people,
    guild_id         INTEGER,
    scope            TEXT NOT NULL CHECK (scope IN (
        'record', 'store_and_review', 'peer_rating', 'train_recognition', 'train_generative_speech',
        'voice_clone_replica', 'share_with_client', 'public_release', 'publish_demographics', 'recontact',
        'credit_by_name', 'voiceprint_analysis', 'publish_transcript')),
    action           TEXT NOT NULL CHECK (action IN ('grant', 'withdraw', 'expire', 'suspend', 'resume')),
    text_version     TEXT NOT NULL,
    text_sha256      TEXT NOT NULL,
    locale           TEXT NOT NULL,
    happened_at      TEXT NOT NULL,
    covers_earlier   INTEGER NOT NULL DEFAULT 0 CHECK (covers_earlier IN (0, action = 'grant')),
    recipients       TEXT CHECK (recipients IS NULL OR json_valid(recipients)),
    ends_at          TEXT,
    uses             TEXT,
    represented_by   TEXT CHECK (represented_by IN ('counsel', 'union', 'none'))
);

INSERT INTO consent_events (consent_event_id, person_id, guild_id, scope, action, text_version, text_sha256, locale,
                            happened_at)
SELECT consent_event_id, person_id, guild_id, scope, action, text_version, text_sha256, locale, happened_at
FROM consent_events_without_terms ORDER BY consent_event_id;
DROP TABLE consent_events_without_terms;

CREATE INDEX consent_by_person ON consent_events (person_id, scope, consent_event_id);
CREATE TRIGGER consent_is_never_changed BEFORE UPDATE ON consent_events
BEGIN SELECT RAISE(ABORT, 'consent events are never changed'); END;
CREATE TRIGGER consent_is_never_deleted BEFORE DELETE ON consent_events
BEGIN SELECT RAISE(ABORT, 'consent events are never deleted'); END;

-- The consent texts that people found, each from `since` on until the next one of its locale. `wording` is what they read;
-- null for a text of earlier versions, of which only the hash was kept.
CREATE TABLE consent_texts (
    text_id    INTEGER PRIMARY KEY,
    locale     TEXT NOT NULL,
    version    TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    asks_again INTEGER NOT NULL CHECK (asks_again IN (0, 1)),
    wording    TEXT,
    since      TEXT NOT NULL
);
INSERT INTO consent_texts (locale, version, sha256, asks_again, since)
SELECT locale, text_version, text_sha256, 0, min(happened_at)
FROM consent_events GROUP BY locale, text_version, text_sha256 ORDER BY min(happened_at);

-- What the law wants people to know about who is responsible for a server's recordings. Null is not said yet.
CREATE TABLE operators (
    guild_id            INTEGER PRIMARY KEY,
    controller          TEXT,
    contact             TEXT,
    legal_basis         TEXT,
    recipients          TEXT,
    retention           TEXT,
    complaint_authority TEXT
);

-- What each person consents to on each server: the rule of `bot.domain.standing`. An event without a server is about every
-- server. A grant counts until a withdrawal or an expiry, or its own end, except during a suspension, which a resumption or
-- a new grant ends. A grant of a replica counts only with its uses, end and advice, one of sharing only with recipients.
-- What was recorded or answered up to `withdrawn_until` was withdrawn and stays so. Whether a new text must be agreed to
-- before the next take is not here. What a running bot was asked to do but has not stored yet is in its journal, and not
-- here.
CREATE VIEW consents_in_force AS
    WITH guilds AS (
        SELECT guild_id FROM sessions
        UNION SELECT guild_id FROM guild_settings
        UNION SELECT guild_id FROM guild_decks
        UNION SELECT guild_id FROM consent_events WHERE guild_id <> 0   -- not those that are no longer known
    ), log AS (
        SELECT guilds.guild_id AS here_id, event.*
        FROM guilds
        JOIN consent_events AS event ON event.guild_id IS NULL OR event.guild_id = guilds.guild_id
    ), granted AS (
        SELECT person_id, here_id, scope, max(consent_event_id) FILTER (WHERE action = 'grant') AS consent_event_id
        FROM log
        GROUP BY person_id, here_id, scope
        HAVING max(consent_event_id) FILTER (WHERE action = 'grant')
                   > coalesce(max(consent_event_id) FILTER (WHERE action IN ('withdraw', 'expire')), 0)
           AND max(consent_event_id) FILTER (WHERE action IN ('grant', 'resume'))
                   > coalesce(max(consent_event_id) FILTER (WHERE action = 'suspend'), 0)
    )
    SELECT person_id, here_id AS guild_id, scope,
           (SELECT max(gone.happened_at) FROM log AS gone
            WHERE gone.person_id = granted.person_id AND gone.here_id = granted.here_id AND gone.scope = granted.scope
              AND gone.action = 'withdraw'
              AND NOT EXISTS (
                  SELECT 1 FROM log AS back
                  WHERE back.person_id = gone.person_id AND back.here_id = gone.here_id AND back.scope = gone.scope
                    AND back.action = 'grant' AND back.consent_event_id > gone.consent_event_id
                    AND (back.covers_earlier OR back.happened_at = gone.happened_at)
              )) AS withdrawn_until,
           recipients, ends_at
    FROM granted
    JOIN consent_events USING (consent_event_id, person_id, scope)
    WHERE (ends_at IS NULL OR ends_at > strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
      AND (scope <> 'share_with_client' OR json_array_length(recipients) > 0)
      AND (scope <> 'voice_clone_replica'
           OR (trim(coalesce(uses, '')) <> '' AND ends_at IS NOT NULL AND represented_by IS NOT NULL));

-- The tracks whose sound may be exported now: of takes that count, and of people who still consent to being recorded,
-- stored and reviewed on the server of the session, and have not withdrawn what was recorded then. An export also asks the
-- journal, leaves out damaged files, and asks for the consents of its purpose and its recipient.
CREATE VIEW exportable_tracks AS
    SELECT track_id, take_id, session_id, kept_takes.guild_id, tracks.person_id
    FROM tracks
    JOIN kept_takes USING (take_id)
    JOIN takes      USING (take_id)
    WHERE 2 = (SELECT count(*) FROM consents_in_force AS consent
               WHERE consent.person_id = tracks.person_id AND consent.guild_id = kept_takes.guild_id
                 AND consent.scope IN ('record', 'store_and_review')
                 AND called_at > coalesce(withdrawn_until, ''));
