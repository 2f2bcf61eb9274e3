import type { AuditHead } from './audit-log.ts';
import type { ExportJob } from './export-folder.ts';
import type { WrittenExport } from './export-file.ts';
import type { Page, PageRequest, Shown, ShowRequest } from './reader.ts';
import type { VerifyResult } from './verify.ts';

/** Questions to the reader, with what each is answered. */
export interface ReaderCalls {
  list: { readonly input: PageRequest; readonly output: Page };
  show: { readonly input: ShowRequest; readonly output: Shown };
  verify: { readonly input: { readonly witness?: AuditHead }; readonly output: VerifyResult };
  export: { readonly input: ExportJob; readonly output: WrittenExport };
}

/** To the reader; answered under the same `id`. */
export type ToReader = {
  [K in keyof ReaderCalls]: { readonly id: number; readonly call: K; readonly input: ReaderCalls[K]['input'] };
}[keyof ReaderCalls];

/** From the reader: how far a verification has come, then the answer or why there is none. */
export type FromReader =
  | { readonly id: number; readonly kind: 'progress'; readonly verified: AuditHead; readonly rows: number }
  | { readonly id: number; readonly kind: 'answer'; readonly output: ReaderCalls[keyof ReaderCalls]['output'] }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };
