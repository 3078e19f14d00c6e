"""`python -m tests.telegram.fake_server [--port N]`: prints its port, then serves.

Ends when its standard input is closed, so that it never outlives the tests.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from aiohttp import web

from tests.telegram.fake_server.server import Server


async def _serve(port: int) -> None:
    server = Server()
    # A poll whose bot was killed is to end with its connection.
    runner = web.AppRunner(server.application(), handler_cancellation=True, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    server.begin()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await server.end()
    await runner.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.telegram.fake_server")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    asyncio.run(_serve(parser.parse_args().port))


if __name__ == "__main__":
    main()
