"""Our own YAML files, shipped with the software: read into the model that says what they must hold."""

from __future__ import annotations

from importlib.resources import files
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from models.errors import FinalError

Model = TypeVar("Model", bound=BaseModel)


def load_own(model: type[Model], package: str, name: str) -> Model:
    """The file `name` beside the modules of `package` (what people write is read by `models.yaml_files`).

    Raises:
        FinalError: the file is faulty.
    """
    try:
        return model.model_validate(yaml.safe_load(files(package).joinpath(name).read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise FinalError(f"Tệp {name} của phần mềm sai: {error}", field=name, remedy="Cài lại phần mềm.") from error
