import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def leads_to(client):
    """``leads_to(address)``: where the one hop from an address ends, which must be a page."""

    def follow(address, hop=301):
        response = client.get(address)
        assert response.status_code == hop, address
        assert client.get(response["Location"]).status_code == 200, response["Location"]
        return response["Location"]

    return follow
