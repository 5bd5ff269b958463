-- A release that failed before anybody knew which torrent it is: known by who offered it, and as what.

CREATE TABLE blocked_offers (
    request_id   bigint NOT NULL REFERENCES requests,
    indexer_name text NOT NULL,
    guid         text NOT NULL,
    reason       text NOT NULL,
    at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (request_id, indexer_name, guid)
);
