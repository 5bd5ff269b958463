-- Titles as outside sources know them, looked up by the household, and where their pictures are.

CREATE TABLE found_titles (
    source    text NOT NULL,
    source_id text NOT NULL,
    facts     jsonb NOT NULL,
    at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source, source_id)
);
COMMENT ON COLUMN found_titles.at IS 'when the source last named it';

-- What a source answered to a question, so that it is not asked again for a while, and an old answer can stand in while
-- it is away.
CREATE TABLE source_answers (
    source   text NOT NULL,
    question text NOT NULL,
    ids      text[] NOT NULL,
    at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source, question)
);
COMMENT ON COLUMN source_answers.ids IS 'source_id of found_titles, best first';

-- Only what stands here is ever fetched for a page.
CREATE TABLE pictures (
    key    text PRIMARY KEY CHECK (key ~ '^[0-9a-f]{32}$'),
    source text NOT NULL,
    url    text NOT NULL,
    at     timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN pictures.key IS 'a digest of the url: what pages say in its place';

ALTER TABLE titles
    ADD picture text REFERENCES pictures,
    DROP CONSTRAINT titles_source_check,
    ADD CONSTRAINT titles_source_check CHECK (source IN ('hand', 'tvmaze', 'wikidata', 'cinemeta', 'steam'));
CREATE INDEX titles_picture ON titles (picture) WHERE picture IS NOT NULL;

ALTER TABLE settings ADD sources text[] NOT NULL DEFAULT '{tvmaze,wikidata}'
    CHECK (sources <@ '{tvmaze,wikidata,cinemeta,steam}');
COMMENT ON COLUMN settings.sources IS 'who is asked when somebody searches for a title';
