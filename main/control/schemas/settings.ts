import * as z from 'zod';

/** A setting as the settings view shows it. */
export const settingSchema = z.object({
  /** Its name in the settings file, like `command_port`. */
  name: z.string(),
  /** Its value after the next start; as in the settings file. */
  value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
  standard: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
  /** The value with which the gateway runs, where that is another. */
  running: z.optional(z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
  /** Where the value comes from; `flag` and `environment` win over what is saved. */
  origin: z.enum(['flag', 'environment', 'file', 'default']),
  kind: z.enum(['text', 'number', 'choice', 'switch', 'list']),
  /** Of a choice. */
  choices: z.optional(z.array(z.string())),
  /** Of a number: its bounds, and what it counts, like `ms`, `s`, `MiB`, `lots`, `money`, `port`; empty for none. */
  least: z.optional(z.number()),
  most: z.optional(z.number()),
  whole: z.optional(z.boolean()),
  unit: z.string(),
  /** Changes take effect without a restart. */
  live: z.boolean(),
});

/** By name in the settings file; null puts the default back. */
export const settingChangesSchema = z.record(
  z.string(),
  z.nullable(z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
);

export const savedSettingsSchema = z.discriminatedUnion('saved', [
  z.object({
    saved: z.literal(true),
    /** Names of those that take effect with the next start. */
    restart: z.array(z.string()),
  }),
  /** Nothing was saved; by name, what each takes. */
  z.object({ saved: z.literal(false), faults: z.record(z.string(), z.string()) }),
]);
