"""Published reports: frozen as documents with checksums, read from them, revised beside them."""
