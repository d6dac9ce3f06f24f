"""From a council's own spreadsheet to its scorecard: deciding about the file, creating what it becomes, undoing it."""
