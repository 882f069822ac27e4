"""Linked data: records as JSON-LD in the words of schema.org and of W3C ORG.

Made from the same rows as the answers of the API (``open_data.rows``), so that nothing shows here
that does not show there. Every record has an address of its own by its code (``Names``), which
never changes; a visitor is led from it to the page, a program to the data.
"""

from open_data.linked.documents import document, everything, wanted
from open_data.linked.names import Names
from open_data.linked.nodes import CONTEXT

__all__ = ["CONTEXT", "Names", "document", "everything", "wanted"]
