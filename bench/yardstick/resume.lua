-- SID=<session id> LAST_EVENT_ID=<event id> wrk -t1 -c1 -d4 -s resume.lua URL : GET of what came after an event, 2025-11-25 revision
wrk.method = "GET"
wrk.headers["Accept"] = "text/event-stream"
wrk.headers["MCP-Protocol-Version"] = "2025-11-25"
wrk.headers["Mcp-Session-Id"] = os.getenv("SID")
wrk.headers["Last-Event-ID"] = os.getenv("LAST_EVENT_ID")
