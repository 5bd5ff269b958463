-- What titles are called in other countries and languages: releases go by any of these names.

CREATE TABLE title_names (
    title_id bigint NOT NULL REFERENCES titles ON DELETE CASCADE,
    name     text NOT NULL,
    source   text NOT NULL,
    place    integer NOT NULL,
    PRIMARY KEY (title_id, name)
);
COMMENT ON COLUMN title_names.source IS 'who says so: the names of one source are replaced together';
COMMENT ON COLUMN title_names.place IS 'in the order in which that source gives them';
