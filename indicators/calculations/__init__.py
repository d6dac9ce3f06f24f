"""The arithmetic of the scorecard: pure functions over exact numbers.

No Django, no database and no clock in here; months, today and every figure are passed in.
Exact numbers are whole counts or fractions (exact.py).
"""
