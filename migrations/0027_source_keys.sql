-- Sources of titles that answer only to those who have a key.

CREATE TABLE source_keys (
    source text PRIMARY KEY CHECK (source IN ('tmdb', 'igdb')),
    client text CHECK (length(client) BETWEEN 1 AND 500),
    secret text NOT NULL CHECK (length(secret) BETWEEN 1 AND 2000)
);
COMMENT ON TABLE source_keys IS 'a source without a row is not asked';
COMMENT ON COLUMN source_keys.secret IS 'never leaves the server but to the source: not in pages, not in logs';

ALTER TABLE titles
    DROP CONSTRAINT titles_source_check,
    ADD CONSTRAINT titles_source_check
        CHECK (source IN ('hand', 'tvmaze', 'wikidata', 'cinemeta', 'steam', 'tmdb', 'igdb')) NOT VALID;
