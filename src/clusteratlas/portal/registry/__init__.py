"""The registry of cluster organisations: profiles, their people, their history."""
