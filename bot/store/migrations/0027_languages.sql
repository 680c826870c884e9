-- The language (BCP 47) that a session is played in and that its screens are written in. Earlier sessions were English.
ALTER TABLE sessions ADD COLUMN language TEXT NOT NULL DEFAULT 'en';

-- The language of a guild's next sessions. Null is English.
ALTER TABLE guild_settings ADD COLUMN language TEXT;
