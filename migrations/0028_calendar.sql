-- What airs and comes out between two days, for the calendar and for what comes next.

CREATE INDEX episodes_airs ON episodes (airs_at) WHERE gone_at IS NULL AND airs_at IS NOT NULL;
CREATE INDEX items_released ON items (released_at) WHERE episode_id IS NULL AND released_at IS NOT NULL;
