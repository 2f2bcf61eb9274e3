import type * as z from 'zod';
import type { JsonObject } from './json-value.ts';

const MAX_SHOWN = 40;

/** A schema's fault as one sentence for a person: the field, what it takes, and what `object` had there. */
export function explain(issue: z.core.$ZodIssue, object: JsonObject): string {
  const field = String(issue.path[0] ?? '');
  const rule = issue.message.includes(field) ? issue.message : `${field}: ${issue.message}`;
  return `${rule}; got ${Object.hasOwn(object, field) ? shown(object[field]) : 'nothing'}`;
}

/** A value in a sentence: short, in one line, whatever a client put there. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'string') return JSON.stringify(cut(value));
  return String(value);
}

function cut(text: string): string {
  return (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text).toWellFormed();
}
