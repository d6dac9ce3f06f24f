"""Where an installation begins: the way to its first published edition, templates, and moving from another one."""
