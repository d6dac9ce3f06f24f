"""Signing in and out, passwords, and what happens after failed attempts."""
