"""``manage.py new_password``: for whoever has lost a password or a telephone."""

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from accounts.passwords import boxed, new_password


class Command(BaseCommand):
    help = "Gives a user a new password and prints it; sessions signed in with the old one end."

    def add_arguments(self, parser):
        parser.add_argument("login", nargs="?", default="admin", help="admin unless given")
        parser.add_argument(
            "--without-second-factor",
            action="store_true",
            help="also removes the authenticator app and recovery codes of the user",
        )

    def handle(self, login, without_second_factor, **options):
        users = get_user_model().objects
        user = users.filter(username=login).first()
        if user is None:
            names = ", ".join(users.filter(is_staff=True).values_list("username", flat=True)[:20])
            raise CommandError(f"There is no user “{login}”. Staff: {names or 'nobody yet'}.")
        password = new_password()
        user.set_password(password)  # this alone ends the user's sessions
        user.save(update_fields=["password"])
        lines = [f"  login      {login}", f"  password   {password}"]
        if without_second_factor:
            Authenticator.objects.filter(user=user).delete()
            lines.append("  the second step of signing in is removed")
        if not user.is_active:
            lines.append("  the account is switched off; switch it on in the admin")
        self.stdout.write(boxed("New password. It is shown only now.", "", *lines))
