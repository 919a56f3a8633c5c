.PHONY: lint test test-slow test-exhaustive test-browser test-notebooks docs bench release-check fuzz coverage mutants

lint:
	ruff format --check .
	ruff check .
	mypy
	codespell

test:
	python -m pytest

test-slow:
	python -m pytest -m slow --dist loadgroup

test-exhaustive:
	python -m pytest -m exhaustive --dist load

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

release-check:
	python tests/tools/release_check.py

fuzz:
	nice -n 19 python -m tests.fuzz --minutes 10 -o fuzz.json

# These take long, and need the extra quality. Tests that kill a process leave a file that cannot be
# read, which combine skips and complains of.
coverage:
	coverage erase
	coverage run -m pytest -n 2
	-coverage combine --quiet
	coverage report --skip-covered
	coverage json --quiet -o coverage.json
	python tests/tools/branch_coverage.py coverage.json --at-least 95

# Forked processes, in which threads of the tokenizers library would wait for each other.
mutants:
	TOKENIZERS_PARALLELISM=false OPENBLAS_NUM_THREADS=1 mutmut run
	mutmut results
