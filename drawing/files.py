"""A drawing as a file that stands alone."""

from django.shortcuts import render


def svg_file(request, drawing, name):
    """The answer that offers ``drawing``, which has a heading, for saving under ``name``.

    Links in the file are absolute, since the file leaves the site.
    """
    context = {"drawing": drawing, "site": request.build_absolute_uri("/").rstrip("/")}
    answer = render(request, "drawing/file.svg", context, content_type="image/svg+xml")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
