import type { AppendResult, AuditEntry, ClaimResult, CommandKey, CommandRecord } from './audit-log.ts';
import type { Mark } from './command-rows.ts';

/** A call of the audit log on its way to the writer. */
export type WriteOperation =
  | { readonly kind: 'append'; readonly entries: readonly AuditEntry[] }
  | { readonly kind: 'claim'; readonly key: CommandKey; readonly entries: readonly AuditEntry[] };
export type ReadOperation =
  | { readonly kind: 'find'; readonly key: CommandKey }
  | { readonly kind: 'unsettled' }
  | { readonly kind: 'knows'; readonly mark: Mark };
export type Operation = WriteOperation | ReadOperation;

/** What an operation answers. A read that could not be made is a `failed`. */
export type OperationResult =
  | AppendResult
  | ClaimResult
  | { readonly kind: 'found'; readonly record: CommandRecord | null }
  | { readonly kind: 'list'; readonly records: readonly CommandRecord[] }
  | { readonly kind: 'known'; readonly isKnown: boolean }
  | { readonly kind: 'failed'; readonly message: string };

/** Whether the operation writes rows. */
export function isWrite(operation: Operation): operation is WriteOperation {
  return operation.kind === 'append' || operation.kind === 'claim';
}
