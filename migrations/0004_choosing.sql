-- Who chooses among what was found: a person, or Usher itself; and words that speak for or against a release.

ALTER TABLE settings
    ADD COLUMN choosing text NOT NULL DEFAULT 'ask' CHECK (choosing IN ('ask', 'best')),
    ADD COLUMN choosing_minutes integer NOT NULL DEFAULT 0 CHECK (choosing_minutes BETWEEN 0 AND 10080),
    ADD COLUMN required_words text[] NOT NULL DEFAULT '{}',
    ADD COLUMN refused_words text[] NOT NULL DEFAULT '{}',
    ADD COLUMN preferred_words text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN settings.choosing_minutes IS 'for so long a better release is waited for, before the best is taken';

ALTER TABLE requests ADD COLUMN choosing text CHECK (choosing IN ('ask', 'best'));
COMMENT ON COLUMN requests.choosing IS 'null: as the house does';
