-- The queue, visible: a search is there from its beginning, grows as each indexer answers, and all of them can be held.

ALTER TABLE searches ALTER COLUMN finished_at DROP NOT NULL;
COMMENT ON COLUMN searches.finished_at IS 'null: under way, or broken off with its worker';
COMMENT ON COLUMN searches.answers IS
    'a row an indexer: name, count, fresh, accepted, milliseconds (null: not answered yet), error, what it was asked';
CREATE INDEX searches_unfinished ON searches (request_id) WHERE finished_at IS NULL;

ALTER TABLE settings
    ADD COLUMN searching_paused_at timestamptz,
    ADD COLUMN searching_paused_by bigint REFERENCES users ON DELETE SET NULL;
COMMENT ON COLUMN settings.searching_paused_at IS 'since then nothing is searched but what somebody asks for by hand; null: all is';

-- What is searched now, among however many requests.
CREATE INDEX requests_searching ON requests (search_lease) WHERE search_lease IS NOT NULL;
