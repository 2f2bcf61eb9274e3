"""A paired brain that trades as fast as it is answered and listens to ticks, until SIGTERM. Shares no code with the project.

A request without a reply within 500 ms is sent again, the identical frames under the same req_id, at most 20 times.
Prints one JSON line an answer, and at the end one with what it was left without:
    {"req_id": …, "action": …, "status": "SUCCESS", "code": null, "ticket": 7, "tries": 1, "at": 1790000000.1}
    {"ended": true, "unanswered": […], "ticks": 812, "last_tick_at": …, "last_answer_at": …}
"""
import hmac
import json
import signal
import sys
import time
import uuid

import zmq

RETRY_AFTER_MS = 500
MAX_TRIES = 20


class Trader:
    def __init__(self, connection):
        self.me = connection
        self.context = zmq.Context()
        self.stopping = False
        self.unanswered = []
        self.ticks = 0
        self.last_tick_at = None
        self.last_answer_at = None
        self.commands = self.connect(zmq.REQ, "command_port")
        self.data = self.connect(zmq.SUB, "data_port")
        self.data.subscribe(b"")

    def connect(self, kind, port):
        socket = self.context.socket(kind)
        socket.linger = 0
        socket.reconnect_ivl = 40
        socket.curve_serverkey = self.me["server_key"].encode()
        socket.curve_publickey = self.me["public_key"].encode()
        socket.curve_secretkey = self.me["secret_key"].encode()
        socket.connect(f"tcp://{self.me['host']}:{self.me[port]}")
        return socket

    def run(self):
        while not self.stopping:
            opened = self.ask("OPEN_ORDER", {"symbol": "EURUSD", "volume": 0.01, "side": "BUY"})
            if opened is None or opened["status"] != "SUCCESS":
                break
            if self.ask("CLOSE_POSITION", {"ticket": opened["data"]["ticket"]}) is None:
                break
        times = {"last_tick_at": self.last_tick_at, "last_answer_at": self.last_answer_at}
        self.say({"ended": True, "unanswered": self.unanswered, "ticks": self.ticks, **times})

    def ask(self, action, payload):
        """The reply; None where none came at all."""
        request = {"action": action, "req_id": str(uuid.uuid4()), "timestamp": time.time(), "payload": payload}
        body = json.dumps({**request, "client_id": self.me["client_id"], "ttl_ms": 60_000}).encode()
        frames = [body, hmac.digest(bytes.fromhex(self.me["mac_key"]), body, "sha256")]
        for tries in range(1, MAX_TRIES + 1):
            self.commands.send_multipart(frames)
            reply = self.wait()
            if reply is not None:
                self.note(request, reply, tries)
                return reply
            if self.stopping:
                break
            # A REQ that got no reply cannot be used again.
            self.commands.close()
            self.commands = self.connect(zmq.REQ, "command_port")
        self.unanswered.append({"req_id": request["req_id"], "action": action})
        return None

    def wait(self):
        poller = zmq.Poller()
        poller.register(self.commands, zmq.POLLIN)
        poller.register(self.data, zmq.POLLIN)
        until = time.monotonic() + RETRY_AFTER_MS / 1000
        while time.monotonic() < until:
            ready = dict(poller.poll(max(1, int((until - time.monotonic()) * 1000))))
            if self.data in ready:
                self.data.recv()
                self.ticks += 1
                self.last_tick_at = time.time()
            if self.commands in ready:
                self.last_answer_at = time.time()
                return json.loads(self.commands.recv())
        return None

    def note(self, request, reply, tries):
        data = reply["data"] if isinstance(reply["data"], dict) else {}
        told = {key: reply[key] for key in ("status", "code")}
        asked = {key: request[key] for key in ("req_id", "action")}
        self.say({**asked, **told, "ticket": data.get("ticket"), "tries": tries, "at": time.time()})

    @staticmethod
    def say(line):
        print(json.dumps(line), flush=True)


def main():
    with open(sys.argv[1]) as file:
        trader = Trader(json.load(file))

    def stop(*_):
        trader.stopping = True

    signal.signal(signal.SIGTERM, stop)
    trader.run()


if __name__ == "__main__":
    main()
