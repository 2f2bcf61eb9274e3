import type { ControlInput, ControlOutput } from '../../../main/control/contract.ts';
import { NOW_MS } from '../values.ts';

type Row = ControlOutput<'auditPage'>['rows'][number];
type PageInput = ControlInput<'auditPage'>;

const KINDS = ['INTENT', 'DISPATCH', 'OUTCOME', 'REFUSED'] as const;
const SYMBOLS = ['EURUSD', 'XAUUSD', 'GBPUSD'] as const;

/** A log of any length whose rows are made when they are asked for; one command of four rows after another. */
export class FakeLog {
  headSeq: number;
  /** A page looks at so many rows and no more, as a real one does. */
  budget = 3_000;
  gaps: string[] = [];
  readonly pages: PageInput[] = [];
  readonly #special: ReadonlyMap<number, Partial<Row>>;

  constructor(headSeq: number, special: Readonly<Record<number, Partial<Row>>> = {}) {
    this.headSeq = headSeq;
    this.#special = new Map(Object.entries(special).map(([seq, row]) => [Number(seq), row]));
  }

  readonly page = (input: PageInput): ControlOutput<'auditPage'> => {
    this.pages.push(input);
    const rows: Row[] = [];
    let seq = Math.min(this.headSeq, (input.before_seq ?? Infinity) - 1);
    for (let left = this.budget; seq > 0 && rows.length < input.limit && left > 0; left -= 1, seq -= 1) {
      const row = this.row(seq);
      if (matches(row, input.filter)) rows.push(row);
    }
    return { rows, next: seq > 0 ? seq + 1 : null, gaps: [...this.gaps] };
  };

  readonly show = ({ seq }: { readonly seq: number }): ControlOutput<'auditShow'> => {
    if (seq < 1 || seq > this.headSeq) return { found: false };
    const row = this.row(seq);
    const first = seq - ((seq - 1) % 4);
    const others = [first, first + 1, first + 2].map((one) => this.row(one));
    return { found: true, row, history: row.type === 'REFUSED' || !isKind(row) ? [row] : others };
  };

  row(seq: number): Row {
    return { ...usualRow(seq, this.headSeq), ...this.#special.get(seq) };
  }
}

function isKind({ type }: Row): boolean {
  return (KINDS as readonly string[]).includes(type);
}

function usualRow(seq: number, headSeq: number): Row {
  const type = KINDS[(seq - 1) % 4] ?? 'INTENT';
  const command = Math.floor((seq - 1) / 4);
  const isRefused = type === 'REFUSED';
  const atUs = (NOW_MS - (headSeq - seq) * 1_700) * 1_000;
  return {
    seq,
    type,
    ts_utc_us: atUs,
    ts_mono_us: seq * 1_700_000,
    session: '6e1f0c52',
    actor_kind: 'client',
    actor: command % 3 === 0 ? 'beta' : 'alpha',
    peer: '127.0.0.1:50123',
    action: command % 5 === 0 ? 'CLOSE_POSITION' : 'OPEN_ORDER',
    req_id: `0190f7c2-5a0e-7c1d-9a44-${String(command * 2 + (isRefused ? 1 : 0)).padStart(12, '0')}`,
    payload: '{"action":"OPEN_ORDER","comment":"mean reversion","sl":1.08,"symbol":"EURUSD","volume":0.1}',
    epoch: 7,
    mode: 'TRADING',
    account: '5000123@Broker-Demo',
    symbol: SYMBOLS[command % 3] ?? 'EURUSD',
    side: command % 2 === 0 ? 'BUY' : 'SELL',
    volume: '0.1',
    price: type === 'OUTCOME' ? '1.08412' : null,
    sl: '1.08',
    tp: null,
    magic: '770001',
    tag: 'k3v9q2m1x0aa',
    ticket: type === 'OUTCOME' ? String(5_120_334_800 + command) : null,
    deal: type === 'OUTCOME' ? String(4_120_334_800 + command) : null,
    retcode: type === 'OUTCOME' ? 10_009 : null,
    status: { INTENT: 'ACCEPTED', DISPATCH: 'DISPATCHING', OUTCOME: 'DONE', REFUSED: 'REFUSED' }[type],
    code: isRefused ? 'RISK_LIMIT' : null,
    answer: type === 'OUTCOME' ? '{"data":{"ticket":5120334800},"status":"SUCCESS"}' : null,
    latency_us: type === 'OUTCOME' ? '{"queue":180,"commit":1240,"terminal":3920,"total":5480}' : null,
    reason: isRefused ? 'an order of 0.1 lots is above the limit of 0.05 lots an order' : null,
    app_version: '0.1.0',
    bridge_version: '1.0.0',
    hash: seq.toString(16).padStart(64, '0'),
  };
}

function matches(row: Row, filter: PageInput['filter']): boolean {
  const wanted = [
    [filter.type, row.type],
    [filter.client, row.actor],
    [filter.by, row.actor_kind],
    [filter.action, row.action],
    [filter.symbol, row.symbol],
    [filter.status, row.status],
    [filter.code, row.code],
    [filter.req, row.req_id],
  ];
  const atMs = row.ts_utc_us / 1_000;
  if (filter.since_ms !== undefined && atMs < filter.since_ms) return false;
  if (filter.until_ms !== undefined && atMs >= filter.until_ms) return false;
  return wanted.every(([value, held]) => value === undefined || value === held);
}

const NO_COMMAND = {
  action: null,
  req_id: null,
  symbol: null,
  side: null,
  volume: null,
  price: null,
  sl: null,
  magic: null,
  tag: null,
  ticket: null,
  deal: null,
  retcode: null,
  status: null,
  code: null,
  answer: null,
  latency_us: null,
  reason: null,
  payload: null,
} as const satisfies Partial<Row>;
const BY_GATEWAY = { ...NO_COMMAND, actor_kind: 'gateway', actor: 'gateway', peer: null } as const;

/** A log whose newest rows are of many kinds. */
export function eventfulLog(headSeq: number): FakeLog {
  return new FakeLog(headSeq, {
    [headSeq - 4]: {
      ...BY_GATEWAY,
      type: 'MODE_CHANGED',
      mode: 'SUSPENDED',
      reason: 'the terminal has lost its broker',
    },
    [headSeq - 7]: {
      type: 'OUTCOME',
      status: 'REJECTED',
      code: 'REQUOTE',
      retcode: 10_004,
      reason: 'the price has moved on',
    },
    [headSeq - 9]: { type: 'OUTCOME', status: 'UNKNOWN', code: 'OUTCOME_UNKNOWN', retcode: null, ticket: null },
    [headSeq - 12]: {
      ...BY_GATEWAY,
      type: 'KILL_TRIGGER',
      actor_kind: 'operator',
      actor: 'operator@anna',
      reason: 'spread too wide, and the news of 14:30 is still to come: better to look at it from outside',
    },
    [headSeq - 13]: {
      ...BY_GATEWAY,
      type: 'KILL_LATCHED',
      mode: 'HALTED',
      payload: '{"flatten":"account","mode":"HALTED"}',
    },
    [headSeq - 14]: { code: 'KILL_SWITCH_ENGAGED', type: 'REFUSED', status: 'REFUSED', reason: 'trading is halted' },
    [headSeq - 15]: {
      ...BY_GATEWAY,
      type: 'FLATTEN_TICKET',
      ticket: '9007199254741001',
      symbol: 'EURUSD',
      side: 'SELL',
      volume: '0.1',
      status: 'CLOSED',
    },
    [headSeq - 17]: {
      ...BY_GATEWAY,
      type: 'SESSION_STARTED',
      payload: '{"data_dir":"/home/anna/.local/share/mt5-fabric"}',
    },
    [headSeq - 18]: { ...BY_GATEWAY, type: 'CLIENT_CONNECTED', actor_kind: 'client', actor: 'mean-reversion-eu' },
    [headSeq - 19]: { action: 'MODIFY_POSITION', ticket: '5120334871' },
    [headSeq - 22]: { ...BY_GATEWAY, type: 'SETTINGS_CHANGED', actor_kind: 'operator', actor: 'operator@anna' },
  });
}
