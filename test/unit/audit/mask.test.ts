import { describe, expect, it } from 'vitest';
import { type Cell, type Column, COLUMNS } from '../../../main/audit/columns.ts';
import { maskedRow } from '../../../main/audit/mask.ts';

function masked(column: Column, value: Cell): Cell {
  const cells = COLUMNS.map((name) => (name === column ? value : null));
  return maskedRow(cells)[COLUMNS.indexOf(column)] ?? null;
}

describe('a masked row', () => {
  it.each<[Column, Cell, Cell]>([
    ['account', '5012345@Broker-Demo', '***'],
    ['account', null, null],
    [
      'payload',
      '{"equity":1000.5,"login":5012345,"symbol":"EURUSD"}',
      '{"equity":"***","login":"***","symbol":"EURUSD"}',
    ],
    [
      'answer',
      '{"data":[{"margin_free":1,"profit":-2.5,"volume":0.1}]}',
      '{"data":[{"margin_free":"***","profit":"***","volume":0.1}]}',
    ],
    ['payload', '{"balance":null,"ticket":9007199254740993}', '{"balance":null,"ticket":9007199254740993}'],
    [
      'payload',
      '{"causes":[{"reason":"the equity is 900.00 USD"}]}',
      '{"causes":[{"reason":"the equity is *** USD"}]}',
    ],
    [
      'payload',
      '{"limit":"DRAWDOWN","limit_value":500,"value":260}',
      '{"limit":"DRAWDOWN","limit_value":"***","value":"***"}',
    ],
    ['payload', 'login 5012345', '***'],
    [
      'reason',
      'the loss since 00:00 UTC is 120.50 EUR, the hard limit is 100.00 EUR',
      'the loss since 00:00 UTC is *** EUR, the hard limit is *** EUR',
    ],
    [
      'reason',
      'DAILY_LOSS: 50 % of the limit of 500 reached, with 260.5',
      'DAILY_LOSS: 50 % of the limit of *** reached, with ***',
    ],
    ['reason', 'the terminal trades demo 5012345 at Broker', 'the terminal trades demo *** at Broker'],
    ['reason', 'ended', 'ended'],
    ['ticket', '50000001', '50000001'],
    ['price', '1.08123', '1.08123'],
    ['req_id', '5012345', '5012345'],
  ])('has in %s for %o the value %o', (column, value, expected) => {
    expect(masked(column, value)).toBe(expected);
  });
});
