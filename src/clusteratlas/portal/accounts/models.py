"""People with an account, and what they did."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from clusteratlas.portal.accounts.words import action_words
from clusteratlas.portal.roles import InsideRole, SiteRole

SESSION_SALT = "clusteratlas.portal.accounts.session"


def plain_mail(address: str | None) -> str:
    """Return a mail address as it is kept and looked up.

    >>> plain_mail(" Ada@Example.org ")
    'ada@example.org'
    """
    return (address or "").strip().lower()


class UserManager(BaseUserManager["User"]):
    """Makes accounts; a mail address is one whatever the case of its letters."""

    def create_user(self, email: str, password: str | None = None, **more: Any) -> User:
        """Make an account; without a password nobody can sign in to it until one is set."""
        user = self.model(email=plain_mail(email), **more)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find an account by its mail address."""
        return self.get(email=plain_mail(username))


class User(AbstractBaseUser):
    """A person with an account.

    ``session_epoch`` goes up when all sessions end at once. Of the second factor only a salt is
    kept: its secret is derived from the salt and the key of the site (see `second_factor`).
    """

    email = models.EmailField(_("Mail address"), unique=True, max_length=254)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    language = models.CharField(_("Language"), max_length=8, default="en")
    site_role = models.PositiveSmallIntegerField(
        choices=[(role.value, role.name.lower()) for role in SiteRole if role],
        default=SiteRole.MEMBER,
    )
    is_active = models.BooleanField(default=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(default=timezone.now)
    session_epoch = models.PositiveIntegerField(default=0)
    second_factor_at = models.DateTimeField(null=True, blank=True)
    second_factor_salt = models.CharField(max_length=64, blank=True)
    second_factor_step = models.BigIntegerField(default=0)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def lacks_second_factor(self) -> bool:
        """Whether the site asks people of this role for a second factor that is not set up."""
        least = {"administrators": SiteRole.ADMINISTRATOR, "moderators": SiteRole.MODERATOR}
        asked_from = least.get(settings.SECOND_FACTOR)
        return (
            asked_from is not None
            and self.site_role >= asked_from
            and self.second_factor_at is None
        )

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """A session ends when the password or the epoch changes."""
        kept = f"{self.password}:{self.session_epoch}"
        return salted_hmac(SESSION_SALT, kept, secret=secret, algorithm="sha256").hexdigest()

    def role_within(self, organisations: tuple[int, ...]) -> InsideRole:
        """Return the highest role that this person has within any of these organisations."""
        if not organisations:
            return InsideRole.NONE
        found = self.memberships.filter(organisation_id__in=organisations).aggregate(
            highest=models.Max("role")
        )
        return InsideRole(found["highest"] or 0)


class AuditEntry(models.Model):
    """One thing that somebody did; entries are only ever added.

    ``person`` is emptied when an account is deleted, what was done stays.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"

    @property
    def words(self) -> str:
        """What was done, in words."""
        return action_words(self.action)


class OneTimeLink(models.Model):
    """What a link sent by mail may do, once, until it ends; of its key only a digest is kept."""

    purpose = models.CharField(max_length=30)
    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254, blank=True, db_index=True)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class RecoveryCode(models.Model):
    """A code that stands in for the second factor once; only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.pk}"


class SignIn(models.Model):
    """A session of somebody, as its owner sees it: browser and times, no network address."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=60, blank=True)
    began_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Last seen first."""

        ordering: ClassVar = ["-seen_at"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.browser}"


class ApiToken(models.Model):
    """A key with which a program calls the API for a person; only its digest is kept."""

    class Scope(models.TextChoices):
        """What a token may do, at most; never more than its person may."""

        READ = "read", _("Read what I may read")
        EDIT = "edit", _("Read, and change organisations that I may change")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("Name"), max_length=80)
    scope = models.CharField(_("What it may do"), max_length=8, choices=Scope.choices)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.prefix} {self.name}"

    @property
    def is_live(self) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and self.expires_at > timezone.now()


class Asked(models.Model):
    """That mail was asked for, counted so that nobody is flooded; who and where are digests."""

    key = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
