"""People with an account, and what they did."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusteratlas.portal.roles import InsideRole, SiteRole


class UserManager(BaseUserManager["User"]):
    """Makes accounts; a mail address is one whatever the case of its letters."""

    def create_user(self, email: str, password: str | None = None, **more: Any) -> User:
        """Make an account; without a password nobody can sign in to it until one is set."""
        user = self.model(email=email.strip().lower(), **more)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find an account by its mail address."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person with an account."""

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

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email

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
