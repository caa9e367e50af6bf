"""What waits for somebody: one function for each list, `(user, *, on) -> list[Matter]`, for pages and reminders."""
