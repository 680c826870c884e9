-- Buttons and forms name a trial by a token that says nothing: neither its number nor its turn, performer or take. The
-- letter in front keeps a token from being taken for a number. A trial that is stored without one is refused the second
-- time, because the empty text is taken.
ALTER TABLE trials ADD COLUMN token TEXT NOT NULL DEFAULT '';
UPDATE trials SET token = 't' || lower(hex(randomblob(10)));
CREATE UNIQUE INDEX trials_by_token ON trials (token);
