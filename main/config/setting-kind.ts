import * as z from 'zod';
import { settingsSchema, type SettingKey } from './settings.ts';

/** What a setting takes, for whoever shows a field for it. */
export interface SettingKind {
  readonly kind: 'text' | 'number' | 'choice' | 'switch' | 'list';
  /** Of a choice. */
  readonly choices?: string[];
  /** Of a number. */
  readonly least?: number;
  readonly most?: number;
  readonly whole?: boolean;
}

const formSchema = z.object({
  type: z.optional(z.string()),
  enum: z.optional(z.array(z.string())),
  minimum: z.optional(z.number()),
  maximum: z.optional(z.number()),
});

/** What a setting takes, as its schema has it. Text where that takes several kinds: it is read as on the command line. */
export function settingKind(key: SettingKey): SettingKind {
  const { type, enum: choices, minimum, maximum } = formSchema.parse(z.toJSONSchema(settingsSchema.shape[key]));
  if (choices !== undefined) return { kind: 'choice', choices };
  if (type === 'boolean') return { kind: 'switch' };
  if (type === 'array') return { kind: 'list' };
  if (type !== 'integer' && type !== 'number') return { kind: 'text' };
  const least = minimum === undefined ? {} : { least: minimum };
  const most = maximum === undefined ? {} : { most: maximum };
  return { kind: 'number', ...least, ...most, whole: type === 'integer' };
}
