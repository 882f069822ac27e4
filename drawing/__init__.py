"""Drawings made on the server: measured text, boxes and lines, laid out without a browser."""
