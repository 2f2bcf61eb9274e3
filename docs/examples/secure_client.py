"""A paired brain in Python: python3 secure_client.py CONNECTION_FILE. Needs pyzmq with CURVE, as its wheels have it."""
import hmac, json, sys, time, uuid
import zmq

with open(sys.argv[1]) as file:
    me = json.load(file)
context = zmq.Context()


def connect(kind, port):
    """A socket under this brain's keys: everything is encrypted, and only the gateway it was paired with can answer."""
    socket = context.socket(kind)
    socket.linger = 0
    socket.curve_serverkey = me["server_key"].encode()
    socket.curve_publickey = me["public_key"].encode()
    socket.curve_secretkey = me["secret_key"].encode()
    socket.connect(f"tcp://{me['host']}:{me[port]}")
    return socket


def command(action, payload=None, timeout_ms=2000):
    """Sends one command and returns the reply. The second frame proves whose it is; client_id alone proves nothing."""
    request = {"action": action, "req_id": str(uuid.uuid4()), "timestamp": time.time(), "payload": payload or {}}
    body = json.dumps({**request, "client_id": me["client_id"]}).encode()
    proof = hmac.digest(bytes.fromhex(me["mac_key"]), body, "sha256")
    with connect(zmq.REQ, "command_port") as socket:
        socket.send_multipart([body, proof])
        if not socket.poll(timeout_ms):
            # A trade may have happened: send these very two frames again, or ask GET_COMMAND with this req_id.
            raise TimeoutError(f"no reply to {action} {request['req_id']}: is the gateway there, is this brain still paired?")
        return socket.recv_json()


print(command("HEARTBEAT")["data"])
opened = command("OPEN_ORDER", {"symbol": "EURUSD", "volume": 0.01, "side": "SELL"})
print(opened["status"], opened["error"] or opened["data"])
if opened["status"] == "SUCCESS":
    print(command("CLOSE_POSITION", {"ticket": opened["data"]["ticket"]})["status"])

ticks = connect(zmq.SUB, "data_port")
ticks.subscribe('{"symbol":"EURUSD",')
for _ in range(5):
    tick = ticks.recv_json()
    print(tick["symbol"], tick["bid"], tick["ask"])
