"""Response headers that neither Django nor django-csp sets."""

# The pages use none of these; saying so keeps a script that got in from using them either.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
        "microphone", "midi", "payment", "publickey-credentials-get", "usb", "browsing-topics",
    )
)  # fmt: skip


class PermissionsPolicyMiddleware:
    """Switches off every device of the visitor that a page could ask for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response
