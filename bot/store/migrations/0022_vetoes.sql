-- Emotions that nobody is dealt while this person is on stage, by key. Only this person may see them: no coordinator,
-- and no export.
CREATE TABLE vetoes (
    person_id INTEGER NOT NULL REFERENCES people,
    emotion   TEXT NOT NULL,
    drawn_at  TEXT NOT NULL,
    PRIMARY KEY (person_id, emotion)
);

-- Kinds of emotions that are off unless a person opted in (`data/opt_ins.toml`). Only this person may see them.
CREATE TABLE opt_ins (
    person_id INTEGER NOT NULL REFERENCES people,
    kind      TEXT NOT NULL,
    given_at  TEXT NOT NULL,
    PRIMARY KEY (person_id, kind)
);

-- Families and keys of emotions that must not be dealt into the scene, sorted. Null is what earlier versions dealt.
ALTER TABLE scenes ADD COLUMN not_emotions TEXT CHECK (not_emotions IS NULL OR json_valid(not_emotions));

-- The kinds that a guild's coordinators opted into, separated by blanks. Null and '' are none.
ALTER TABLE guild_settings ADD COLUMN opt_ins TEXT;
