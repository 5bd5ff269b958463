-- Lists of requests by title.

CREATE INDEX titles_name ON titles (lower(name));
