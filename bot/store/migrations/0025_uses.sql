-- The register of uses: what was exported, for what and to whom. One row per export, even of a version that was exported
-- before. `purpose` is a scope of consent, null for what stays with the operator; `recipient` is null for no one else.
-- `content_sha256` is that of all files, as in `releases`.
CREATE TABLE uses (
    use_id         INTEGER PRIMARY KEY,
    made_at        TEXT NOT NULL,
    purpose        TEXT,
    recipient      TEXT,
    release_id     INTEGER REFERENCES releases,
    content_sha256 TEXT NOT NULL,
    sessions       TEXT NOT NULL CHECK (json_valid(sessions)),
    clips          INTEGER NOT NULL CHECK (clips >= 0)
);

-- Whose sound was in it, and how many clips of theirs.
CREATE TABLE use_people (
    use_id    INTEGER NOT NULL REFERENCES uses,
    person_id INTEGER NOT NULL REFERENCES people,
    clips     INTEGER NOT NULL CHECK (clips >= 0),
    PRIMARY KEY (use_id, person_id)
) WITHOUT ROWID;
CREATE INDEX uses_by_person ON use_people (person_id);
