import { describe, expect, it } from 'vitest';
import { changeOf, faultOf, isChanged, valueOf } from '../../../renderer/views/settings/draft.ts';
import { grouped, groupOf } from '../../../renderer/views/settings/groups.ts';
import type { Setting } from '../../../renderer/views/settings/setting-texts.ts';

const base = { name: 'x', origin: 'default', unit: '', live: false } as const;
const count: Setting = { ...base, value: 5, standard: 5, kind: 'number', whole: true, least: 1, most: 10 };
const lots: Setting = { ...base, value: 0, standard: 0, kind: 'number', least: 0, unit: 'lots' };
const port: Setting = { ...base, value: 5555, standard: 5555, kind: 'number', whole: true, unit: 'port' };
const panelPort: Setting = { ...base, value: 'none', standard: 'none', kind: 'text', unit: 'port' };
const list: Setting = { ...base, value: ['A'], standard: [], kind: 'list' };
const choice: Setting = { ...base, value: 'a', standard: 'a', kind: 'choice', choices: ['a', 'b'] };

describe('a draft', () => {
  it.each<[Setting, string, string | null]>([
    [count, '7', null],
    [count, ' 7 ', null],
    [count, '0', 'least'],
    [count, '11', 'most'],
    [count, '2.5', 'whole'],
    [count, '', 'whole'],
    [count, '1e1', 'whole'],
    [lots, '0.01', null],
    [lots, '-1', 'least'],
    [lots, '1,5', 'number'],
    [lots, 'NaN', 'number'],
    [port, '0', null],
    [port, '65535', null],
    [port, '65536', 'port'],
    [port, '55.5', 'port'],
    [panelPort, 'none', null],
    [panelPort, '5559', null],
    [panelPort, 'nine', 'portOrNone'],
    [choice, 'b', null],
    [choice, 'c', 'choice'],
    [list, 'A, B', null],
  ])('of %o with %j has the fault %s', (setting, draft, fault) => {
    expect(faultOf(setting, draft)?.kind ?? null).toBe(fault);
  });

  it('of a list is its parts, without spaces and empty ones', () => {
    expect(valueOf(list, ' EURUSD , ,XAUUSD')).toEqual(['EURUSD', 'XAUUSD']);
  });

  it('that says the same in another way is no change', () => {
    expect(isChanged(count, '5 ')).toBe(false);
    expect(isChanged(list, ' A,')).toBe(false);
    expect(isChanged(count, '6')).toBe(true);
    expect(isChanged(count, undefined)).toBe(false);
  });

  it('of the default is saved as null', () => {
    expect(changeOf({ ...count, value: 7 }, '5')).toBeNull();
    expect(changeOf(count, '7')).toBe(7);
  });
});

describe('groups', () => {
  it.each([
    ['language', 'appearance'],
    ['panel_port', 'listeners'],
    ['limit_of_tomorrow', 'limits'],
    ['paper_of_tomorrow', 'paper'],
    ['of_tomorrow', 'other'],
    ['constructor', 'other'],
  ])('have a place for %s: %s', (name, group) => {
    expect(groupOf(name)).toBe(group);
  });

  it('are shown in their order, and only those that have settings', () => {
    const settings = ['of_tomorrow', 'theme'].map((name) => ({ ...count, name }));
    expect(grouped(settings).map(([group]) => group)).toEqual(['appearance', 'other']);
  });
});
