-- Of a pack only the files are fetched that somebody wants.

ALTER TABLE torrents
    ADD COLUMN selection text,
    ADD COLUMN must_select boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN torrents.selection IS 'the files that aria2 was told to fetch, as it numbers them ("1,3-5"); empty: all; null: it is being told';
COMMENT ON COLUMN torrents.must_select IS 'whether these are the wanted ones is to be looked at';

UPDATE torrents SET selection = '';
