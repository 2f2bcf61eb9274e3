import { expect, it } from 'vitest';
import { commandLink, dataLink, terminalLink } from '../../../renderer/views/overview/link-view.ts';
import { ordinaryDay } from '../values.ts';

const { terminal } = ordinaryDay;

it.each([
  ['a terminal that speaks', terminal, 120, 'normal', 'connected'],
  ['one that is silent', terminal, 2_001, 'stale', 'silent'],
  ['one that is not linked, however old its word', { ...terminal, linked: false }, 9_000, 'down', 'notLinked'],
  ['one without a broker', { ...terminal, connected: false }, 120, 'down', 'noBroker'],
  ['one whose switches are off', { ...terminal, blocked_by: ['MQL_TRADE_ALLOWED'] }, 120, 'paused', 'blocked'],
  ['one that has no age', terminal, null, 'normal', 'connected'],
])('shows %s as it is', (_what, told, ageMs, tone, word) => {
  expect(terminalLink(told, 'up', ageMs)).toEqual({ tone, word });
});

it('knows nothing of any link while the gateway is not heard', () => {
  const unknown = { tone: 'unknown', word: 'unknown' };
  expect(terminalLink(terminal, 'down', 120)).toEqual(unknown);
  expect(terminalLink(null, 'up', null)).toEqual(unknown);
  expect(commandLink('down', 10)).toEqual(unknown);
  expect(dataLink('connecting', 10, true)).toEqual(unknown);
});

it('takes silent brains for no fault', () => {
  expect(commandLink('up', null).word).toBe('unused');
  expect(commandLink('up', 500).word).toBe('inUse');
  expect(commandLink('up', 60_000)).toEqual({ tone: 'normal', word: 'quiet' });
});

it('takes missing ticks for a fault only where the market moved', () => {
  expect(dataLink('up', null, false).word).toBe('noTickYet');
  expect(dataLink('up', 10_000, true).word).toBe('flowing');
  expect(dataLink('up', 10_001, true)).toEqual({ tone: 'stale', word: 'noTicks' });
  expect(dataLink('up', 10_001, false)).toEqual({ tone: 'normal', word: 'quiet' });
});
