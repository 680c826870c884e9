-- How good a track is, measured when its take is cut. Null if it was never measured, or if the track holds no speech.
-- Levels are relative to full scale. Loudness is ITU-R BS.1770 over the track's speech.

ALTER TABLE tracks ADD COLUMN loudness_lufs REAL;
ALTER TABLE tracks ADD COLUMN peak_dbfs REAL;
ALTER TABLE tracks ADD COLUMN speech_dbfs REAL;
ALTER TABLE tracks ADD COLUMN noise_dbfs REAL;
ALTER TABLE tracks ADD COLUMN clipped_share REAL CHECK (clipped_share BETWEEN 0 AND 1);

-- Stretches of a take in which no one could be heard, because the voice connection was lost.
CREATE TABLE holes (
    hole_id       INTEGER PRIMARY KEY,
    take_id       INTEGER NOT NULL REFERENCES takes,
    start_samples INTEGER NOT NULL CHECK (start_samples >= 0),
    end_samples   INTEGER NOT NULL CHECK (end_samples > start_samples)
);
CREATE INDEX holes_by_take ON holes (take_id);
