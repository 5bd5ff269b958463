-- When movies and games come out, by the day that their sources name.

ALTER TABLE titles ADD COLUMN released_on date;
COMMENT ON COLUMN titles.released_on IS 'of a movie or a game: the first day on which it came or comes out anywhere';
CREATE INDEX titles_released ON titles (released_on) WHERE released_on IS NOT NULL;
-- Items that are no episodes never had a moment of their own.
DROP INDEX items_released;
