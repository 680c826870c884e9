-- Sessions that are scheduled, and who comes to them.

ALTER TABLE guild_settings ADD COLUMN time_zone TEXT;   -- an IANA name

CREATE TABLE scheduled_sessions (
    scheduled_id        INTEGER PRIMARY KEY,
    guild_id            INTEGER NOT NULL,
    voice_channel_id    INTEGER NOT NULL,
    coordinator_user_id INTEGER NOT NULL,
    title               TEXT NOT NULL,
    starts_at           TEXT NOT NULL,
    minutes             INTEGER NOT NULL CHECK (minutes > 0),
    performers          INTEGER NOT NULL CHECK (performers > 0),
    time_zone           TEXT NOT NULL,
    timed_at            TEXT NOT NULL,   -- when this time was chosen
    chat_channel_id     INTEGER NOT NULL,
    message_id          INTEGER,
    event_id            INTEGER,
    cancelled_at        TEXT,
    closed_at           TEXT,
    session_id          INTEGER REFERENCES sessions
);
CREATE INDEX scheduled_sessions_of_guild ON scheduled_sessions (guild_id) WHERE closed_at IS NULL;

-- By account, like attendance: people whom `people` need not know. The rows of a session are deleted a day after it.
CREATE TABLE sign_ups (
    scheduled_id    INTEGER NOT NULL REFERENCES scheduled_sessions,
    discord_user_id INTEGER NOT NULL,
    answer          TEXT NOT NULL CHECK (answer IN ('coming', 'standby', 'absent')),
    number          INTEGER NOT NULL,   -- the order of the answers
    placed_at       TEXT NOT NULL,      -- since when they have known whether they have a place
    PRIMARY KEY (scheduled_id, discord_user_id)
) WITHOUT ROWID;

-- A reminder is stored before it is sent, so that none is sent twice. Deleted with the sign-ups.
CREATE TABLE reminders (
    scheduled_id    INTEGER NOT NULL REFERENCES scheduled_sessions,
    discord_user_id INTEGER NOT NULL,
    starts_at       TEXT NOT NULL,
    lead_minutes    INTEGER NOT NULL,
    sent_at         TEXT NOT NULL,
    PRIMARY KEY (scheduled_id, discord_user_id, starts_at, lead_minutes)
) WITHOUT ROWID;

-- Accounts that want no reminders.
CREATE TABLE unreminded (
    discord_user_id INTEGER PRIMARY KEY,
    since           TEXT NOT NULL
);
