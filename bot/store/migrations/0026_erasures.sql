-- What people asked to have erased, and how far that has come. A finished row is the tombstone: that someone was erased,
-- when, and how much went; nothing in the store then says whose account it was. `pseudonym` refers to a row of `people`,
-- whose account becomes the negative `person_id` when the link is cut: no account of Discord is negative.
CREATE TABLE erasures (
    erasure_id    INTEGER PRIMARY KEY,
    pseudonym     TEXT NOT NULL,
    asked_by      TEXT NOT NULL CHECK (asked_by IN ('person', 'operator', 'restore')),
    asked_at      TEXT NOT NULL,
    keeps_ratings INTEGER NOT NULL CHECK (keeps_ratings IN (0, 1)),   -- what they said about others stays, without them
    names         TEXT CHECK (names IS NULL OR json_valid(names)),    -- to be taken out of texts; null when that is done
    done          TEXT,                          -- the last step that is done; null before the first
    counts        TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(counts)),
    finished_at   TEXT
);
CREATE UNIQUE INDEX erasure_under_way ON erasures (pseudonym) WHERE finished_at IS NULL;

-- What an operator did for someone who could not do it in Discord, and why.
CREATE TABLE operator_acts (
    operator_act_id INTEGER PRIMARY KEY,
    pseudonym       TEXT NOT NULL,
    act             TEXT NOT NULL CHECK (act IN ('export', 'withdraw', 'erase')),
    reason          TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    done_at         TEXT NOT NULL
);

-- The sound in each version of the dataset, and whose voices are in it: what holders of a copy must delete if one of them
-- is erased. Versions from before this table are known by the first digits of their clips alone (`releases.clips`).
CREATE TABLE released_sounds (
    release_id INTEGER NOT NULL REFERENCES releases,
    sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
    kind       TEXT NOT NULL CHECK (kind IN ('clip', 'track', 'mix', 'dialogue')),
    speakers   TEXT NOT NULL CHECK (json_valid(speakers)),   -- pseudonyms, sorted
    PRIMARY KEY (release_id, sha256)
) WITHOUT ROWID;
