"""telemelya's server, in its own environment: prints its port, ends with its standard input.

It keeps its state in Redis and S3; here both are in its process, by fakeredis and moto.
"""

from __future__ import annotations

import os
import socket
import sys
import threading

import uvicorn
from fakeredis import TcpFakeServer
from moto.server import ThreadedMotoServer

_HOST = "127.0.0.1"


def _start_redis() -> str:
    redis = TcpFakeServer((_HOST, 0))
    threading.Thread(target=redis.serve_forever, daemon=True).start()
    return f"redis://{_HOST}:{redis.server_address[1]}/0"


def _start_s3() -> str:
    storage = ThreadedMotoServer(_HOST, 0, verbose=False)
    storage.start()
    host, port = storage.get_host_and_port()
    return f"{host}:{port}"


def _end_with_input(server: uvicorn.Server) -> None:
    sys.stdin.read()
    server.should_exit = True


def main() -> None:
    """Serves until whoever started it is gone."""
    # It reads these when it is imported. Edits of messages that there are not are refused.
    os.environ |= {
        "REDIS_URL": _start_redis(),
        "MINIO_ENDPOINT": _start_s3(),
        "STRICT_EDIT": "true",
    }
    listening = socket.create_server((_HOST, 0))
    # Its own logging goes to standard error; uvicorn's would go to standard output.
    server = uvicorn.Server(uvicorn.Config("telemelya.server.app:app", log_config=None))
    threading.Thread(target=_end_with_input, args=(server,), daemon=True).start()
    print(listening.getsockname()[1], flush=True)
    server.run(sockets=[listening])


if __name__ == "__main__":
    main()
