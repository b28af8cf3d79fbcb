"""Who wants to meet whom, what came of it, and events with their timetables."""
