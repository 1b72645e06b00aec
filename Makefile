# The targets that people use; `make help` lists them. Everything runs in a .venv of its own.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help install demo up test test-slow test-all check lint format types imports drift diagram access-table clean

help: ## Liệt kê các lệnh make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

install: $(STAMP) ## Tạo .venv và cài đúng các phiên bản trong constraints.txt

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Cần Python 3.11 trở lên")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(STAMP)

demo: install ## Diễn lại năm 2024 trên máy chủ Prefect thật (ARGS="--keep" để giữ giao diện)
	$(BIN)/ocop demo --reset $(ARGS)

up: install ## Chạy thật cho đến khi nhấn Ctrl-C (ARGS="--prefect-port 4300")
	$(BIN)/ocop up $(ARGS)

test: install ## Kiểm thử nhanh (không cần máy chủ)
	$(BIN)/pytest -q -n 2 -m "not slow" $(ARGS)

test-slow: install ## Kiểm thử chậm: máy chủ Prefect, PostgreSQL, trình duyệt, cả năm trình diễn
	$(BIN)/pytest -q -n 2 --dist loadfile -m slow $(ARGS)

test-all: test test-slow ## Mọi kiểm thử

check: lint types imports drift test ## Định dạng, ruff, mypy, ranh giới import, cấu trúc dữ liệu, kiểm thử nhanh

lint: install ## Định dạng và ruff
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: install ## mypy --strict toàn bộ
	$(BIN)/mypy

imports: install ## Ranh giới import (import-linter)
	$(BIN)/lint-imports

drift: install ## Các bảng trong mã khớp với các bước nâng cấp dữ liệu
	$(BIN)/python -m deployments.check_drift

access-table: install ## Viết lại bảng quyền truy cập trong docs/quyen-truy-cap.md
	$(BIN)/python -m deployments.write_access_table

diagram: install ## Vẽ lại sơ đồ luồng trong docs/luong.md
	$(BIN)/python -m deployments.write_diagram

format: install ## Tự sửa định dạng
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

clean: ## Xóa .venv và các tệp tạm
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
