-- Frames the network lost within speech; null in tracks of before they were counted.

ALTER TABLE tracks ADD COLUMN lost_frames INTEGER CHECK (lost_frames >= 0);
