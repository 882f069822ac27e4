"""Addresses that last: those of the former site, and those that records have left behind."""
