-- Whom a hole is about: null for everyone, otherwise the only performer who could not be heard, because what they sent
-- could not be decrypted.

ALTER TABLE holes ADD COLUMN person_id INTEGER REFERENCES people;
