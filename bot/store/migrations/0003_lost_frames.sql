-- Frames that the network lost within speech. Null in tracks from before they were counted.

ALTER TABLE tracks ADD COLUMN lost_frames INTEGER CHECK (lost_frames >= 0);
