-- Takes last up to three hours, and a take that waits too long is cut. A column's check cannot be changed, so that a new
-- column takes its place.

ALTER TABLE guild_settings ADD COLUMN scene_seconds_now INTEGER CHECK (scene_seconds_now BETWEEN 5 AND 10800);
UPDATE guild_settings SET scene_seconds_now = scene_seconds;
ALTER TABLE guild_settings DROP COLUMN scene_seconds;
ALTER TABLE guild_settings RENAME COLUMN scene_seconds_now TO scene_seconds;

ALTER TABLE takes ADD COLUMN cut_reason_now TEXT CHECK (cut_reason_now IN (
    'coordinator', 'time_limit', 'session_end', 'voice_lost', 'withdrawal', 'interrupted', 'disk', 'x_card',
    'dropout', 'paused', 'moved', 'ousted'));
UPDATE takes SET cut_reason_now = cut_reason;
ALTER TABLE takes DROP COLUMN cut_reason;
ALTER TABLE takes RENAME COLUMN cut_reason_now TO cut_reason;
