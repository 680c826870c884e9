-- 0: features and labels alone were exported, without sound.
ALTER TABLE uses ADD COLUMN has_sound INTEGER NOT NULL DEFAULT 1 CHECK (has_sound IN (0, 1));
