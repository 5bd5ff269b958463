-- What is for older people is kept from children who have a limit.

ALTER TABLE titles ADD COLUMN age integer CHECK (age BETWEEN 0 AND 21);
COMMENT ON COLUMN titles.age IS 'years, by the strictest of its known ratings; null: none is known';

CREATE TABLE age_limits (
    user_id bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    age     integer NOT NULL CHECK (age BETWEEN 0 AND 18),
    unrated boolean NOT NULL
);
COMMENT ON TABLE age_limits IS 'of those who are children in this house; without a row nothing is kept from them';
COMMENT ON COLUMN age_limits.unrated IS 'whether they see what has no known rating';
