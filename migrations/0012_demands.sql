-- What one request asks of its releases besides quality and format, and who chooses again when a download has failed.

ALTER TABLE requests
    ADD COLUMN required_words text[] NOT NULL DEFAULT '{}',
    ADD COLUMN refused_words text[] NOT NULL DEFAULT '{}',
    ADD COLUMN preferred_words text[] NOT NULL DEFAULT '{}',
    ADD COLUMN minimum_seeders integer CHECK (minimum_seeders BETWEEN 0 AND 10000),
    ADD COLUMN minimum_megabytes integer CHECK (minimum_megabytes BETWEEN 1 AND 1000000),
    ADD COLUMN maximum_megabytes integer CHECK (maximum_megabytes BETWEEN 1 AND 1000000),
    ADD COLUMN choosing_minutes integer CHECK (choosing_minutes BETWEEN 0 AND 10080),
    ADD COLUMN after_failure text CHECK (after_failure IN ('ask', 'best')),
    ADD CHECK (minimum_megabytes <= maximum_megabytes);
COMMENT ON COLUMN requests.minimum_seeders IS 'null: the indexer''s, or the house''s';
COMMENT ON COLUMN requests.minimum_megabytes IS 'of the movie, of the game, or of one episode';
COMMENT ON COLUMN requests.choosing_minutes IS 'null: as the house does';
COMMENT ON COLUMN requests.after_failure IS 'null: as the house does';

ALTER TABLE settings ADD COLUMN after_failure text CHECK (after_failure IN ('ask', 'best'));
COMMENT ON COLUMN settings.after_failure IS 'who chooses when a download has failed; null: who chose the first';
