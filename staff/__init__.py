"""What every page of the admin shares: its forms, lists, rows, and how it refuses."""
