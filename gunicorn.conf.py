"""The web server's settings, the same for `manage.py serve` and in the container."""

import os
from pathlib import Path

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"

# Recognition happens in the workers, so the web server mostly waits, for the database
# and for slow uploads: threads are cheap, and a second process keeps pages quick while
# the first one writes a large export.
worker_class = "gthread"
workers = 2
threads = 8
preload_app = True

# Ends a process that no longer answers its parent. A thread that receives a large
# upload or writes a long export counts as answering, however long it takes.
timeout = 60
graceful_timeout = 20

# The sign of life of each process is a file; on a busy disk it could come too late.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # memory, ours alone
# Nobody steers the server through its socket, so it does not open one in the home folder.
control_socket_disable = True

# Starting and stopping goes without saying; trouble does not.
loglevel = "warning"
