from tests.content.conftest import content, content_of_module  # noqa: F401
