.PHONY: lint test test-slow test-browser docs bench

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

docs:
	python tests/tools/build_docs.py --check

bench:
	python tests/benchmarks/inspect_speed.py
	python tests/benchmarks/wordsim_speed.py
