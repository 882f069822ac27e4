"""Who may sign in and what they may do: sign-in, passwords, users, groups and their rights."""
