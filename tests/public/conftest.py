import pytest

from tests.factories import make_unit, make_unit_kind


@pytest.fixture
def ministry(db):
    """A ministry with two departments; one of them has an office."""
    kind = make_unit_kind(name_az="İdarə", name_en="Department")
    top = make_unit(
        code="top", slug="top", name_az="Nazirlik", name_en="Ministry", kind=kind,
        summary_az="Asayişi qoruyur.", summary_en="It keeps order.", order=1,
    )  # fmt: skip
    police = make_unit(
        code="police", slug="police", name_az="Polis İdarəsi", name_en="Police Department",
        parent=top, kind=kind, order=1,
    )  # fmt: skip
    make_unit(
        code="staff", slug="staff", name_az="Şəxsi Heyət", name_en="Staff", parent=top, kind=kind,
        order=2,
    )  # fmt: skip
    make_unit(
        code="office", slug="office", name_az="Gəncə şöbəsi", name_en="Ganja Office",
        parent=police, kind=kind,
    )  # fmt: skip
    top.refresh_from_db()
    return top


@pytest.fixture
def editor(django_user_model):
    return django_user_model.objects.create_superuser("editor", "editor@example.org", "a long one")
