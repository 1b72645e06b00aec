"""Our own YAML files: each that ships is good; a faulty one is loud and named."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from models.errors import FinalError
from models.own_yaml import load_own


class _Days(BaseModel):
    days: int


@pytest.mark.parametrize("text", ["days: many", "days: [1", "", "- 1"])
def test_faulty_file_is_named(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "shipped"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "some.yaml").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "shipped", raising=False)

    with pytest.raises(FinalError, match=r"some\.yaml") as refused:
        load_own(_Days, "shipped", "some.yaml")

    assert (refused.value.problems[0].field, refused.value.problems[0].remedy) == ("some.yaml", "Cài lại phần mềm.")
