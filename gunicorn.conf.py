"""How gunicorn serves the site; it reads this file by itself."""

worker_class = "gthread"  # a long download occupies one thread, not a process, and no time-out cuts it
workers = 2
threads = 4
graceful_timeout = 30  # seconds that running requests get at a restart
control_socket_disable = True  # it would be opened under the home directory, which may not be writable
loglevel = "warning"
limit_request_line = 8190  # bytes, the most it allows; longer queries than the site reads get a page of ours
forwarder_headers = ""  # no header of a request may set SCRIPT_NAME or PATH_INFO


def when_ready(server):
    for listener in server.LISTENERS:
        print(f"网站 / Site:  {listener}/\n后台 / Admin: {listener}/admin/", flush=True)
    print("按 Ctrl-C 停止 / Ctrl-C stops it.", flush=True)
