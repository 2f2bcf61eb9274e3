import { Context, Dealer, Subscriber } from 'zeromq';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../main/clock.ts';
import { Gateway } from '../../../main/gateway/gateway.ts';
import { silentLog } from '../../../main/log.ts';
import type { ConnectionFile, Role } from '../../../main/protocol/connection-file.ts';
import { encodeJson, parseTrustedJson } from '../../../main/protocol/json.ts';
import { networkSecurity } from '../../../main/security/network-security.ts';
import { newCurveKeys, PairingRegister } from '../../../main/security/pairing-register.ts';
import { macOf } from '../../../main/security/request-proof.ts';
import { FakeSafety } from '../../fakes/fake-safety.ts';
import { MemoryAuditLog } from '../../fakes/memory-audit-log.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { TradingTerminal } from '../../fakes/trading-terminal.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface LooseReply {
  readonly status: string;
  readonly code?: string | null;
  readonly error: string | null;
}

interface Security {
  readonly security: 'encrypted' | 'plain-network';
  readonly allowFrom?: string[];
}

async function start({ security, allowFrom = [] }: Security, requestsPerSecond = 0) {
  const audit = new MemoryAuditLog();
  const terminal = new TradingTerminal(systemClock);
  const safety = new FakeSafety(systemClock);
  const ports = { clock: systemClock, log: silentLog, audit, terminal };
  const network = await networkSecurity({
    ...{ clock: systemClock, log: silentLog, audit, dataDir: temporaryFolder(), settings: { security, allowFrom } },
    reach: () => ({ host: '127.0.0.1', commandPort: 1, dataPort: 2, eventPort: 3 }),
    endConnections: () => gateway.endConnections(),
  });
  const gateway: Gateway = new Gateway(
    {
      ...{ host: '127.0.0.1', commandPort: 0, dataPort: 0, eventPort: 0, commandDeadlineMs: 1_500, ttlMs: 5_000 },
      ...{ magicBase: 5_550_000, symbols: ['EURUSD'], version: '1.2.3', session: 'a-session', requestsPerSecond },
    },
    { ...ports, guard: network.guard },
  );
  closers.push(
    () => network.stop(),
    () => gateway.stop(),
  );
  const started = await gateway.start({ safety });
  if (!started.ok) throw new Error(started.message);
  expect(await gateway.selfTest()).toEqual({ ok: true });
  return { audit, terminal, safety, gateway, network, endpoints: started.endpoints };
}

type Rig = Awaited<ReturnType<typeof start>>;

async function pair({ network }: Rig, name: string, role: Role = 'trade'): Promise<ConnectionFile> {
  const result = await network.desk.pairings.pair({ name, role, expiresMs: null, host: null });
  if (!result.ok) throw new Error(result.message);
  return result.connection;
}

function curve(connection: ConnectionFile) {
  const { server_key: curveServerKey, public_key: curvePublicKey, secret_key: curveSecretKey } = connection;
  return { curveServerKey, curvePublicKey, curveSecretKey };
}

function dealer(endpoint: string, options: object): Dealer {
  const socket = new Dealer({
    context: new Context(),
    linger: 0,
    receiveTimeout: 700,
    reconnectInterval: 40,
    ...options,
  });
  closers.push(() => socket.close());
  socket.connect(endpoint);
  return socket;
}

/** A subscriber to everything, and what it has heard so far. */
function listen(endpoint: string, keys: object): { readonly messages: number } {
  const socket = new Subscriber({ context: new Context(), linger: 0, reconnectInterval: 40, ...keys });
  closers.push(() => socket.close());
  socket.connect(endpoint);
  socket.subscribe();
  const heard = { messages: 0 };
  void (async () => {
    while (!socket.closed) {
      await socket.receive();
      heard.messages += 1;
    }
  })().catch(() => {});
  return heard;
}

/** Ticks of EURUSD until the test ends. */
function tickOn({ terminal }: Rig): void {
  const timer = setInterval(() => terminal.stream({ symbol: 'EURUSD' }), 5);
  closers.push(() => clearInterval(timer));
}

let requests = 0;
async function ask(socket: Dealer, brain: ConnectionFile | null, action: string, payload: object = {}) {
  requests += 1;
  const request = { action, req_id: `r-${requests}`, timestamp: Date.now() / 1000, payload };
  const body = encodeJson({ ...request, ...(brain === null ? {} : { client_id: brain.client_id }) });
  await socket.send(['', body, ...(brain === null ? [] : [macOf(body, brain.mac_key)])]);
  const [, reply] = await socket.receive();
  return parseTrustedJson(String(reply)) as unknown as LooseReply;
}

async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const ORDER = { symbol: 'EURUSD', volume: 0.1, side: 'BUY' };
const refusedRows = ({ audit }: Rig) =>
  audit.rows.filter(({ type }) => type === 'CLIENT_REFUSED' || type === 'CONNECTION_REFUSED');

describe('encrypted mode', () => {
  it('lets a paired brain trade and hear ticks, and records nothing of its own start', async () => {
    const rig = await start({ security: 'encrypted' });
    expect(refusedRows(rig)).toEqual([]);
    const alpha = await pair(rig, 'alpha');
    const socket = dealer(rig.endpoints.command, curve(alpha));
    expect(await ask(socket, alpha, 'OPEN_ORDER', ORDER)).toMatchObject({ status: 'SUCCESS' });
    expect(rig.audit.rows.find(({ type }) => type === 'INTENT')?.actor).toBe('alpha');
    expect(rig.network.desk.pairings.list()[0]).toMatchObject({ lastAddress: '127.0.0.1' });
  });

  it('does not start while a stranger would be let in, and no port stays open', async () => {
    const anybody = { name: 'anybody', label: 'anybody', role: 'trade', publicKey: '', macKey: '' } as const;
    const known = { ...anybody, pairedMs: 0, expiresMs: null };
    const careless = vi.spyOn(PairingRegister.prototype, 'findByKey').mockReturnValue(known);
    closers.push(() => careless.mockRestore());
    await expect(start({ security: 'encrypted' })).rejects.toThrow(
      /^a key that is not paired was not turned away at tcp/,
    );
  });

  it.each([
    ['a key that is not paired', () => newCurveKeys(), /not paired: 127\.0\.0\.1/],
    ['no key at all', () => null, /a connection without a key/],
  ])('turns away %s, in one row, however often it tries', async (_, keysOf, reason) => {
    const rig = await start({ security: 'encrypted' });
    const alpha = await pair(rig, 'alpha');
    const keys = keysOf();
    const options =
      keys === null
        ? {}
        : { curveServerKey: alpha.server_key, curvePublicKey: keys.publicKey, curveSecretKey: keys.secretKey };
    const socket = dealer(rig.endpoints.command, options);
    await expect(ask(socket, alpha, 'HEARTBEAT')).rejects.toMatchObject({ code: 'EAGAIN' });
    await until(() => refusedRows(rig).length > 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(refusedRows(rig).map(({ type, reason: why }) => [type, why])).toEqual([
      ['CONNECTION_REFUSED', expect.stringMatching(reason)],
    ]);
  });

  it('lets no stranger hear ticks or events', async () => {
    const rig = await start({ security: 'encrypted' });
    const alpha = await pair(rig, 'alpha');
    const { publicKey: curvePublicKey, secretKey: curveSecretKey } = newCurveKeys();
    const strangers = [{ curveServerKey: alpha.server_key, curvePublicKey, curveSecretKey }, {}];
    const { data, events } = rig.endpoints;
    const overheard = [data, events].flatMap((endpoint) => strangers.map((keys) => listen(endpoint, keys)));
    const told = [data, events].map((endpoint) => listen(endpoint, curve(alpha)));
    tickOn(rig);
    await until(() => {
      rig.gateway.announce({ event: 'CLIENT', timestamp: 1, data: {} });
      return told.every(({ messages }) => messages > 20);
    });
    expect(overheard.map(({ messages }) => messages)).toEqual([0, 0, 0, 0]);
  });

  it('refuses the proof of one brain under the name of another, and no order leaves', async () => {
    const rig = await start({ security: 'encrypted' });
    const [alpha, beta] = [await pair(rig, 'alpha'), await pair(rig, 'beta')];
    const socket = dealer(rig.endpoints.command, curve(alpha));
    const reply = await ask(socket, { ...alpha, client_id: beta.client_id }, 'OPEN_ORDER', ORDER);
    expect(reply).toMatchObject({ status: 'ERROR', code: 'NOT_AUTHORISED' });
    expect(rig.terminal.sent).toEqual([]);
    expect(refusedRows(rig)).toMatchObject([{ type: 'CLIENT_REFUSED', actor: 'unproven', action: 'OPEN_ORDER' }]);
  });

  it('does not halt for a KILL_SWITCH that is not proved, or of a brain that may only read', async () => {
    const rig = await start({ security: 'encrypted' });
    const [reader, stopper] = [await pair(rig, 'reader', 'read'), await pair(rig, 'stopper', 'kill')];
    const socket = dealer(rig.endpoints.command, curve(reader));
    for (const brain of [reader, { ...reader, mac_key: '00'.repeat(32) }, { ...reader, client_id: 'nobody' }, null]) {
      expect(await ask(socket, brain, 'KILL_SWITCH')).toMatchObject({ code: 'NOT_AUTHORISED' });
    }
    expect(rig.safety.state().mode).toBe('TRADING');
    const other = dealer(rig.endpoints.command, curve(stopper));
    expect(await ask(other, stopper, 'GET_POSITIONS')).toMatchObject({ code: 'NOT_AUTHORISED' });
    expect(await ask(other, stopper, 'KILL_SWITCH')).toMatchObject({ status: 'SUCCESS' });
    expect(rig.safety.state().mode).toBe('HALTED');
  });

  it('says what is wrong with what cannot be read, and does nothing', async () => {
    const rig = await start({ security: 'encrypted' });
    const alpha = await pair(rig, 'alpha');
    const socket = dealer(rig.endpoints.command, curve(alpha));
    await socket.send(['', '{"action":']);
    expect(JSON.parse(String((await socket.receive())[1]))).toMatchObject({ code: 'MALFORMED' });
  });

  it('ends a revoked brain in the middle of its stream; the others come back', async () => {
    const rig = await start({ security: 'encrypted' });
    const [alpha, beta] = [await pair(rig, 'alpha'), await pair(rig, 'beta')];
    const heard = {
      alpha: listen(rig.endpoints.data, curve(alpha)),
      beta: listen(rig.endpoints.data, curve(beta)),
    };
    tickOn(rig);
    await until(() => heard.alpha.messages > 5 && heard.beta.messages > 5);
    const socket = dealer(rig.endpoints.command, curve(beta));
    expect(await ask(socket, beta, 'OPEN_ORDER', ORDER)).toMatchObject({ status: 'SUCCESS' });
    expect(await rig.network.desk.pairings.revoke('alpha')).toMatchObject({ ok: true });
    const before = heard.beta.messages;
    await until(() => heard.beta.messages > before + 20);
    const stopped = heard.alpha.messages;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(heard.alpha.messages).toBe(stopped);
    expect(await ask(socket, beta, 'OPEN_ORDER', ORDER)).toMatchObject({ status: 'SUCCESS' });
    await until(() => refusedRows(rig).length > 0);
    expect(refusedRows(rig)[0]).toMatchObject({ type: 'CONNECTION_REFUSED' });
  });
});

describe('plain-network mode', () => {
  it('lets in who is in the list, whatever it says its name is, and says where it came from', async () => {
    const rig = await start({ security: 'plain-network', allowFrom: ['127.0.0.0/8'] });
    const socket = dealer(rig.endpoints.command, {});
    expect(await ask(socket, null, 'OPEN_ORDER', ORDER)).toMatchObject({ status: 'SUCCESS' });
    expect(rig.network.desk.seenAddresses()).toMatchObject([{ address: '127.0.0.1', isAdmitted: true }]);
  });

  it('turns away who is not, this machine too, in one row', async () => {
    const rig = await start({ security: 'plain-network', allowFrom: ['10.9.8.0/24'] });
    const socket = dealer(rig.endpoints.command, {});
    await expect(ask(socket, null, 'HEARTBEAT')).rejects.toMatchObject({ code: 'EAGAIN' });
    expect(rig.network.desk.seenAddresses()).toMatchObject([{ address: '127.0.0.1', isAdmitted: false }]);
    expect(refusedRows(rig)).toMatchObject([{ type: 'CONNECTION_REFUSED', reason: /not in allow_from: 127\.0\.0\.1/ }]);
  });

  it('limits the rate of a connection, and no KILL_SWITCH', async () => {
    const rig = await start({ security: 'plain-network', allowFrom: ['127.0.0.0/8'] }, 20);
    const socket = dealer(rig.endpoints.command, {});
    const codes: (string | null | undefined)[] = [];
    for (let n = 0; n < 40; n += 1) codes.push((await ask(socket, null, 'HEARTBEAT')).code);
    expect(codes.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => null));
    expect(codes).toContain('RATE_LIMITED');
    expect(await ask(socket, null, 'KILL_SWITCH')).toMatchObject({ status: 'SUCCESS' });
    expect(rig.safety.state().mode).toBe('HALTED');
  });
});
