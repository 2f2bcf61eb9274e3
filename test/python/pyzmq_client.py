"""An independent client, written from docs/PROTOCOL.md alone: the six actions of 1.0 and the tick stream.

Prints one JSON line a step; ends with 0, or with 1 at the first broken expectation. Expects a gateway in TRADING:
    pyzmq_client.py --host 127.0.0.1 --command-port 5555 --data-port 5556
"""
import argparse
import json
import sys
import time
import uuid

import zmq

REPLY_TYPES = {
    "req_id": str,
    "status": str,
    "timestamp": (int, float),
    "error": (str, type(None)),
    "code": (str, type(None)),
}
EURUSD_ONLY = '{"symbol":"EURUSD",'


class Broken(Exception):
    """The gateway did something else than the protocol promises."""


def expect(condition, what, got):
    if not condition:
        raise Broken(f"{what}; got {json.dumps(got)}")


def step(name, **facts):
    print(json.dumps({"step": name, **facts}), flush=True)


class Gateway:
    """The command channel and subscriptions of one gateway."""

    def __init__(self, host, command_port, data_port):
        self.context = zmq.Context()
        self.data = f"tcp://{host}:{data_port}"
        self.commands = self.context.socket(zmq.REQ)
        self.commands.linger = 0
        self.commands.connect(f"tcp://{host}:{command_port}")

    def request(self, action, payload):
        return {"action": action, "req_id": str(uuid.uuid4()), "timestamp": time.time(), "payload": payload}

    def exchange(self, request):
        """Sends a request's bytes and returns the checked reply."""
        self.commands.send(json.dumps(request).encode())
        if not self.commands.poll(2_000):
            raise Broken(f"no reply to {request['action']} within 2 s")
        frames = self.commands.recv_multipart()
        expect(len(frames) == 1, "a reply is one frame", len(frames))
        reply = json.loads(frames[0])
        for key, kind in REPLY_TYPES.items():
            expect(key in reply and isinstance(reply[key], kind), f"a reply has {key} of its type", reply)
        expect("data" in reply, "a reply has data", reply)
        expect(reply["req_id"] == request["req_id"], "a reply echoes the req_id", reply)
        expect(abs(reply["timestamp"] - time.time()) < 60, "timestamp is Unix time in seconds", reply)
        expect((reply["status"] == "SUCCESS") == (reply["error"] is None), "error is null on SUCCESS alone", reply)
        expect((reply["status"] == "SUCCESS") == (reply["code"] is None), "code is null on SUCCESS alone", reply)
        return reply

    def ask(self, action, payload=None):
        """`data` of a command that has to succeed."""
        reply = self.exchange(self.request(action, payload or {}))
        expect(reply["status"] == "SUCCESS", f"{action} succeeds", reply)
        return reply["data"]

    def refused(self, action, payload, code):
        """A command that has to be refused with `code`."""
        reply = self.exchange(self.request(action, payload))
        expect((reply["status"], reply["code"]) == ("ERROR", code), f"{action} is refused with {code}", reply)
        return reply["error"]

    def position(self, ticket):
        positions = self.ask("GET_POSITIONS")
        expect(isinstance(positions, list), "positions are a list", positions)
        return next((position for position in positions if position["ticket"] == ticket), None)

    def subscribe(self, prefix):
        socket = self.context.socket(zmq.SUB)
        socket.linger = 0
        socket.connect(self.data)
        socket.subscribe(prefix)
        return socket


def heartbeat(gateway, mode):
    data = gateway.ask("HEARTBEAT")
    expect((data["status"], data["service"]) == ("alive", "MT5 Gateway"), "the gateway is alive", data)
    expect(data["mode"] == mode, f"the mode is {mode}", data)
    step("heartbeat", mode=data["mode"], account_mode=data["account_mode"])


def account_info(gateway):
    data = gateway.ask("GET_ACCOUNT_INFO")
    for key in ("balance", "equity", "margin", "margin_free", "margin_level"):
        expect(isinstance(data.get(key), (int, float)), f"the account has the number {key}", data)
    expect(isinstance(data.get("currency"), str), "the account has a currency", data)
    expect(data["free_margin"] == data["margin_free"], "free_margin is margin_free", data)
    expect(data["used_margin"] == data["margin"], "used_margin is margin", data)
    step("account", balance=data["balance"], currency=data["currency"])


def open_sell(gateway, volume):
    request = gateway.request("OPEN_ORDER", {"symbol": "EURUSD", "volume": volume, "side": "SELL"})
    reply = gateway.exchange(request)
    data = reply["data"]
    expect(reply["status"] == "SUCCESS" and data["status"] == "SUCCESS", "the order is executed", reply)
    expect(data["volume"] == volume and data["price"] > 0, "volume and price are those of the fill", reply)
    expect(isinstance(data["ticket"], int) and data["ticket"] > 0, "a ticket is a whole number", reply)
    again = gateway.exchange(request)
    expect(again.get("duplicate") is True and again["data"] == data, "the same request is answered from the record", again)
    position = gateway.position(data["ticket"])
    expect(position is not None, "the position is open", data)
    expect((position["type"], position["symbol"]) == ("SELL", "EURUSD"), "a SELL of EURUSD", position)
    expect(position["volume"] == volume, "one order was executed, not two", position)
    for key in ("open_price", "current_price", "profit"):
        expect(isinstance(position.get(key), (int, float)), f"a position has the number {key}", position)
    step("open", ticket=data["ticket"], volume=volume, price=data["price"])
    return data["ticket"]


def close(gateway, ticket, volume=None):
    data = gateway.ask("CLOSE_POSITION", {"ticket": ticket} if volume is None else {"ticket": ticket, "volume": volume})
    expect(data["status"] == "SUCCESS" and data["price"] > 0, "the close is executed", data)
    if volume is not None:
        expect(data["volume"] == volume, "the part that was asked for is closed", data)
    step("close", ticket=ticket, volume=data["volume"])


def trade(gateway):
    """Opens and closes; leaves one position for the kill switch."""
    first = open_sell(gateway, 0.01)
    close(gateway, first)
    expect(gateway.position(first) is None, "the position is gone", first)
    gateway.refused("CLOSE_POSITION", {"ticket": first}, "NOT_FOUND")
    second = open_sell(gateway, 0.03)
    close(gateway, second, 0.01)
    rest = gateway.position(second)
    expect(rest is not None and abs(rest["volume"] - 0.02) < 1e-9, "0.02 of 0.03 are left", rest)
    gateway.refused("OPEN_ORDER", {"symbol": "EURUSD", "volume": "abc", "side": "SELL"}, "INVALID_PAYLOAD")
    step("refusals")
    return second


def receive_ticks(subscriber, count):
    ticks = []
    while len(ticks) < count:
        if not subscriber.poll(10_000):
            raise Broken(f"no tick within 10 s, after {len(ticks)}")
        frames = subscriber.recv_multipart()
        expect(len(frames) == 1, "a tick is one frame", len(frames))
        expect(frames[0].startswith(b'{"symbol":"'), "symbol is the first key, without spaces", frames[0].decode())
        ticks.append(json.loads(frames[0]))
    return ticks


def check_ticks(ticks):
    last = {}
    for tick in ticks:
        symbol, seq = tick["symbol"], tick["seq"]
        expect(0 < tick["bid"] <= tick["ask"], "bid is above 0 and at most ask", tick)
        expect(abs(tick["timestamp"] - tick["time_msc"] / 1000) < 0.002, "both times are the same", tick)
        expect(seq > last.get(symbol, 0), "seq rises", tick)
        last[symbol] = seq
    return sorted(last)


def stream(gateway):
    everything, own = gateway.subscribe(""), gateway.subscribe(EURUSD_ONLY)
    symbols = check_ticks(receive_ticks(everything, 20))
    expect(len(symbols) > 1, "an empty subscription gets several symbols", symbols)
    step("ticks", count=20, symbols=symbols)
    selected = check_ticks(receive_ticks(own, 20))
    expect(selected == ["EURUSD"], "a prefix selects one symbol", selected)
    step("ticks of one symbol", count=20, symbols=selected)
    everything.close()
    own.close()


def kill(gateway, ticket):
    data = gateway.ask("KILL_SWITCH", {"reason": "end of the test session"})
    expect(data["total_positions"] >= 1 and data["positions_closed"] <= data["total_positions"], "counts fit", data)
    expect(data["flatten"] in ("EMPTY", "FLATTENING", "BLOCKED", "UNKNOWN"), "flatten says how far it is", data)
    step("kill", closed=data["positions_closed"], of=data["total_positions"], flatten=data["flatten"])
    error = gateway.refused("OPEN_ORDER", {"symbol": "EURUSD", "volume": 0.01, "side": "BUY"}, "KILL_SWITCH_ENGAGED")
    step("refused", error=error)
    until = time.monotonic() + 10
    while gateway.position(ticket) is not None:
        expect(time.monotonic() < until, "the kill switch closes the position within 10 s", ticket)
        time.sleep(0.1)
    heartbeat(gateway, "HALTED")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--command-port", type=int, default=5555)
    parser.add_argument("--data-port", type=int, default=5556)
    flags = parser.parse_args()
    gateway = Gateway(flags.host, flags.command_port, flags.data_port)
    try:
        heartbeat(gateway, "TRADING")
        account_info(gateway)
        left_open = trade(gateway)
        stream(gateway)
        kill(gateway, left_open)
    except (Broken, LookupError, TypeError, ValueError) as fault:
        print(f"{type(fault).__name__}: {fault}", file=sys.stderr)
        return 1
    finally:
        gateway.context.destroy(linger=0)
    step("done")
    return 0


if __name__ == "__main__":
    sys.exit(main())
