-- What people are to be told of, once each, and what came of it: that their recordings were given to someone (`use_id`), or
-- that those of a session will be deleted (`session_id`). `delivered` is null until they were told, or could not be.
CREATE TABLE notices (
    notice_id  INTEGER PRIMARY KEY,
    person_id  INTEGER NOT NULL REFERENCES people,
    use_id     INTEGER REFERENCES uses,
    session_id INTEGER REFERENCES sessions,
    told_at    TEXT,
    delivered  TEXT CHECK (delivered IN ('message', 'nowhere')),
    CHECK ((use_id IS NULL) <> (session_id IS NULL)),
    CHECK ((told_at IS NULL) = (delivered IS NULL)),
    UNIQUE (person_id, use_id),
    UNIQUE (person_id, session_id)
);
CREATE INDEX notices_due ON notices (notice_id) WHERE told_at IS NULL;
INSERT INTO notices (person_id, use_id)
SELECT person_id, use_id FROM use_people JOIN uses USING (use_id) WHERE recipient IS NOT NULL ORDER BY use_id, person_id;
