-- How good a track is, measured when its take is cut; null where it was never measured or there is no speech to measure.
-- Levels are relative to full scale. Loudness is ITU-R BS.1770 over the track's speech.

ALTER TABLE tracks ADD COLUMN loudness_lufs REAL;
ALTER TABLE tracks ADD COLUMN peak_dbfs REAL;
ALTER TABLE tracks ADD COLUMN speech_dbfs REAL;
ALTER TABLE tracks ADD COLUMN noise_dbfs REAL;
ALTER TABLE tracks ADD COLUMN clipped_share REAL CHECK (clipped_share BETWEEN 0 AND 1);

-- Stretches of a take in which nothing could be heard, of anybody: the voice connection was away.
CREATE TABLE holes (
    hole_id       INTEGER PRIMARY KEY,
    take_id       INTEGER NOT NULL REFERENCES takes,
    start_samples INTEGER NOT NULL CHECK (start_samples >= 0),
    end_samples   INTEGER NOT NULL CHECK (end_samples > start_samples)
);
CREATE INDEX holes_by_take ON holes (take_id);
