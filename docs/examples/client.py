"""A client of protocol 1.0 in Python: python3 client.py [host]. Needs pyzmq."""
import sys, time, uuid
import zmq

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
context = zmq.Context()


def command(action, payload=None, timeout_ms=2000):
    """Sends one command and returns the reply. A new socket each time: a REQ that got no reply cannot be used again."""
    request = {"action": action, "req_id": str(uuid.uuid4()), "timestamp": time.time(), "payload": payload or {}}
    with context.socket(zmq.REQ) as socket:
        socket.linger = 0
        socket.connect(f"tcp://{HOST}:5555")
        socket.send_json(request)
        if not socket.poll(timeout_ms):
            # A trade may have happened: ask GET_COMMAND with this req_id, or send this very request again.
            raise TimeoutError(f"no reply to {action} {request['req_id']}")
        return socket.recv_json()


print(command("HEARTBEAT")["data"])
opened = command("OPEN_ORDER", {"symbol": "EURUSD", "volume": 0.01, "side": "SELL"})
print(opened["status"], opened["error"] or opened["data"])
if opened["status"] == "SUCCESS":
    print(command("CLOSE_POSITION", {"ticket": opened["data"]["ticket"]})["status"])

ticks = context.socket(zmq.SUB)
ticks.connect(f"tcp://{HOST}:5556")
ticks.subscribe('{"symbol":"EURUSD",')
for _ in range(5):
    tick = ticks.recv_json()
    print(tick["symbol"], tick["bid"], tick["ask"])
