"""The checks: each looks at the clauses of a text for one kind of claim, and at the row for what contradicts it."""
