from tests.admin.conftest import _english, boss, signed_in  # noqa: F401 - fixtures
