"""Organisations tied to the map: claims checked, gaps found, partners suggested, all as dots."""
