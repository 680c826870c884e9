-- For how many days a guild keeps the sound of a session after its end. Null: as long as people allow.
ALTER TABLE guild_settings ADD COLUMN retention_days INTEGER CHECK (retention_days BETWEEN 30 AND 36500);

-- Sessions whose sound is deleted by itself: for when that was announced, and when it was done, with how many tracks.
CREATE TABLE retentions (
    session_id   INTEGER PRIMARY KEY REFERENCES sessions,
    announced_at TEXT NOT NULL,
    deletes_at   TEXT NOT NULL,
    done_at      TEXT,
    tracks       INTEGER,
    CHECK ((done_at IS NULL) = (tracks IS NULL))
);
