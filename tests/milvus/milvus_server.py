"""Milvus 2.3.5 as a program: `python milvus_server.py FOLDER [asks-who]`.

Prints its port when it is ready, and ends it when its standard input is closed, so that it never
outlives the tests. The package's own command leaves the server behind when it is told to end.
"""

from __future__ import annotations

import sys

from milvus import MilvusServer, MilvusServerConfig

config = MilvusServerConfig(data_dir=sys.argv[1])
config.set("common.security.authorizationEnabled", "asks-who" in sys.argv[2:])
server = MilvusServer(config)
server.start()
try:
    print(f"port {server.listen_port}", flush=True)
    sys.stdin.read()
finally:
    server.stop()
