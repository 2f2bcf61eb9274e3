import type { AuditEntry } from '../../main/audit/audit-log.ts';
import type { Operation } from '../../main/audit/operation.ts';
import { AuditWriter } from '../../main/audit/writer.ts';
import { systemClock } from '../../main/clock.ts';

const BATCH = 1_024;
const SYMBOLS = ['EURUSD', 'GBPUSD', 'USDJPY', 'AUDUSD', 'USDCHF', 'USDCAD', 'NZDUSD', 'EURJPY', 'DE40', 'US500'];
/** Who sends how many of 1,000 commands; the last one trades gold and nothing else, which the others do not. */
const CLIENTS: readonly (readonly [name: string, share: number])[] = [
  ['alpha', 500],
  ['beta', 300],
  ['gamma', 199],
  ['midas', 1],
];

/**
 * Fills a new log with so many rows (or up to three more), as a year of commands leaves them: the writer's own code, in
 * big batches. The rows are a millisecond apart and end now.
 */
export function writeRows(dataDir: string, count: number): void {
  const stamp = { session: 'bench', appVersion: '0.0.0', bridgeVersion: null };
  const writer = new AuditWriter({ dataDir, stamp, clock: systemClock });
  const startUs = (Date.now() - count) * 1_000;
  let batch: Operation[] = [];
  const flush = () => {
    const { fault } = writer.run(batch);
    if (fault !== null) throw new Error(fault);
    batch = [];
  };
  for (let rows = 0, number = 0; rows < count; number += 1) {
    const operations = commandOperations(number, startUs + rows * 1_000);
    batch.push(...operations);
    rows += operations.reduce((sum, operation) => sum + ('entries' in operation ? operation.entries.length : 0), 0);
    if (batch.length >= BATCH) flush();
  }
  flush();
  writer.close();
}

/** What one command leaves: three rows, or one where it is refused. */
function commandOperations(number: number, tsUtcUs: number): readonly Operation[] {
  const client = clientOf(number);
  const symbol = client === 'midas' ? 'XAUUSD' : SYMBOLS[(number * 7) % SYMBOLS.length]!;
  const key = { client, reqId: `bench-${number.toString(36).padStart(8, '0')}` };
  const row = (type: AuditEntry['type'], fields: Partial<AuditEntry>): AuditEntry => ({
    ...{ type, tsUtcUs, tsMonoUs: tsUtcUs, actorKind: 'client', actor: client, action: 'OPEN_ORDER', reqId: key.reqId },
    ...{ symbol, side: 'BUY', volume: '0.10', epoch: 1, mode: 'TRADING', account: '5012345@Bench-Server', ...fields },
  });
  const asked = {
    payload: `{"comment":"bench","deviation":10,"side":"BUY","sl":1.07,"symbol":"${symbol}","tp":1.09,"volume":0.1}`,
    payloadHash: number.toString(16).padStart(64, '0'),
  };
  if (number % 50 === 0) {
    const answer = '{"code":"STALE","data":null,"error":"older than its ttl of 5000 ms","status":"ERROR"}';
    return [{ kind: 'claim', key, entries: [row('REFUSED', { ...asked, status: 'REFUSED', code: 'STALE', answer })] }];
  }
  const ticket = String(50_000_000 + number);
  const answer = `{"data":{"deal":${ticket},"price":1.08123,"status":"DONE","ticket":${ticket},"volume":0.1},"retcode":10009,"status":"SUCCESS"}`;
  const sent = { magic: '5550001', tag: number.toString(36).padStart(12, '0') };
  const done = { status: 'DONE', retcode: 10_009, price: '1.08123', ticket, deal: ticket, answer };
  const latencyUs = { queue: 40, commit: 250, terminal: 900, total: 1_300 };
  return [
    {
      kind: 'claim',
      key,
      entries: [row('INTENT', { ...asked, status: 'ACCEPTED' }), row('DISPATCH', { ...sent, status: 'DISPATCHING' })],
    },
    { kind: 'append', entries: [row('OUTCOME', { ...sent, ...done, latencyUs })] },
  ];
}

function clientOf(number: number): string {
  let place = (number * 7_919) % 1_000;
  for (const [name, share] of CLIENTS) {
    if (place < share) return name;
    place -= share;
  }
  throw new Error('the shares do not add up to 1,000');
}
