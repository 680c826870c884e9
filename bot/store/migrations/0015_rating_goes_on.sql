-- Rating goes on after the end of a session, for a time that its server chooses, by people who were in its channel.
-- Null is the default of this installation, and no role.

ALTER TABLE guild_settings ADD COLUMN rater_role_id INTEGER;
ALTER TABLE guild_settings ADD COLUMN rating_hours INTEGER CHECK (rating_hours BETWEEN 0 AND 720);

-- Set when the session ends; sessions that ended earlier can no longer be rated.
ALTER TABLE sessions ADD COLUMN rating_until TEXT;
ALTER TABLE sessions ADD COLUMN rating_closed_at TEXT;

-- Who was in a session's channel, by account: also people who did nothing else, whom `people` need not know. The rows of
-- a session are deleted when it can no longer be rated.
CREATE TABLE attendance (
    session_id      INTEGER NOT NULL REFERENCES sessions,
    discord_user_id INTEGER NOT NULL,
    first_at        TEXT NOT NULL,
    PRIMARY KEY (session_id, discord_user_id)
) WITHOUT ROWID;

-- In sessions that are open now, performers who have left since are known only by their parts.
INSERT INTO attendance (session_id, discord_user_id, first_at)
SELECT session_id, discord_user_id, min(dealt_at)
FROM castings JOIN scenes USING (scene_id) JOIN sessions USING (session_id) JOIN people USING (person_id)
WHERE sessions.ended_at IS NULL
GROUP BY session_id, discord_user_id;
