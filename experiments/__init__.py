"""What this book measured, and what it says of the claims: it stands on `grokutils`, never under.

- `tables`: a file a table of `data/`, with what a row measures and which rows there are; `followed`
  and `grid` have what several of them share
- `sweeps`: a table of runs on disk, and how the runs that it lacks are spread over processes
- `make`, `check`, `stored`: a table is made or completed, its rows are computed anew, or it is read
- `recompute`: of which tables a reader's browser makes a row again
- `outcomes`: what many runs came to, for the claims of the paper
- `decides`: a file a claim of later papers, with the quantities that decide it
- `claims`: the registry, from `claims.toml`, and the verdicts; `evidence`: what a verdict stands on
- `law.toml`, `soon.toml`, `margin.toml`, `told.toml`: what was foretold, frozen before its runs
- `verdicts`, `explanations`: the scorecard as it is shown, and what is left of an explanation;
  `questions`, `news`: what the pages ask and what came, and what is news of it

``python -m experiments list`` says how far the tables are.
"""
