-- What a role wants from the others, and which families of emotions a prompt pulls towards. Null is what earlier
-- versions dealt, and a role without a want.

ALTER TABLE castings ADD COLUMN want TEXT;
ALTER TABLE scenes ADD COLUMN pull TEXT CHECK (pull IS NULL OR json_valid(pull));   -- families, sorted
