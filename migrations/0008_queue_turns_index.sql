-- The queue goes from person to person, each by requests_turn. With an index over everybody's at hand, the planner walked
-- that one for people who have nothing due: past all that is due of others.
DROP INDEX requests_due;
