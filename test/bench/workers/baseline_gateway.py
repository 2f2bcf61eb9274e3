"""A gateway of about 30 lines in the manner of the original one: REP for commands, PUB for ticks, JSON by pyzmq.

baseline_gateway.py command [PORT] [ORDER_SECONDS]   serves commands, one at a time
baseline_gateway.py ticks                            publishes, as fast as it can, for as long as it is told
Tells its port in the answer to the task "port"; ends when its standard input does.
"""
import json
import os
import sys
import threading
import time

import zmq

SYMBOLS = ["EURUSD", "GBPUSD", "USDJPY", "XAUUSD", "BTCUSD"]
context = zmq.Context()


def serve_commands(socket, order_seconds):
    while True:
        request = socket.recv_json()
        data = {"status": "alive", "service": "MT5 Gateway"}
        if request["action"] == "OPEN_ORDER":
            time.sleep(order_seconds)
            data = {"status": "SUCCESS", "ticket": 1, "volume": request["payload"]["volume"], "price": 1.0}
        socket.send_json({"req_id": request["req_id"], "status": "SUCCESS", "timestamp": time.time(),
                          "data": data, "error": None})


def publish_ticks(socket, milliseconds, per_second):
    start = time.monotonic()
    seq, until = 0, start + milliseconds / 1000
    while time.monotonic() < until:
        seq += 1
        for symbol in SYMBOLS:
            now = time.time()
            socket.send_json({"symbol": symbol, "bid": 1.05123, "ask": 1.05125, "timestamp": now,
                              "time_msc": int(now * 1000), "last": 0, "volume": 1000, "flags": 6, "seq": seq})
        ahead = seq * len(SYMBOLS) / per_second - (time.monotonic() - start) if per_second else 0
        if ahead > 0.001:
            time.sleep(ahead)
    return seq * len(SYMBOLS)


role, port, order_seconds = (sys.argv[1:] + ["0", "0"])[:3]
socket = context.socket(zmq.REP if role == "command" else zmq.PUB)
socket.bind(f"tcp://127.0.0.1:{port if role == 'command' and port != '0' else '*'}")
bound = int(socket.getsockopt(zmq.LAST_ENDPOINT).decode().rstrip("\0").rsplit(":", 1)[1])
if role == "command":
    threading.Thread(target=serve_commands, args=(socket, float(order_seconds)), daemon=True).start()
for line in sys.stdin:
    task = json.loads(line)
    print(json.dumps({"port": bound} if task["task"] == "port" else
                     {"published": publish_ticks(socket, task["ms"], task.get("perSecond", 0))}), flush=True)
os._exit(0)
