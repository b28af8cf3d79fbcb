"""What the administrator sets from outside: environment variables that begin CLUSTERATLAS_."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Environment(BaseSettings):
    """The settings of the portal, each read from ``CLUSTERATLAS_<NAME>``.

    Attributes
    ----------
    place
        The folder that holds the releases of the atlas.
    store
        The folder that holds what people write: the database (where it is SQLite), files, mail
        that no server took, the secret key. ``registry`` within the place if not given.
    database
        ``postgresql://user:password@host:port/name``; SQLite in the store if not given.
    mail
        ``smtp://user:password@host:587`` (``smtps://`` for TLS from the start); mail is kept as
        files in the store if not given.
    mail_from
        The address that mail of the portal comes from.
    allowed_hosts
        Names under which the portal may be asked, separated by commas.
    secure
        The portal stands behind HTTPS: redirect to it, send HSTS and believe the proxy's
        ``X-Forwarded-Proto``.
    secret_key
        Signs sessions and links. Made once and kept in the store if not given.
    second_factor
        Whose rights beyond those of a member wait for a second factor: ``off`` (nobody's),
        ``administrators``, or ``moderators`` (and administrators).
    moderation
        A moderator looks at an organisation before it is published; without, those that pass the
        entry rules are published at once and the others wait for a moderator.
    entry_rules
        A file of entry rules of one's own; those of the package if not given.
    questionnaires
        A folder of questionnaires of benchmarking (TOML) beside those of the package; one of the
        same name and version stands for that of the package.
    readiness_criteria
        A file of criteria of readiness of one's own; those of the package if not given.
    cache_megabytes
        Memory a process may keep finished pages in, compressed.
    feedback
        The mail address that "tell us" links write to; without one there is no such link.
    api_calls_a_minute
        Calls of the API that one address may make in a minute, in each process; 0 for no limit.
    proxies
        Proxies of ours in front of the portal that write ``X-Forwarded-For``; with none the header
        is not believed.
    request_days
        Days after which a request for contact that nobody answered is over.
    requests_a_day
        Requests for contact that an organisation may begin in a day.
    log
        ``text`` for lines that people read, ``json`` for a line of JSON for each event and request.
    debug
        Show Django's own error pages; never on a public site.
    """

    model_config = SettingsConfigDict(env_prefix="CLUSTERATLAS_", frozen=True, extra="ignore")

    place: Path = Path("var/atlas")
    store: Path | None = None
    database: SecretStr = SecretStr("")
    mail: SecretStr = SecretStr("")
    mail_from: str = Field("Cluster Atlas <atlas@localhost>", max_length=320)
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ("127.0.0.1", "localhost", "[::1]")
    secure: bool = False
    secret_key: SecretStr | None = None
    second_factor: Literal["off", "administrators", "moderators"] = "off"
    moderation: bool = True
    entry_rules: Path | None = None
    questionnaires: Path | None = None
    readiness_criteria: Path | None = None
    cache_megabytes: int = Field(64, ge=0, le=4096)
    feedback: str = Field("", pattern=r"^$|^[\w.+-]+@[\w-]+(\.[\w-]+)*$")
    api_calls_a_minute: int = Field(60, ge=0, le=1_000_000)
    proxies: int = Field(0, ge=0, le=10)
    request_days: int = Field(21, ge=1, le=365)
    requests_a_day: int = Field(10, ge=1, le=1_000)
    log: Literal["text", "json"] = "text"
    debug: bool = False

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value
