"""Charts: real Vietnamese text, title and description, safe in any page, from no row to sixty; data beside them."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import pytest
from PIL import Image

from models.charts import Chart, png, svg
from models.charts.chart import count, label, number, percent
from models.charts.parts import parts_chart
from models.charts.rounds import late_chart, progress_chart
from models.charts.stars import communes_chart, years_chart
from models.charts.times import times_chart
from models.criteria import load_set
from models.reports.part_scores import part_scores
from models.reports.steering import LateUnit, RoundProgress, StarsLine, StepProgress, StepTimeLine

NAMESPACE = "{http://www.w3.org/2000/svg}"
LONG = "Văn phòng Điều phối Chương trình MTQG xây dựng nông thôn mới huyện Thọ Xuân, tỉnh Thanh Hóa"
CRITERIA = load_set("qd148", 6)


def progress(rows: int) -> Chart:
    steps = [StepProgress(n, "đánh giá cấp xã", rows * n, rows) for n in range(1, 8)]
    ended = {"Được công nhận": rows} if rows else {}
    return progress_chart(RoundProgress(steps if rows else [], rows, ended, rows), "Đợt 2 năm 2024")


def late(rows: int) -> Chart:
    return late_chart([LateUnit(f"{LONG} {n}", 9, 3, n) for n in range(rows)])


def years(rows: int) -> Chart:
    return years_chart([StarsLine(2000 + n, "", {3: n + 1, 5: 1}) for n in range(rows)])


def communes(rows: int) -> Chart:
    return communes_chart([StarsLine(2024, f"xã {LONG} {n}", {3: n + 1, 4: 2}) for n in range(rows)], 2024)


def times(rows: int) -> Chart:
    return times_chart(
        [StepTimeLine("consulting", "Tư vấn", f"{LONG} {n}", 10, 3.5, 9, 5.0, n % 3, (n % 3) / 10) for n in range(rows)]
    )


def parts(rows: int) -> Chart:
    sheet = {code: criterion.printed_points()[0] for code, criterion in CRITERIA.criteria.items()}
    return parts_chart(part_scores(CRITERIA, None, [sheet])[:rows], "Kẹo lạc <Tuyên & Tâm>")


KINDS = (progress, late, years, communes, times, parts)
Make = Callable[[int], Chart]


def texts(drawn: str) -> list[str]:
    return ["".join(element.itertext()) for element in ElementTree.fromstring(drawn).iter(f"{NAMESPACE}text")]


@pytest.mark.parametrize("rows", [0, 1, 3, 60])
@pytest.mark.parametrize("make", KINDS)
def test_chart_is_a_picture_with_title_description_and_nothing_foreign(make: Make, rows: int) -> None:
    chart = make(rows)

    drawn = svg(chart)

    root = ElementTree.fromstring(drawn)
    assert (root.tag, root.get("role")) == (f"{NAMESPACE}svg", "img")
    assert [element.text for element in root[:2]] == [chart.title, chart.summary]
    tags = {element.tag.removeprefix(NAMESPACE) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "defs", "g", "path", "rect", "use", "text", "tspan", "clipPath", "pattern"}
    attributes = {(name, value) for element in root.iter() for name, value in element.attrib.items()}
    assert [pair for pair in attributes if pair[0] == "style" or pair[0].startswith("on")] == []
    links = [value for name, value in attributes if name.endswith("href")]
    assert [link for link in links if not link.startswith("#")] == []
    assert re.findall(r"url\((?!#)", drawn) == []
    assert "<!DOCTYPE" not in drawn


@pytest.mark.parametrize("make", KINDS)
def test_chart_without_rows_says_so(make: Make) -> None:
    assert texts(svg(make(0))) == ["Chưa có số liệu."]


@pytest.mark.parametrize("make", KINDS)
def test_words_are_text_and_not_outlines(make: Make) -> None:
    drawn = " ".join(texts(svg(make(3))))

    assert re.search("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", drawn)


@pytest.mark.parametrize("make", KINDS)
def test_table_has_every_row_and_as_many_cells_as_columns(make: Make) -> None:
    for rows in (0, 1, 3, 60):
        table = make(rows).table
        assert {len(row) for row in table.rows} <= {len(table.columns)}
    sizes = {make_one: len(make_one(60).table.rows) for make_one in (late, years, communes, times)}
    assert set(sizes.values()) == {60}


@pytest.mark.parametrize("make", KINDS)
def test_png_is_a_picture_as_wide_as_a_page(make: Make) -> None:
    with Image.open(io.BytesIO(png(make(3), dpi=50))) as picture:
        assert (picture.format, picture.width) == ("PNG", 400)
        assert len(picture.convert("RGB").getcolors(100_000) or []) > 1


def test_drawing_the_same_gives_the_same() -> None:
    assert svg(communes(3)) == svg(communes(3))


def test_threads_draw_at_the_same_time_without_mixing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MPLBACKEND", raising=False)
    charts = [make(1) for make in KINDS]
    expected = [svg(chart) for chart in charts]

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(svg, charts * 2))

    assert found == expected * 2


def test_matplotlib_is_loaded_by_the_first_chart_and_pyplot_never() -> None:
    script = (
        "import sys\n"
        "from models.charts import Chart, ChartTable, svg\n"
        "from models.charts.stars import years_chart\n"
        "from models.reports.steering import StarsLine\n"
        "before = 'matplotlib' in sys.modules\n"
        "svg(years_chart([StarsLine(2024, '', {3: 1})]))\n"
        "print(before, 'matplotlib' in sys.modules, 'matplotlib.pyplot' in sys.modules)\n"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False", "True", "False"]


def test_pieces_carry_their_figures_and_the_sum() -> None:
    drawn = texts(svg(years_chart([StarsLine(2024, "", {3: 1200, 4: 800})])))

    assert [text for text in ("3 sao", "4 sao", "1.200", "800", "2.000", "2024") if text not in drawn] == []
    assert "5 sao" not in drawn  # nothing of it was given


def test_names_from_people_are_text_also_when_they_look_like_tags() -> None:
    drawn = svg(
        parts_chart(part_scores(CRITERIA, None, [dict.fromkeys(CRITERIA.criteria, 0)]), "<script>alert(1)</script>&")
    )

    assert "<script" not in drawn
    assert "<script>alert(1)</script>&" in (ElementTree.fromstring(drawn)[0].text or "")


@pytest.mark.parametrize("name", ["$x^2$ & $y$", "a_b^c {d} \\frac", "100 % $"])
def test_names_are_no_formulas(name: str) -> None:
    assert name in texts(svg(communes_chart([StarsLine(2024, name, {3: 1})], 2024)))


def test_summary_tells_the_main_thing() -> None:
    assert late(30).summary.startswith("90 việc quá hạn ở 30 đơn vị; nhiều nhất: ")
    assert late(30).summary.endswith("Vẽ 25 đơn vị nhiều nhất, bảng có đủ 30.")
    assert late(0).summary == "Không có việc quá hạn."
    assert years_chart([StarsLine(2024, "", {3: 2, 4: 1})]).summary == (
        "3 sản phẩm: 2 sản phẩm 3 sao, 1 sản phẩm 4 sao, 0 sản phẩm 5 sao."
    )


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (number(27.0), "27"),
        (number(27.43), "27,4"),
        (number(69.999, 2), "69,99"),
        (number(0.05), "0"),
        (count(1234567), "1.234.567"),
        (percent(1, 3), "33 %"),
        (percent(0, 3), "0 %"),
        (percent(1, 300), "< 1 %"),
        (percent(3, 3), "100 %"),
        (label("xã A"), "xã A"),
    ],
)
def test_figures_are_written_as_people_write_them(shown: str, expected: str) -> None:
    assert shown == expected


def test_long_name_takes_two_lines_and_is_cut() -> None:
    lines = label(LONG).split("\n")

    assert (len(lines), lines[-1][-1]) == (2, "…")
