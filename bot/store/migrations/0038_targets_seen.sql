-- Who has been shown what was dealt in a session while it could be rated: they no longer rate it. The rows of a session
-- are deleted when it can no longer be rated.
CREATE TABLE targets_seen (
    session_id      INTEGER NOT NULL REFERENCES sessions,
    discord_user_id INTEGER NOT NULL,
    first_at        TEXT NOT NULL,
    PRIMARY KEY (session_id, discord_user_id)
) WITHOUT ROWID;
