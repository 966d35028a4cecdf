"""Serve Keystone on a port of 127.0.0.1; runs in the environment of Keystone.

serve.py CONFIGURATION PORT
"""

import sys

import keystone.server.flask.core as keystone
from werkzeug.serving import make_server


def main() -> None:
    configuration, port = sys.argv[1:]
    del sys.argv[1:]  # Keystone parses sys.argv too
    application = keystone.initialize_application("public", config_files=[configuration])
    make_server("127.0.0.1", int(port), application, threaded=True).serve_forever()


if __name__ == "__main__":
    main()
