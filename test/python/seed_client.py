"""A client as it was written for the original Python gateway: protocol 1.0 and nothing else.

Runs a whole session on an empty account and ends with 0, or with 1 at the first thing such a client could not live with:
    seed_client.py --host 127.0.0.1 --command-port 5555 --data-port 5556
"""
import argparse
import sys
import time
import uuid

import zmq

REPLY_KEYS = ("req_id", "status", "timestamp", "data", "error")
STATUSES = ("SUCCESS", "ERROR", "PENDING")


class ZMQClient:
    """REQ socket for commands, SUB socket for ticks, connected once and kept."""

    def __init__(self, host, command_port, data_port, timeout_ms=2000):
        self.timeout_ms = timeout_ms
        self.context = zmq.Context()
        self.req = self.context.socket(zmq.REQ)
        self.req.setsockopt(zmq.LINGER, 0)
        self.req.connect(f"tcp://{host}:{command_port}")
        self.sub = self.context.socket(zmq.SUB)
        self.sub.setsockopt(zmq.LINGER, 0)
        self.sub.connect(f"tcp://{host}:{data_port}")
        self.sub.setsockopt_string(zmq.SUBSCRIBE, "")

    def send_command(self, action, payload=None):
        request = {
            "action": action,
            "req_id": str(uuid.uuid4()),
            "timestamp": time.time(),
            "payload": payload or {},
        }
        self.req.send_json(request)
        if not self.req.poll(self.timeout_ms):
            raise TimeoutError(f"{action}: no reply within {self.timeout_ms} ms")
        reply = self.req.recv_json()
        for key in REPLY_KEYS:
            assert key in reply, f"{action}: the reply has no {key}: {reply}"
        assert reply["req_id"] == request["req_id"], f"{action}: the reply to another request: {reply}"
        assert reply["status"] in STATUSES, f"{action}: unknown status: {reply}"
        return reply

    def stream_data(self):
        while True:
            if not self.sub.poll(10_000):
                raise TimeoutError("no tick within 10 s")
            yield self.sub.recv_json()

    def close(self):
        self.req.close()
        self.sub.close()
        self.context.term()


def succeed(client, action, payload=None):
    reply = client.send_command(action, payload)
    assert reply["status"] == "SUCCESS" and reply["error"] is None, f"{action}: {reply}"
    print(action, reply["data"])
    return reply["data"]


def session(client):
    alive = succeed(client, "HEARTBEAT")
    assert alive["status"] == "alive" and alive["service"] == "MT5 Gateway", alive

    account = succeed(client, "GET_ACCOUNT_INFO")
    for key in ("balance", "equity", "margin", "free_margin", "margin_level", "currency"):
        assert key in account, f"the account has no {key}"

    bought = succeed(client, "OPEN_ORDER", {"symbol": "EURUSD", "volume": 0.01, "type": "BUY"})
    assert bought["status"] == "SUCCESS" and bought["volume"] == 0.01 and bought["price"] > 0, bought
    position = position_of(client, bought["ticket"])
    assert position["type"] == "BUY" and position["symbol"] == "EURUSD" and position["volume"] == 0.01, position
    for key in ("open_price", "current_price", "profit"):
        assert isinstance(position[key], (int, float)), f"a position has no {key}"
    succeed(client, "CLOSE_POSITION", {"ticket": bought["ticket"]})
    assert position_of(client, bought["ticket"]) is None, "a closed position is still open"

    sold = succeed(client, "OPEN_ORDER", {"symbol": "EURUSD", "volume": 0.01, "side": "SELL"})
    position = position_of(client, sold["ticket"])
    assert position["type"] == "SELL", f"a sell became {position}"

    refused = client.send_command("OPEN_ORDER", {"symbol": "EURUSD", "volume": 1000000, "type": "BUY"})
    assert refused["status"] == "ERROR" and isinstance(refused["error"], str), refused

    ticks = client.stream_data()
    for _ in range(10):
        tick = next(ticks)
        assert isinstance(tick["symbol"], str) and 0 < tick["bid"] <= tick["ask"] and tick["timestamp"] > 0, tick
    print("10 ticks, the last one", tick)

    killed = succeed(client, "KILL_SWITCH")
    assert killed["positions_closed"] == killed["total_positions"] == 1 and killed["timestamp"] > 0, killed
    assert succeed(client, "GET_POSITIONS") == []
    halted = client.send_command("OPEN_ORDER", {"symbol": "EURUSD", "volume": 0.01, "type": "BUY"})
    assert halted["status"] == "ERROR" and halted["error"], halted


def position_of(client, ticket):
    positions = succeed(client, "GET_POSITIONS")
    assert isinstance(positions, list), positions
    return next((position for position in positions if position["ticket"] == ticket), None)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="172.19.141.255")
    parser.add_argument("--command-port", type=int, default=5555)
    parser.add_argument("--data-port", type=int, default=5556)
    flags = parser.parse_args()
    client = ZMQClient(flags.host, flags.command_port, flags.data_port)
    try:
        session(client)
    except (AssertionError, TimeoutError, KeyError, TypeError, ValueError) as fault:
        print(f"{type(fault).__name__}: {fault}", file=sys.stderr)
        return 1
    finally:
        client.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
