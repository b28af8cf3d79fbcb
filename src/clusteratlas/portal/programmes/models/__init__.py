"""What the portal keeps of programmes."""

from clusteratlas.portal.programmes.models.applying import Application
from clusteratlas.portal.programmes.models.logged import LogFile
from clusteratlas.portal.programmes.models.programme import Programme, ProgrammeRevision, Runner
from clusteratlas.portal.programmes.models.study import EffectStudy, StudyFiles
from clusteratlas.portal.programmes.models.upload import RegisterFile

__all__ = [
    "Application",
    "EffectStudy",
    "LogFile",
    "Programme",
    "ProgrammeRevision",
    "RegisterFile",
    "Runner",
    "StudyFiles",
]
