-- What was said in a turn, as text, and who or what wrote it down. These are the words of the person whose turn it is:
-- whatever deletes the turn deletes them.
CREATE TABLE transcripts (
    turn_id  INTEGER PRIMARY KEY REFERENCES turns ON DELETE CASCADE,
    text     TEXT NOT NULL CHECK (length(text) > 0),
    source   TEXT NOT NULL CHECK (length(source) > 0),
    added_at TEXT NOT NULL
);
