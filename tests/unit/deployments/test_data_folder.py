"""The data folder: one instance at a time, and no data deleted that nobody asked to delete."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deployments import data_folder
from deployments.commands.problems import FINAL, problems_and_status
from deployments.data_folder import LOCK, MARK, check_room, locked_folder, mark_demo_folder, prepare_demo_folder
from models.errors import FinalError, PersonError


def names(folder: Path) -> set[str]:
    """What lies in the folder, the lock aside."""
    return {entry.name for entry in folder.iterdir()} - {LOCK}


def fill(folder: Path) -> None:
    """Data of ours, and a file that is not."""
    (folder / "prefect").mkdir(parents=True)
    (folder / "prefect" / "prefect.db").write_text("prefect")
    (folder / "ocop.sqlite").write_text("domain")
    (folder / "bao-cao.docx").write_text("of the user")


def test_folder_is_made_and_free_again_afterwards(tmp_path: Path) -> None:
    home = tmp_path / "a" / "dữ liệu"

    with locked_folder(home) as first:
        assert first == home
    with locked_folder(home) as second:
        assert second == home


def test_folder_used_by_another_process_is_refused_until_that_ends(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from deployments.data_folder import locked_folder\n"
            "with locked_folder(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()",
            str(tmp_path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(PersonError) as refused, locked_folder(tmp_path):
            pass
    finally:
        holder.kill()  # a lock must not outlive its process
        holder.communicate()

    assert refused.value.problems[0].as_dict() == {
        "field": "OCOP_HOME",
        "problem": f"Thư mục dữ liệu {tmp_path} đang được một bản ocop khác sử dụng.",
        "remedy": "Dừng bản đang chạy, hoặc chọn thư mục khác bằng --home (OCOP_HOME).",
    }
    with locked_folder(tmp_path):
        pass


def test_folder_that_cannot_be_made_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "tep").write_text("")

    with pytest.raises(PersonError) as refused, locked_folder(tmp_path / "tep" / "con"):
        pass

    assert refused.value.problems[0].field == "OCOP_HOME"
    assert refused.value.problems[0].problem.startswith("Không ghi được vào thư mục dữ liệu")


@pytest.mark.parametrize("reset", [False, True])
def test_empty_folder_is_ready(tmp_path: Path, reset: bool) -> None:
    with locked_folder(tmp_path):
        prepare_demo_folder(tmp_path, reset=reset)

        assert names(tmp_path) == set()


@pytest.mark.parametrize(("marked", "what"), [(True, "dữ liệu của lần trình diễn trước"), (False, "dữ liệu khác")])
def test_folder_with_data_is_refused_without_reset(tmp_path: Path, marked: bool, what: str) -> None:
    fill(tmp_path)
    if marked:
        mark_demo_folder(tmp_path)
    before = names(tmp_path)

    with pytest.raises(PersonError) as refused:
        prepare_demo_folder(tmp_path, reset=False)

    assert refused.value.problems[0].problem == f"Thư mục {tmp_path} đã có {what}."
    assert "--reset" in refused.value.problems[0].remedy
    assert names(tmp_path) == before


def test_reset_deletes_an_earlier_demo_and_only_that(tmp_path: Path) -> None:
    fill(tmp_path)
    mark_demo_folder(tmp_path)

    prepare_demo_folder(tmp_path, reset=True)

    assert names(tmp_path) == {"bao-cao.docx"}
    assert (tmp_path / "bao-cao.docx").read_text() == "of the user"


def test_reset_sets_real_data_aside_whole(tmp_path: Path) -> None:
    fill(tmp_path)

    prepare_demo_folder(tmp_path, reset=True)

    (aside,) = names(tmp_path) - {"bao-cao.docx"}
    assert aside.startswith("cat-rieng-")
    assert names(tmp_path / aside) == {"ocop.sqlite", "prefect"}
    assert (tmp_path / aside / "ocop.sqlite").read_text() == "domain"
    assert (tmp_path / aside / "prefect" / "prefect.db").read_text() == "prefect"


def test_data_set_aside_survive_the_next_resets(tmp_path: Path) -> None:
    fill(tmp_path)
    prepare_demo_folder(tmp_path, reset=True)
    (aside,) = names(tmp_path) - {"bao-cao.docx"}
    mark_demo_folder(tmp_path)
    (tmp_path / "ocop.sqlite").write_text("demo")

    prepare_demo_folder(tmp_path, reset=True)

    assert names(tmp_path) == {"bao-cao.docx", aside}
    assert (tmp_path / aside / "ocop.sqlite").read_text() == "domain"


def test_mark_says_that_the_data_are_a_demo(tmp_path: Path) -> None:
    mark_demo_folder(tmp_path)

    assert (tmp_path / MARK).read_text(encoding="utf-8") == "Dữ liệu trình diễn của ocop demo; có thể xóa.\n"


def test_full_disk_is_said_before_anything_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_folder, "ROOM_TO_START", shutil.disk_usage(tmp_path).total + 1)

    with pytest.raises(FinalError, match="Ổ đĩa đã đầy") as refused, locked_folder(tmp_path):
        pass

    assert str(tmp_path) in refused.value.problems[0].problem
    monkeypatch.undo()
    with locked_folder(tmp_path):
        check_room(tmp_path, 1)


def test_disk_that_fills_under_way_is_told_as_such() -> None:
    (problem,), status = problems_and_status(OSError(errno.ENOSPC, "No space left on device", "server.pid"))

    assert (problem.field, status) == ("OCOP_HOME", FINAL)
    assert problem.problem.startswith("Ổ đĩa đã đầy hoặc không ghi được (server.pid)")
