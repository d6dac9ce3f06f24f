"""Measures how long figures and pages take: `make bench`. Times are printed as ratios to a baseline of the same run."""
