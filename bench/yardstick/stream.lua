-- SID=<session id> wrk -t1 -c32 -d4 -s stream.lua URL : tools/call tell in the 2025-11-25 revision, 10 notifications and an answer
wrk.method = "POST"
wrk.body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"tell","arguments":{"times":10}}}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "application/json, text/event-stream"
wrk.headers["MCP-Protocol-Version"] = "2025-11-25"
if os.getenv("SID") then wrk.headers["Mcp-Session-Id"] = os.getenv("SID") end
