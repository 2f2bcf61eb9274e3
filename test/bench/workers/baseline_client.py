"""A client in the manner of the original one: a REQ socket with a timeout of two seconds, JSON by pyzmq.

baseline_client.py PORT
Takes one task a line on its standard input, answers each with one line of numbers.
"""
import json
import os
import sys
import threading
import time
import uuid

import zmq

context = zmq.Context()


def connect():
    opened = context.socket(zmq.REQ)
    opened.setsockopt(zmq.LINGER, 0)
    opened.connect(f"tcp://127.0.0.1:{sys.argv[1]}")
    return opened


sockets = [connect()]


def send_command(action, payload, timeout_ms, by=sockets[0]):
    by.setsockopt(zmq.RCVTIMEO, timeout_ms)
    by.send_json({"action": action, "req_id": str(uuid.uuid4()), "timestamp": time.time(), "payload": payload})
    return by.recv_json()


def throughput(count, ms, **_):
    """The original client blocks while it waits for its answer, so each has a thread of its own."""
    while len(sockets) < count:
        sockets.append(connect())
    start = time.monotonic()
    done = [0] * count

    def heartbeats(index):
        while time.monotonic() < start + ms / 1000:
            send_command("HEARTBEAT", {}, 2000, sockets[index])
            done[index] += 1

    threads = [threading.Thread(target=heartbeats, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"rate": sum(done) / (time.monotonic() - start)}


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
    print(json.dumps({"latency": latency, "throughput": throughput, "reconnect": reconnect}[task.pop("task")](**task)), flush=True)
os._exit(0)
