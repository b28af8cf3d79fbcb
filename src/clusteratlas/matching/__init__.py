"""Partner suggestions with reasons, and timetables for those who meet."""
