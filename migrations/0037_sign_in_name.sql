-- What somebody is called on the pages need not be what they sign in with. NULL: it is the same.
ALTER TABLE users ADD COLUMN sign_in_name TEXT CHECK (char_length(sign_in_name) BETWEEN 1 AND 64);
CREATE UNIQUE INDEX users_sign_in ON users (lower(COALESCE(sign_in_name, name)));
