"""What every template knows."""


def site(request):
    """``as_of``: the date the page answers for."""
    return {"as_of": getattr(request, "as_of", None)}
