/** Ends an exhaustive switch: a compile error where a case is missing, an exception where the types were wrong. */
export function assertNever(value: never, what: string): never {
  throw new Error(`unexpected ${what}: ${JSON.stringify(value)}`);
}
