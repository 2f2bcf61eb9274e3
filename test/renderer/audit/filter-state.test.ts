import { describe, expect, it } from 'vitest';
import {
  faultOf,
  finished,
  follow,
  stateOf,
  takenBack,
  tokensInForce,
  typed,
} from '../../../renderer/views/audit/filter/filter-state.ts';
import { queryText } from '../../../renderer/views/audit/filter/tokens.ts';

const empty = stateOf('');
const chips = (state: typeof empty) => queryText(state.tokens);

describe('typing a filter', () => {
  it('makes a token of what a blank follows', () => {
    const state = typed(empty, 'client:alpha ');
    expect([chips(state), state.draft]).toEqual(['client:alpha', '']);
  });

  it('puts what is typed in force before that, once it is a token', () => {
    expect(queryText(tokensInForce(typed(empty, 'client:alp')))).toBe('client:alp');
    expect(tokensInForce(typed(empty, 'type:INT'))).toEqual([]);
  });

  it('says nothing of what is not finished', () => {
    expect(faultOf(typed(empty, 'colour:red'))).toBeNull();
    expect(faultOf(typed(empty, 'colour:red '))).toEqual({ kind: 'unknownKey', key: 'colour' });
    expect(faultOf(finished(typed(empty, 'colour:red')))).toEqual({ kind: 'unknownKey', key: 'colour' });
    expect(faultOf(typed(typed(empty, 'colour:red '), 'colour:re'))).toBeNull();
  });

  it('waits for the second quote', () => {
    const open = typed(empty, 'client:"my ');
    expect([chips(open), open.draft]).toEqual(['', 'client:"my ']);
    expect(chips(finished(typed(open, 'client:"my brain')))).toBe('client:"my brain"');
  });

  it('takes a pasted filter, and keeps what is wrong with it to be corrected', () => {
    const state = typed(empty, 'client:alpha colour:red symbol:EURUSD ');
    expect([chips(state), state.draft]).toEqual(['client:alpha symbol:EURUSD', 'colour:red']);
    expect(faultOf(state)).toEqual({ kind: 'unknownKey', key: 'colour' });
  });

  it('takes the last token back to be changed', () => {
    const state = takenBack(typed(empty, 'client:alpha by:operator '));
    expect([chips(state), state.draft]).toEqual(['client:alpha', 'by:operator']);
  });
});

describe('the address', () => {
  it('shows what is in it, also what is wrong', () => {
    const state = stateOf('client:alpha what');
    expect([chips(state), state.draft]).toEqual(['client:alpha', 'what']);
    expect(faultOf(state)).toEqual({ kind: 'bareWord', word: 'what' });
  });

  it('with what was just written leaves the box alone', () => {
    const state = typed(empty, 'client:alp');
    expect(follow(state, 'client:alp')).toEqual({ ...state, written: 'client:alp' });
  });

  it('with another filter takes the place of what is in the box', () => {
    const state = typed(empty, 'client:alp');
    expect(chips(follow(state, 'symbol:EURUSD'))).toBe('symbol:EURUSD');
    expect(follow(state, 'symbol:EURUSD').draft).toBe('');
  });
});
