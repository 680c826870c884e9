-- Context is kept when it is dealt: the data files may say something else later. Null is what earlier versions dealt.

-- What sessions were played with, as canonical JSON: one row per content, however often it was used.
CREATE TABLE materials (
    sha256  TEXT PRIMARY KEY NOT NULL CHECK (length(sha256) = 64),   -- of the content in UTF-8
    kind    TEXT NOT NULL CHECK (kind IN ('emotion_set', 'instrument')),
    name    TEXT NOT NULL,
    content TEXT NOT NULL CHECK (json_valid(content))
);
CREATE TRIGGER materials_are_never_changed BEFORE UPDATE ON materials
BEGIN SELECT RAISE(ABORT, 'materials are never changed'); END;

-- The instrument stays the same in a session. The number of ratings wanted can change: this is what was wanted last.
ALTER TABLE sessions ADD COLUMN instrument_sha256 TEXT REFERENCES materials;
ALTER TABLE sessions ADD COLUMN ratings_wanted INTEGER CHECK (ratings_wanted >= 1);
ALTER TABLE sessions ADD COLUMN software TEXT CHECK (software IS NULL OR json_valid(software));   -- versions, by name

-- The file of an emotion set can be edited between two scenes of a session.
ALTER TABLE scenes ADD COLUMN emotion_set_sha256 TEXT REFERENCES materials;
ALTER TABLE scenes ADD COLUMN roles TEXT CHECK (roles IS NULL OR json_valid(roles));   -- all, in the prompt's order
ALTER TABLE scenes ADD COLUMN tags TEXT CHECK (tags IS NULL OR json_valid(tags));      -- topics of the prompt

-- The words on the performer's card.
ALTER TABLE castings ADD COLUMN character_name TEXT;
ALTER TABLE castings ADD COLUMN voice_direction TEXT CHECK (voice_direction IS NULL OR json_valid(voice_direction));
ALTER TABLE castings ADD COLUMN emotion_label TEXT;
ALTER TABLE castings ADD COLUMN emotion_direction TEXT;
ALTER TABLE castings ADD COLUMN second_emotion_label TEXT;
ALTER TABLE castings ADD COLUMN second_emotion_direction TEXT;
