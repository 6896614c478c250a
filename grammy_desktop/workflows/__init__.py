"""One file per thing a user does. A workflow joins features; it knows no window and no queue.

Functions named `make_*`, `measure_*` and `render_*` run in a worker process and write only into the staging
folder they are given; functions named `keep_*` run in the parent and put the result into the library.
"""
