import { EventEmitter } from 'node:events';
import type { Dealer } from 'zeromq';
import { describe, expect, it } from 'vitest';
import { HurriedReconnect } from '../../../main/brain/hurried-reconnect.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';

const ENDPOINT = 'tcp://10.0.0.1:5555';

/** A socket of which only its events and its beginnings are real. */
class FakeSocket {
  readonly events = new EventEmitter();
  /** The limits of each connection that was begun, and when. */
  readonly begun: string[] = [];
  readonly #clock: SimulatedClock;
  connectTimeout = 1_000;
  reconnectInterval = 40;
  closed = false;
  #endpoint: string | null = ENDPOINT;

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  disconnect(endpoint: string): void {
    expect(endpoint).toBe(this.#endpoint);
    this.#endpoint = null;
  }

  connect(endpoint: string): void {
    expect(this.#endpoint).toBeNull();
    this.#endpoint = endpoint;
    this.begun.push(`${this.#clock.monoMs()}: ${this.connectTimeout} every ${this.reconnectInterval}`);
  }
}

async function rig(connectMs: number) {
  const clock = new SimulatedClock();
  const socket = new FakeSocket(clock);
  const hurried = new HurriedReconnect(socket as unknown as Dealer, ENDPOINT, clock);
  const say = (...names: string[]) => names.forEach((name) => socket.events.emit(name));
  say('connect:delay');
  await clock.advance(connectMs);
  say('connect', 'handshake');
  return { clock, socket, hurried, say };
}

describe('a connection that is lost', () => {
  it('is tried at a pace of the way as it was, and now and then with all the time that another way may need', async () => {
    const { clock, socket, say } = await rig(75);
    say('disconnect');
    await clock.advance(12_000);
    expect(socket.begun).toEqual([
      ...['175: 150 every 20', '2175: 1000 every 40', '3175: 150 every 20'],
      ...['7175: 1000 every 40', '8175: 150 every 20'],
    ]);
  });

  it('gets a tenth of a second at least, however short the way is', async () => {
    const { clock, socket, say } = await rig(1);
    say('disconnect');
    await clock.advance(200);
    expect(socket.begun).toEqual(['101: 100 every 20']);
  });

  it('is left to ZeroMQ where the way is so long that nothing is to be gained', async () => {
    const { clock, socket, say } = await rig(500);
    say('disconnect');
    await clock.advance(60_000);
    expect(socket.begun).toEqual([]);
  });

  it('is left alone once it is back, and where it comes back by itself at once', async () => {
    const { clock, socket, say } = await rig(10);
    say('disconnect');
    await clock.advance(60);
    say('connect:delay', 'connect', 'handshake');
    await clock.advance(60_000);
    expect(socket.begun).toEqual([]);
    say('disconnect');
    await clock.advance(500);
    say('connect', 'handshake');
    await clock.advance(60_000);
    expect(socket.begun).toHaveLength(1);
  });

  it('is not hurried where it was never shaken hands on: a gateway that turns this brain away is not pressed', async () => {
    const clock = new SimulatedClock();
    const socket = new FakeSocket(clock);
    new HurriedReconnect(socket as unknown as Dealer, ENDPOINT, clock);
    for (const name of ['connect:delay', 'connect', 'disconnect']) socket.events.emit(name);
    await clock.advance(60_000);
    expect(socket.begun).toEqual([]);
  });

  it('is begun no more after the socket was closed', async () => {
    const { clock, socket, hurried, say } = await rig(10);
    say('disconnect');
    hurried.close();
    await clock.advance(10_000);
    say('disconnect');
    socket.closed = true;
    await clock.advance(10_000);
    expect(socket.begun).toEqual([]);
  });
});
