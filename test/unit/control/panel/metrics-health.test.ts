import { describe, expect, it } from 'vitest';
import { healthOf } from '../../../../main/control/panel/metrics-health.ts';
import type { Cause, TradingState } from '../../../../main/safety/trading-state.ts';
import { gatewayFigures } from '../../../fakes/gateway-figures.ts';

const well = gatewayFigures();
const cause = (some: Partial<Cause>): Cause => ({
  ...{ kind: 'OPERATOR', mode: 'HALTED', atMs: 0, actor: 'anna', reason: 'why', standing: false },
  ...some,
});
const inState = (some: Partial<TradingState>) => gatewayFigures({ state: { ...well.state, ...some } });
const atTerminal = (some: Partial<typeof well.terminal>) => gatewayFigures({ terminal: { ...well.terminal, ...some } });

describe('the health of a gateway', () => {
  it('is good while it trades', () => {
    expect(healthOf(well)).toEqual({
      ...{ status: 'ok', can_trade: true, mode: 'TRADING', reasons: [] },
      ...{ version: '1.2.3', session: 'session-1', uptime_s: 61 },
    });
  });

  it.each([
    ['an operator', 'HALTED', { kind: 'OPERATOR' }],
    ['a brain', 'HALTED', { kind: 'WIRE' }],
    ['the HALT file, which still lies there', 'HALTED', { kind: 'HALT_FILE', standing: true }],
    ['a limit that is still broken', 'REDUCE_ONLY', { kind: 'LIMIT', standing: true }],
    ['a lease that has run out', 'HALTED', { kind: 'LEASE' }],
    ['an exception', 'HALTED', { kind: 'EXCEPTION' }],
  ] as const)('is good, and says halted, after a halt by %s', (_, mode, some) => {
    const health = healthOf(inState({ mode, causes: [cause(some)] }));
    expect(health).toMatchObject({ status: 'halted', can_trade: false, mode, reasons: [`${some.kind}: why`] });
  });

  it.each([
    [
      'no terminal: no program has connected',
      atTerminal({ linked: false, connected: false, linkFault: 'no program has connected' }),
    ],
    ['the terminal is not connected to its broker', atTerminal({ connected: false })],
    ['switched off: TERMINAL_TRADE_ALLOWED', atTerminal({ tradingBlockedBy: ['TERMINAL_TRADE_ALLOWED'] })],
    ['the audit log cannot be written: disk full', gatewayFigures({ auditFault: 'disk full' })],
    ['the command port is not open', gatewayFigures({ stats: null })],
    ['the halt is not on record yet', inState({ mode: 'HALTED', recorded: false })],
    ['the flatten is BLOCKED: positions may be open', inState({ mode: 'HALTED', flattenPhase: 'BLOCKED' })],
    ['the flatten is UNKNOWN: positions may be open', inState({ mode: 'HALTED', flattenPhase: 'UNKNOWN' })],
    ['CLOCK: why', inState({ mode: 'SUSPENDED', causes: [cause({ kind: 'CLOCK', standing: true })] })],
    ['LEASE: why', inState({ mode: 'SUSPENDED', causes: [cause({ kind: 'LEASE', standing: true })] })],
    ['DISK: why', inState({ mode: 'HALTED', causes: [cause({}), cause({ kind: 'DISK', standing: true })] })],
  ])('is bad with "%s", whatever the mode', (reason, figures) => {
    expect(healthOf(figures)).toMatchObject({ status: 'failing', reasons: [reason] });
  });
});
