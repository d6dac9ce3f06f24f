"""Reading a council's own spreadsheet as it is: what its tables say, and what in them can't be right."""
