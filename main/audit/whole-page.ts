import { setImmediate as nextTurn } from 'node:timers/promises';
import { type AuditReader, MAX_PAGE_ROWS, type Page, type PageRequest } from './reader.ts';

/** A page of as many rows as were asked for, or all there are: bounded steps, with a turn for others between them. */
export async function wholePage(reader: Pick<AuditReader, 'list'>, request: PageRequest): Promise<Page> {
  const wanted = Math.min(request.limit, MAX_PAGE_ROWS);
  let page = reader.list(request);
  while (page.next !== null && page.rows.length < wanted) {
    await nextTurn();
    const more = reader.list({ ...request, limit: wanted - page.rows.length, beforeSeq: page.next });
    page = {
      rows: [...page.rows, ...more.rows],
      next: more.next,
      gaps: [...new Set([...page.gaps, ...more.gaps])],
    };
  }
  return page;
}
