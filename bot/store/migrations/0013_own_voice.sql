-- What moderators do to the bot itself. A column's check cannot be changed, so that a new column takes its place.

ALTER TABLE holes ADD COLUMN cause_now TEXT NOT NULL DEFAULT 'connection'
    CHECK (cause_now IN ('connection', 'pause', 'deafened', 'moved', 'forbidden', 'undecryptable'));
UPDATE holes SET cause_now = cause;
ALTER TABLE holes DROP COLUMN cause;
ALTER TABLE holes RENAME COLUMN cause_now TO cause;

ALTER TABLE sessions ADD COLUMN pause_cause_now TEXT CHECK (pause_cause_now IN ('coordinator', 'dropout', 'moved'));
UPDATE sessions SET pause_cause_now = pause_cause;
ALTER TABLE sessions DROP COLUMN pause_cause;
ALTER TABLE sessions RENAME COLUMN pause_cause_now TO pause_cause;

ALTER TABLE takes ADD COLUMN cut_reason_now TEXT CHECK (cut_reason_now IN (
    'coordinator', 'time_limit', 'session_end', 'voice_lost', 'withdrawal', 'interrupted', 'disk', 'x_card',
    'dropout', 'moved', 'ousted'));
UPDATE takes SET cut_reason_now = cut_reason;
ALTER TABLE takes DROP COLUMN cut_reason;
ALTER TABLE takes RENAME COLUMN cut_reason_now TO cut_reason;
