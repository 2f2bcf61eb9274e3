import { areNetworks } from '../../networks/networks.ts';
import type { Setting, Value } from './setting-texts.ts';

/** A value as it stands in its field while it is edited. */
export type Draft = string | boolean;

/** What is wrong with a draft, with the number that says it; null where nothing is. */
export type Fault =
  | { readonly kind: 'number' | 'whole' | 'port' | 'portOrNone' | 'choice' | 'text' | 'networks' }
  | { readonly kind: 'least' | 'most'; readonly bound: number };

const NUMBER = /^-?\d+(\.\d+)?$/;
const HIGHEST_PORT = 65_535;
const LONGEST_TEXT = 4_096;

export function draftOf(value: Value): Draft {
  if (typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** The value that a draft without a fault stands for. */
export function valueOf({ kind }: Setting, draft: Draft): Value {
  if (typeof draft === 'boolean') return draft;
  const text = draft.trim();
  if (kind === 'number') return Number(text);
  return kind === 'list' ? listed(text) : text;
}

/** What stands between the commas. */
export function listed(text: string): string[] {
  return text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}

/** Whether the gateway would take it, as far as that can be told here. */
export function faultOf(setting: Setting, draft: Draft): Fault | null {
  if (typeof draft === 'boolean') return null;
  const text = draft.trim();
  switch (setting.kind) {
    case 'number':
      return numberFault(setting, text);
    case 'choice':
      return setting.choices?.includes(text) === false ? { kind: 'choice' } : null;
    case 'text':
      if (setting.unit === 'port') return text === 'none' || isPort(text) ? null : { kind: 'portOrNone' };
      return text.length > LONGEST_TEXT ? { kind: 'text' } : null;
    case 'list':
      if (text.length > LONGEST_TEXT) return { kind: 'text' };
      return setting.name === 'allow_from' && !areNetworks(listed(text)) ? { kind: 'networks' } : null;
    case 'switch':
      return null;
  }
}

function numberFault({ unit, least, most, whole }: Setting, text: string): Fault | null {
  if (unit === 'port') return isPort(text) ? null : { kind: 'port' };
  if (!NUMBER.test(text)) return { kind: whole === true ? 'whole' : 'number' };
  const value = Number(text);
  if (whole === true && !Number.isInteger(value)) return { kind: 'whole' };
  if (least !== undefined && value < least) return { kind: 'least', bound: least };
  if (most !== undefined && value > most) return { kind: 'most', bound: most };
  return null;
}

const isPort = (text: string) => /^\d{1,5}$/.test(text) && Number(text) <= HIGHEST_PORT;

/** Whether saving it would change anything. */
export function isChanged(setting: Setting, draft: Draft | undefined): boolean {
  return draft !== undefined && !isSame(valueOf(setting, draft), setting.value);
}

/** What to save: null puts the default back, so that a later version's default holds too. */
export function changeOf(setting: Setting, draft: Draft): Value | null {
  const value = valueOf(setting, draft);
  return isSame(value, setting.standard) ? null : value;
}

export function isSame(a: Value, b: Value): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
