-- What the house allows a movie, a game or an episode to be large, where a request does not say otherwise.

ALTER TABLE settings
    ADD COLUMN movie_minimum_megabytes integer CHECK (movie_minimum_megabytes BETWEEN 1 AND 1000000),
    ADD COLUMN movie_maximum_megabytes integer CHECK (movie_maximum_megabytes BETWEEN 1 AND 1000000),
    ADD COLUMN show_minimum_megabytes integer CHECK (show_minimum_megabytes BETWEEN 1 AND 1000000),
    ADD COLUMN show_maximum_megabytes integer CHECK (show_maximum_megabytes BETWEEN 1 AND 1000000),
    ADD COLUMN game_minimum_megabytes integer CHECK (game_minimum_megabytes BETWEEN 1 AND 1000000),
    ADD COLUMN game_maximum_megabytes integer CHECK (game_maximum_megabytes BETWEEN 1 AND 1000000),
    ADD CHECK (movie_minimum_megabytes <= movie_maximum_megabytes),
    ADD CHECK (show_minimum_megabytes <= show_maximum_megabytes),
    ADD CHECK (game_minimum_megabytes <= game_maximum_megabytes);
COMMENT ON COLUMN settings.show_minimum_megabytes IS 'of one episode';
