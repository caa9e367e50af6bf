"""What a session of the staff remembers: when the password was typed, and when its owner last did something."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

PASSWORD_AT, SEEN_AT = "password_at", "seen_at"  # seconds since 1970
FRESH_SECONDS = 10 * 60
WRITTEN_EVERY_SECONDS = 60


def begin(request, **kwargs) -> None:
    """Somebody signs in with a password. The session ends after its time, however busy its owner is."""
    now = timezone.now()
    request.session[PASSWORD_AT] = request.session[SEEN_AT] = int(now.timestamp())
    request.session.set_expiry(now + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def is_fresh(session) -> bool:
    """Whether the password was typed a moment ago: a stolen cookie must not be enough for what is asked now."""
    return 0 <= timezone.now().timestamp() - session.get(PASSWORD_AT, 0) < FRESH_SECONDS


def is_idle(session) -> bool:
    """Whether its owner has done nothing for longer than the settings allow."""
    return timezone.now().timestamp() - session.get(SEEN_AT, 0) > settings.IDLE_MINUTES * 60


def note_activity(session) -> None:
    """Its owner does something; written at most once a minute."""
    now = int(timezone.now().timestamp())
    if now - session.get(SEEN_AT, 0) >= WRITTEN_EVERY_SECONDS:
        session[SEEN_AT] = now


def end_all(user) -> int:
    """End every session of somebody, wherever it is; how many there were. Reads all open sessions: for rare acts.

    A changed password ends the others by itself, and a disabled account all of them while it is disabled.
    """
    running = Session.objects.filter(expire_date__gt=timezone.now())
    theirs = [row.pk for row in running.iterator() if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    return Session.objects.filter(pk__in=theirs).delete()[0]
