-- Which of the directions for its emotion and intensity a part was dealt, from 1: null if the set has one of its own, and
-- in parts of earlier versions. `shift` is how the performer is asked to change at the cue: null without an arc.
ALTER TABLE castings ADD COLUMN direction_number INTEGER CHECK (direction_number >= 1);
ALTER TABLE castings ADD COLUMN second_direction_number INTEGER CHECK (second_direction_number >= 1);
ALTER TABLE castings ADD COLUMN shift TEXT CHECK (shift IN ('gradual', 'sudden'));

-- The emotions that the session deals, as a JSON array of keys: null if it deals the whole set.
ALTER TABLE sessions ADD COLUMN dealt_emotions TEXT CHECK (dealt_emotions IS NULL OR json_valid(dealt_emotions));
