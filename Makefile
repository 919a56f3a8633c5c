.PHONY: lint test test-slow test-browser test-notebooks docs bench

lint:
	ruff format --check .
	ruff check .
	mypy
	codespell

test:
	python -m pytest

test-slow:
	python -m pytest -m slow

test-browser:
	python -m pytest -m browser

test-notebooks:
	python -m pytest -m notebooks

docs:
	python tests/tools/build_docs.py --check
	NO_MKDOCS_2_WARNING=1 mkdocs build --strict --quiet

bench:
	python tests/benchmarks/inspect_speed.py
	python tests/benchmarks/wordsim_speed.py
