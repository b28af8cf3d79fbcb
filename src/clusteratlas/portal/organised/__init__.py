"""Organisations tied to the map: claims checked, clusters nobody organises, partners, where all are."""
