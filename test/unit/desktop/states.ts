import type { TopicValue } from '../../../main/control/contract.ts';
import { openTexts } from '../../../main/control/text/index.ts';
import type { DesktopState } from '../../../main/desktop/desktop-state.ts';
import type { CauseKind, Mode } from '../../../main/safety/trading-state.ts';

export const english = openTexts('en').t;
export const chinese = openTexts('zh-CN').t;

export type Live = TopicValue<'state'>;

/** A trading state; one that restricts has a cause, by `alpha`. */
export function live(
  mode: Mode,
  reason = 'too fast',
  { recorded = true, kind = 'WIRE' }: { recorded?: boolean; kind?: CauseKind } = {},
): Live {
  const cause = { kind, mode: mode as Exclude<Mode, 'TRADING'>, at_ms: 1_000, actor: 'alpha', reason, standing: false };
  return {
    state: {
      ...{ mode, flatten: 'none', flatten_phase: 'NONE', epoch: 1, since_ms: 1_000, recorded },
      causes: mode === 'TRADING' ? [] : [cause],
    },
    tickets: [],
    refused: 0,
  };
}

/** A terminal that is linked, connected and was heard a moment ago. */
export function terminal(change: Partial<TopicValue<'terminal'>> = {}): TopicValue<'terminal'> {
  return {
    ...{ linked: true, link_fault: null, connected: true, blocked_by: [], login: '5001', server: 'Broker-Demo' },
    ...{ account_mode: 'DEMO', margin_mode: 'hedging', bridge_version: '1.0', last_heard_ms_ago: 100 },
    ...{ latch_epoch: 1, latched: false, transport: 'pipe', listens_on: [] },
    ...change,
  };
}

export function account(change: Partial<TopicValue<'account'>> = {}): TopicValue<'account'> {
  return {
    account: {
      ...{ login: '5001', server: 'Broker-Demo', name: 'A', company: 'Broker', currency: 'EUR', leverage: 100 },
      ...{ mode: 'DEMO', margin_mode: 'hedging', balance: 10_000, credit: 0, profit: -12.5, equity: 9_987.5 },
      ...{ margin: 10, margin_free: 9_977.5, margin_level: 99_875 },
    },
    asked_ms_ago: 200,
    fault: null,
    ...change,
  };
}

/** A gateway that is open to networks in this mode. */
export function network(security: TopicValue<'network'>['security'], allowFrom: string[]): TopicValue<'network'> {
  return {
    ...{ security, host: '0.0.0.0', is_open: true, addresses: [], allow_from: allowFrom, seen: [] },
    ...{ server_fingerprint: null, firewall: { windows: '', linux: '' }, paired: [], refused: {} },
  };
}

/** All is well, but for what is changed. */
export function stateWith(change: Partial<DesktopState> = {}): DesktopState {
  const known = { live: live('TRADING'), terminal: terminal(), account: account() };
  return { ...known, isUnrecorded: false, exposedTo: null, ...change };
}
