-- What has no room on the disk yet is not given to aria2.
ALTER TABLE torrents ADD COLUMN waiting text;
COMMENT ON COLUMN torrents.waiting IS 'why it was not given to aria2 yet, for people';
