"""Opening editions, watching a collection, and reminding people of what is due."""
