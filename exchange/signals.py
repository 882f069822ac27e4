"""Who keeps something derived from records (pages, indexes) listens here."""

from django.dispatch import Signal

# Sent inside the transaction, after everything is written: plan, user and ids, the keys of new
# records ({kind: {code: pk}}). Bulk writes send no post_save. A receiver may return the
# models whose tables it has written.
applied = Signal()
