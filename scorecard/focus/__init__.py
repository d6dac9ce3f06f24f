"""Writing the overview, its areas of focus and the panel's questions; how a report shows them is report/."""
