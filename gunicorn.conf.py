"""The settings of gunicorn, for `manage.py serve` and in the container."""

import os
from pathlib import Path

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"

# The web server mostly waits for the database and for slow uploads, so it uses threads. The second
# process keeps requests fast while the first one writes an export.
worker_class = "gthread"
workers = 2
threads = 8
preload_app = True

# A process that does not report to its parent for this long is restarted. A thread that receives a
# large upload or writes a long export does not block these reports.
timeout = 60
graceful_timeout = 20

# Each process reports through a file, which must not be delayed by a busy disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # in memory, readable by this user only
# The control socket is not used; it would be created in the home folder.
control_socket_disable = True

# Do not log starting and stopping.
loglevel = "warning"
