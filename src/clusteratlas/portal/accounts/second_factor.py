"""The second factor: codes that change with time (RFC 6238), and recovery codes.

The secret of a person is never kept. It is derived (HMAC-SHA-256) from a random salt in the
database and the key of the site, which lies outside of the database: who gets hold of the database
alone cannot make codes. With another key all second factors end; recovery codes still work.
"""

from __future__ import annotations

import base64
import secrets
from hmac import compare_digest

import pyotp
import segno
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from clusteratlas.portal.accounts.links import digest_of
from clusteratlas.portal.accounts.models import RecoveryCode, User

STEP_SECONDS = 30
DRIFT = 1
"""Steps that a person's clock may be off, either way."""

RECOVERY_CODES = 10
ISSUER = "Cluster Atlas"
_SALT = "clusteratlas.portal.accounts.second_factor"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def begin(user: User) -> None:
    """Make a new secret for somebody who is setting the factor up; an old one is gone."""
    user.second_factor_salt = secrets.token_hex(32)
    user.second_factor_at = None
    user.second_factor_step = 0
    user.save(update_fields=["second_factor_salt", "second_factor_at", "second_factor_step"])


def secret_of(user: User) -> str:
    """Return the secret to type into an app, in base 32."""
    kept = f"{user.pk}:{user.second_factor_salt}"
    made = salted_hmac(_SALT, kept, algorithm="sha256").digest()[:20]
    return base64.b32encode(made).decode()


def picture_of(user: User) -> str:
    """Return the secret as a QR code in SVG."""
    address = _codes(user).provisioning_uri(name=user.email, issuer_name=ISSUER)
    drawn = segno.make(address, error="m", micro=False)
    return drawn.svg_inline(
        scale=5, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )


def check(user: User, code: str) -> bool:
    """Say whether a code is right now; a code that was used before is not, nor an older one."""
    given = "".join(code.split())
    if not user.second_factor_salt or len(given) != 6 or not given.isascii():
        return False
    codes, now = _codes(user), int(timezone.now().timestamp()) // STEP_SECONDS
    right = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if compare_digest(codes.at(step * STEP_SECONDS), given):
            right = step
    if right is None:
        return False
    # The database decides, so that two sign-ins at the same time cannot use one code.
    return bool(
        User.objects.filter(pk=user.pk, second_factor_step__lt=right).update(
            second_factor_step=right
        )
    )


@transaction.atomic
def turn_on(user: User) -> list[str]:
    """Turn the factor on and return its recovery codes, which are shown once."""
    user.second_factor_at = timezone.now()
    user.save(update_fields=["second_factor_at"])
    return new_recovery_codes(user)


@transaction.atomic
def turn_off(user: User) -> None:
    """Turn the factor off and forget its salt and codes."""
    begin(user)
    user.second_factor_salt = ""
    user.save(update_fields=["second_factor_salt"])
    user.recovery_codes.all().delete()


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Return new recovery codes; older ones stop working."""
    user.recovery_codes.all().delete()
    made = ["-".join(_word() for _ in range(4)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=digest_of(code.replace("-", ""))) for code in made
    )
    return made


def use_recovery_code(user: User, code: str) -> bool:
    """Use up a recovery code; say whether it was one."""
    plain = "".join(each for each in code.lower() if each.isalnum())
    return bool(
        plain
        and user.recovery_codes.filter(digest=digest_of(plain), used_at=None).update(
            used_at=timezone.now()
        )
    )


def _codes(user: User) -> pyotp.TOTP:
    return pyotp.TOTP(secret_of(user), interval=STEP_SECONDS)


def _word() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(4))
