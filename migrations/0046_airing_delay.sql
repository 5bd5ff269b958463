-- Releases of an episode follow its airing after a while.
ALTER TABLE settings ADD COLUMN airing_minutes integer NOT NULL DEFAULT 60 CHECK (airing_minutes BETWEEN 0 AND 10080);
COMMENT ON COLUMN settings.airing_minutes IS 'from the moment at which an episode airs to the first search for it';
