"""doccano's half of `doccano_round_trip.py`: run by the Python of doccano's own environment.

Takes a folder with `blank.jsonl` and `codes.json` ({coder: {sid: [label]}}); imports the first with
doccano's own import code, labels and confirms every text for each coder, and writes `export.zip`
with doccano's own export code. Its database is made new in the folder (SQLite).
"""

from __future__ import annotations

import json
import os
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path


def main(folder: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'db.sqlite3'}"
    os.environ["MEDIA_ROOT"] = str(folder / "media")
    os.environ["STANDALONE"] = "True"
    (package,) = find_spec("backend").submodule_search_locations
    sys.path.insert(0, package)
    import django

    django.setup()
    from django.core import management

    management.call_command("migrate", verbosity=0)
    management.call_command("create_roles", verbosity=0)
    project, users = project_of(sorted(json.loads((folder / "codes.json").read_text("utf-8"))))
    import_texts(project, users[0], folder / "blank.jsonl")
    label(project, users, json.loads((folder / "codes.json").read_text("utf-8")))
    from data_export.celery_tasks import export_dataset

    done = export_dataset(project.id, "JSONL", confirmed_only=True)
    Path(done).replace(folder / "export.zip")
    print("doccano", version("doccano"), "imported", project.examples.count(), "texts")


def project_of(names: list[str]) -> tuple[object, list[object]]:
    """A project whose annotations are not shared, and its members."""
    from django.contrib.auth import get_user_model
    from projects.models import Member, Role, TextClassificationProject

    users = [get_user_model().objects.create(username=name) for name in names]
    project = TextClassificationProject.objects.create(
        name="round trip", project_type="DocumentClassification", created_by=users[0],
        collaborative_annotation=False,
    )  # fmt: skip
    project.add_admin()
    role = Role.objects.get(name="annotator")
    for user in users[1:]:
        Member.objects.create(project=project, user=user, role=role)
    return project, users


def import_texts(project: object, user: object, file: Path) -> None:
    from data_import.datasets import load_dataset
    from data_import.pipeline.catalog import create_file_format
    from data_import.pipeline.readers import FileName

    names = [FileName(full_path=str(file), generated_name=file.name, upload_name=file.name)]
    options = {"column_data": "text", "column_label": "label", "encoding": "utf_8"}
    form = create_file_format("JSONL")
    dataset = load_dataset("DocumentClassification", form, names, project, **options)
    dataset.save(user, batch_size=500)
    assert not dataset.errors, dataset.errors


def label(project: object, users: list[object], codes: dict[str, dict[str, list[str]]]) -> None:
    """The labels of each coder, and every text that the coder has confirmed."""
    from examples.models import Example, ExampleState
    from label_types.models import CategoryType
    from labels.models import Category

    texts = sorted({text for own in codes.values() for found in own.values() for text in found})
    types = {text: CategoryType.objects.create(project=project, text=text) for text in texts}
    by_sid = {example.meta["sid"]: example for example in Example.objects.filter(project=project)}
    for user in users:
        for sid, found in codes[user.username].items():
            example = by_sid[sid]
            for text in found:
                Category.objects.create(example=example, label=types[text], user=user)
            ExampleState.objects.create(example=example, confirmed_by=user)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
