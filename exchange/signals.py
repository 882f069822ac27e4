"""Who keeps something derived from records (pages, indexes) listens here."""

from django.dispatch import Signal

# Sent inside the transaction, after everything is written: plan, user. Bulk writes send no
# post_save.
applied = Signal()
