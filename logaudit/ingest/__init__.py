"""Sources → extracts: small tables of what each source holds, read in parallel where that pays.

`extract` reads one source, a pure function of its bytes and a profile; `scheduler` reads all of them; `vectorized`
reads large plain logs many lines at once; `executor` runs the tasks.
"""
