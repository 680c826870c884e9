-- Invitations to rate a session, for people who were not in its channel: messages that stay until the rating ends.
CREATE TABLE invitations (
    invitation_id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id    INTEGER NOT NULL REFERENCES sessions,
    channel_id    INTEGER NOT NULL,
    message_id    INTEGER,                                          -- null until Discord has it
    invited_at    TEXT NOT NULL,
    closed_at     TEXT
);
CREATE INDEX invitations_by_session ON invitations (session_id);

-- Raters who were not in the session's channel when they were first given a clip of it. Those who came by an invitation
-- hear only performers who permit it. This stays with their answers, so that data users can tell them apart.
CREATE TABLE absent_raters (
    session_id INTEGER NOT NULL REFERENCES sessions,
    person_id  INTEGER NOT NULL REFERENCES people,
    first_at   TEXT NOT NULL,
    is_invited INTEGER NOT NULL CHECK (is_invited IN (0, 1)),
    PRIMARY KEY (session_id, person_id)
) WITHOUT ROWID;
