import { expect, it } from 'vitest';
import { type KillFacts, killStage, leftOf } from '../../../renderer/shell/kill-stage.ts';
import { ordinaryDay, tradingState } from '../values.ts';

const { book } = ordinaryDay;
const trading = tradingState.state;
const halted = { ...trading, mode: 'HALTED' as const };
const flattening = { ...halted, flatten: 'account' as const, flatten_phase: 'FLATTENING' };
const empty = { ...book, positions: [], orders: [] };
const left = { positions: 2, orders: 1 };
const usual: KillFacts = {
  state: trading,
  hearing: 'up',
  book,
  isStopping: false,
  isArmed: false,
  killAtOnce: false,
};

it.each<[string, Partial<KillFacts>, unknown]>([
  ['halts while trading is on', {}, { kind: 'halt', all: false }],
  ['halts and closes where one press does', { killAtOnce: true }, { kind: 'halt', all: true }],
  ['halts what is only suspended', { state: { ...trading, mode: 'SUSPENDED' } }, { kind: 'halt', all: false }],
  ['waits for the answer to a press', { isStopping: true }, { kind: 'stopping' }],
  ['can be pressed again where nothing is heard', { isStopping: true, hearing: 'down' }, { kind: 'halt', all: false }],
  ['takes nothing for halted that is not heard', { state: halted, hearing: 'down' }, { kind: 'halt', all: false }],
  ['halts before anything is told', { state: null }, { kind: 'halt', all: false }],
  ['does not close before it is armed', { state: halted }, { kind: 'arming', left }],
  ['closes once it is armed', { state: halted, isArmed: true }, { kind: 'close', left }],
  [
    'closes all where the book is not known',
    { state: halted, isArmed: true, book: null },
    { kind: 'close', left: null },
  ],
  ['is quiet where nothing is open', { state: halted, isArmed: true, book: empty }, { kind: 'nothing' }],
  ['waits while everything is being closed', { state: flattening, isArmed: true }, { kind: 'closing' }],
  [
    'closes what a flatten of the gateway alone leaves',
    { state: { ...flattening, flatten: 'gateway' }, isArmed: true },
    { kind: 'close', left },
  ],
  [
    'closes what has come after a verified flatten',
    { state: { ...flattening, flatten_phase: 'FLAT' }, isArmed: true },
    { kind: 'close', left },
  ],
])('%s', (_does, facts, stage) => {
  expect(killStage({ ...usual, ...facts })).toEqual(stage);
});

it.each([
  ['has not been told', null],
  ['has never been asked', { ...empty, asked_ms_ago: null }],
  ['is old, with a fault', { ...empty, fault: 'the terminal does not answer' }],
])('does not take a book for empty that %s', (_how, told) => {
  expect(leftOf(told)).toBeNull();
});
