import pytest

from generator.desk import editors
from generator.desk.acting import Refused
from tests.generator.desk.conftest import AT

pytestmark = pytest.mark.postgres
PASSWORD = "correct horse battery"


def test_a_password_is_known_by_its_argon2id_hash_alone(desk):
    editors.set_password(desk, "jo", PASSWORD, actor="jo", at=AT)
    found = editors.editor_of(desk, "jo", PASSWORD)
    assert found.name == "jo"
    assert found.password_hash.startswith("$argon2id$")
    assert editors.editor_of(desk, "jo", PASSWORD + "x") is None
    assert editors.editor_of(desk, "nobody", PASSWORD) is None
    assert editors.editor_of(desk, "kim", "nobody has this password") is None


def test_somebody_deactivated_has_no_password_any_more(desk):
    editors.set_password(desk, "jo", PASSWORD, actor="ada", at=AT)
    editors.deactivate(desk, "jo", actor="ada", at=AT)
    assert editors.editor_of(desk, "jo", PASSWORD) is None
    with pytest.raises(Refused, match='no active editor is called "jo"'):
        editors.deactivate(desk, "jo", actor="ada", at=AT)


def test_only_an_admin_manages_editors_and_oneself_one_s_password(desk):
    with pytest.raises(Refused, match='"kim" is no active admin; expected one of ada'):
        editors.add_editor(desk, "max", "admin", actor="kim", at=AT)
    with pytest.raises(Refused, match="no active admin"):
        editors.set_password(desk, "jo", PASSWORD, actor="kim", at=AT)
    with pytest.raises(Refused, match="a password of 5 characters; expected at least 12"):
        editors.set_password(desk, "jo", "short", actor="jo", at=AT)


@pytest.mark.parametrize("name", ["ci", "build", " ", "", " jo"])
def test_an_editor_has_a_person_s_name(desk, name):
    with pytest.raises(Refused, match="expected a person's name"):
        editors.add_editor(desk, name, "editor", actor="ada", at=AT)


def test_adding_again_changes_the_role_and_keeps_the_password(desk):
    editors.set_password(desk, "jo", PASSWORD, actor="jo", at=AT)
    editors.add_editor(desk, "jo", "reviewer", actor="ada", at=AT, public_name="Jo Doe")
    found = editors.editor_of(desk, "jo", PASSWORD)
    assert (found.role, found.public_name) == ("reviewer", "Jo Doe")
