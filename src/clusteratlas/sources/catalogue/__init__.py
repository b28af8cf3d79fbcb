"""Every publication whose files we read: where it is, how to fetch it, what it becomes."""

from clusteratlas.sources.catalogue.fetch import CannotFetch, Fetched, Reach, cache_folder, fetch
from clusteratlas.sources.catalogue.publication import Publication
from clusteratlas.sources.catalogue.publications import PUBLICATIONS, publication
from clusteratlas.sources.catalogue.recognise_publication import recognise_publication
from clusteratlas.sources.catalogue.take_in import Taken, take_in, when_retrieved, write_taken

__all__ = [
    "PUBLICATIONS",
    "CannotFetch",
    "Fetched",
    "Publication",
    "Reach",
    "Taken",
    "cache_folder",
    "fetch",
    "publication",
    "recognise_publication",
    "take_in",
    "when_retrieved",
    "write_taken",
]
