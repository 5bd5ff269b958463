-- What somebody says to the others about their wish: "for the film night".
ALTER TABLE request_people ADD COLUMN note text CHECK (char_length(note) BETWEEN 1 AND 300);
COMMENT ON COLUMN request_people.note IS 'for the others on it, and for whoever approves it; goes when they leave';
