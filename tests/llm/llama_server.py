"""llama.cpp's own HTTP server, as a program: `python llama_server.py MODEL.gguf [KEY]`.

Prints its address when the model is loaded, and ends when its standard input is closed, so that
it never outlives the tests.
"""

from __future__ import annotations

import os
import sys

import xllamacpp

parameters = xllamacpp.CommonParams()
parameters.model.path = sys.argv[1]
parameters.api_keys = sys.argv[2:]
parameters.port = 0  # a free one
parameters.n_ctx = 4096
parameters.n_parallel = 1
parameters.cpuparams.n_threads = 1
parameters.cpuparams_batch.n_threads = 1
parameters.fit_params = False  # the context is to be what it is told
parameters.ui = False
server = xllamacpp.Server(parameters)
print(f"address {server.listening_address}", flush=True)
sys.stdin.read()
# The server's threads are not waited for: one may be in the middle of a reply.
os._exit(0)
