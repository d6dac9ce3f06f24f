"""An officer prepares a new year of a scorecard: targets, populations, comparators, what ends."""
