"""Starlette under uvicorn, with an application mounted at /mcp that passes everything on.

Usage: starlette-front.py UPSTREAM mount|route. Prints the port that it listens on.
"""

import socket
import sys
import urllib.error
import urllib.request

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

UPSTREAM, MODE = sys.argv[1:]
OF_CONNECTION = {"connection", "content-length", "transfer-encoding", "keep-alive", "date"}


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))


def pass_on(method, path, headers, body):
    request = urllib.request.Request(UPSTREAM + path, body or None, headers, method=method)
    try:
        answer = OPENER.open(request)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers.items(), answer.read()


class Application:
    """An ASGI application, as an SDK makes one."""

    async def __call__(self, scope, receive, send):
        request = Request(scope, receive)
        headers = {name: value for name, value in request.headers.items() if name not in OF_CONNECTION}
        body = await request.body()
        status, answered, content = await run_in_threadpool(pass_on, request.method, request.url.path, headers, body)
        response = Response(content, status)
        for name, value in answered:
            if name.lower() not in OF_CONNECTION:
                response.headers.append(name, value)
        await response(scope, receive, send)


application = Application()
mounted = [Mount("/mcp", app=application)]
routed = [Route("/mcp", endpoint=application), Route("/mcp/", endpoint=application)]

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen()
print(listener.getsockname()[1], flush=True)
app = Starlette(routes=mounted if MODE == "mount" else routed)
uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off")).run(sockets=[listener])
