"""The owner's page: signing off, sending back, and what has changed since they looked last."""
