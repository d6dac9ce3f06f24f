"""Monthly returns: what reporters enter, owners sign off, and officers watch over."""
