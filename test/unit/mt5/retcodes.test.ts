import { describe, expect, it } from 'vitest';
import { RETCODE, retcodeClass, retcodeName } from '../../../main/mt5/retcodes.ts';

describe('the retcode table', () => {
  it('gives every named retcode the name it is called by', () => {
    for (const [name, retcode] of Object.entries(RETCODE)) expect(retcodeName(retcode)).toBe(name);
  });

  it.each([0, 10005, 10037, 99_999])('takes %d, which MetaTrader does not define, as ambiguous', (retcode) => {
    expect(retcodeClass(retcode)).toBe('ambiguous');
  });
});
