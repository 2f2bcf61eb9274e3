"""A client in the manner of the original one: a REQ socket with a timeout of two seconds, JSON by pyzmq.

baseline_client.py PORT
Takes one task a line on its standard input, answers each with one line of numbers.
"""
import json
import os
import sys
import time
import uuid

import zmq

context = zmq.Context()
socket = context.socket(zmq.REQ)
socket.setsockopt(zmq.LINGER, 0)
socket.connect(f"tcp://127.0.0.1:{sys.argv[1]}")


def send_command(action, payload, timeout_ms):
    socket.setsockopt(zmq.RCVTIMEO, timeout_ms)
    socket.send_json({"action": action, "req_id": str(uuid.uuid4()), "timestamp": time.time(), "payload": payload})
    return socket.recv_json()


def latency(count, **_):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        send_command("HEARTBEAT", {}, 2000)
        times.append((time.perf_counter() - start) * 1e6)
    times.sort()
    rank = lambda percent: times[max(0, -(-len(times) * percent // 1000) - 1)]
    return {"p50": rank(500), "p99": rank(990), "p999": rank(999)}


def reconnect(ms, **_):
    """Sends heartbeats until one is answered after one was not, for at most so long; 0 where none ever was."""
    until, missed = time.monotonic() + ms / 1000, False
    while time.monotonic() < until:
        try:
            send_command("HEARTBEAT", {}, 100)
            if missed:
                return {"goodAtMs": time.monotonic_ns() / 1e6}
        except zmq.ZMQError:
            missed = True
        time.sleep(0.005)
    return {"goodAtMs": 0}


for line in sys.stdin:
    task = json.loads(line)
    print(json.dumps({"latency": latency, "reconnect": reconnect}[task.pop("task")](**task)), flush=True)
os._exit(0)
