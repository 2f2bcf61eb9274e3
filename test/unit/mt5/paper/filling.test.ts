import { describe, expect, it } from 'vitest';
import type { ExecutionMode, SymbolSpec } from '../../../../main/mt5/market.ts';
import { fillingModes } from '../../../../main/mt5/paper/filling.ts';
import { paperSymbols } from '../../../../main/mt5/paper/paper-symbols.ts';
import { RETCODE } from '../../../../main/mt5/retcodes.ts';
import { PaperRig } from '../../../fakes/paper-rig.ts';

function symbolWith(execution: ExecutionMode, fillingFlags: SymbolSpec['fillingFlags']): SymbolSpec {
  return { ...paperSymbols('').get('EURUSD')!.spec, execution, fillingFlags };
}

describe('the filling modes of a market order', () => {
  it.each([
    ['MARKET', ['FOK', 'IOC'], ['FOK', 'IOC']],
    ['MARKET', ['IOC'], ['IOC']],
    ['MARKET', ['FOK', 'BOC'], ['FOK']],
    ['EXCHANGE', ['IOC'], ['IOC', 'RETURN']],
    ['EXCHANGE', [], ['RETURN']],
    ['INSTANT', [], ['FOK', 'IOC', 'RETURN']],
    ['REQUEST', ['IOC'], ['FOK', 'IOC', 'RETURN']],
  ] as const)('under %s execution with the flags %j are %j', (execution, flags, modes) => {
    expect(fillingModes(symbolWith(execution, flags), 'MARKET')).toEqual(modes);
  });
});

describe('a pending order', () => {
  it('stands as RETURN first, whatever the execution', () => {
    expect(fillingModes(symbolWith('MARKET', ['FOK']), 'LIMIT')).toEqual(['RETURN', 'FOK']);
    expect(fillingModes(symbolWith('EXCHANGE', ['IOC']), 'STOP')).toEqual(['RETURN', 'IOC']);
  });
});

describe('a filling mode that the broker refuses (10030)', () => {
  const refused = { kind: 'refuse', retcode: RETCODE.INVALID_FILL } as const;

  it('is followed by the next one', async () => {
    const rig = await PaperRig.start({ faults: { next: [refused] } });
    expect((await rig.send({ symbol: 'USDJPY' })).retcode).toBe(RETCODE.DONE);
    expect((await rig.history()).orders).toMatchObject([{ filling: 'IOC' }]);
  });

  it('is followed by the next one once, not by a third', async () => {
    const rig = await PaperRig.start({ faults: { next: [refused, refused] } });
    expect((await rig.send({ symbol: 'BTCUSD' })).retcode).toBe(RETCODE.INVALID_FILL);
    expect(await rig.positions()).toEqual([]);
  });

  it('is the answer where the symbol has no other', async () => {
    const rig = await PaperRig.start({ faults: { next: [refused] } });
    expect((await rig.send({ symbol: 'XAUUSD' })).retcode).toBe(RETCODE.INVALID_FILL);
  });
});
