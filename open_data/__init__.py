"""What machines read: API, JSON-LD, files of everything, feeds, site map.

All of it is what an anonymous visitor may see (``visible_to(None)``), whoever asks.
"""
