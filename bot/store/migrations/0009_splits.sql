-- Which side of the splits each speaker was given, by pseudonym: it outlives the person's row, so that no one else's
-- side changes when someone leaves.
CREATE TABLE speaker_splits (
    pseudonym TEXT PRIMARY KEY NOT NULL,
    split     TEXT NOT NULL CHECK (split IN ('train', 'test', 'validation')),
    drawn_at  TEXT NOT NULL,
    drawing   INTEGER NOT NULL CHECK (drawing >= 1)   -- 1, and one more after each deliberate redrawing
);

-- The versions of the dataset. The same content is one version, however often it is exported.
CREATE TABLE releases (
    release_id     INTEGER PRIMARY KEY,               -- the dataset's version number
    parent_id      INTEGER REFERENCES releases,       -- the version before it; null for the first
    selection      TEXT NOT NULL,                     -- JSON: what was asked for
    content_sha256 TEXT NOT NULL UNIQUE,
    clips          TEXT NOT NULL,                     -- JSON: {clip_id: the first digits of its SHA-256}
    software       TEXT NOT NULL,                     -- JSON: {name: version}
    made_at        TEXT NOT NULL
);
