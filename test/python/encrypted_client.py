"""One request to a gateway in encrypted mode, made as it should be or wrong on purpose. Shares no code with the project.

Prints one JSON line: {"outcome": "reply", "reply": …}, {"outcome": "turned away", "event": "AUTH", "value": 400} or
{"outcome": "silence"}.
    encrypted_client.py alpha.json OPEN_ORDER '{"symbol": "EURUSD", "volume": 0.01, "side": "BUY"}'
"""
import argparse
import hmac
import json
import os
import time
import uuid

import zmq
from zmq.utils.monitor import recv_monitor_message

TURNED_AWAY = {
    zmq.EVENT_HANDSHAKE_FAILED_AUTH: "AUTH",
    zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL: "PROTOCOL",
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL: "HUNG UP",
}


def read(path):
    with open(path) as file:
        return json.load(file)


def keys_of(choice, own):
    """Public and secret key: the brain's own, another's, or a pair that nobody knows."""
    if choice == "random":
        return zmq.curve_keypair()
    holder = own if choice is None else read(choice)
    return holder["public_key"].encode(), holder["secret_key"].encode()


def proofs(choice, own, body):
    """The frames behind the body."""
    if choice == "none":
        return []
    if choice == "random":
        return [os.urandom(32)]
    if choice == "short":
        return [proofs(None, own, body)[0][:31]]
    if choice == "twice":
        return proofs(None, own, body) * 2
    holder = own if choice is None else read(choice)
    return [hmac.digest(bytes.fromhex(holder["mac_key"]), body, "sha256")]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("connection")
    parser.add_argument("action")
    parser.add_argument("payload", nargs="?", default="{}")
    parser.add_argument("--keys-of", help="another connection file, random or none")
    parser.add_argument("--mac-of", help="another connection file, random, none, short or twice")
    parser.add_argument("--name", help="the client_id in the body; empty for none")
    parser.add_argument("--server-key", choices=["random"])
    flags = parser.parse_args()
    own = read(flags.connection)

    socket = zmq.Context().socket(zmq.REQ)
    socket.linger = 0
    if flags.keys_of != "none":
        socket.curve_serverkey = zmq.curve_keypair()[0] if flags.server_key else own["server_key"].encode()
        socket.curve_publickey, socket.curve_secretkey = keys_of(flags.keys_of, own)
    monitor = socket.get_monitor_socket(sum(TURNED_AWAY))

    name = own["client_id"] if flags.name is None else flags.name
    request = {"action": flags.action, "req_id": str(uuid.uuid4()), "timestamp": time.time()}
    body = {**request, "payload": json.loads(flags.payload), **({"client_id": name} if name else {})}
    encoded = json.dumps(body).encode()
    frames = [encoded, *proofs(flags.mac_of, own, encoded)]

    socket.connect(f"tcp://{own['host']}:{own['command_port']}")
    socket.send_multipart(frames)
    print(json.dumps(outcome(socket, monitor)))


def outcome(socket, monitor):
    """What came of it. A hang-up may hide another reason, which the next attempt of libzmq brings to light."""
    poller = zmq.Poller()
    poller.register(socket, zmq.POLLIN)
    poller.register(monitor, zmq.POLLIN)
    seen = {"outcome": "silence"}
    until = time.monotonic() + 4
    while time.monotonic() < until:
        ready = dict(poller.poll(100))
        if socket in ready:
            return {"outcome": "reply", "reply": json.loads(socket.recv())}
        if monitor not in ready:
            continue
        message = recv_monitor_message(monitor)
        seen = {"outcome": "turned away", "event": TURNED_AWAY[message["event"]], "value": message["value"]}
        if seen["event"] != "HUNG UP":
            break
        until = min(until, time.monotonic() + 1)
    return seen


if __name__ == "__main__":
    main()
