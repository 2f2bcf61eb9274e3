import { cleanup, render, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { App } from '../../../renderer/app.tsx';
import { FakeApi } from '../fake-api.ts';
import { ordinaryDay } from '../values.ts';
import type { FakeLog } from './fake-log.ts';

type Answers = ConstructorParameters<typeof FakeApi>[0];

/** For tests of the whole view: there is no layout, so everything is as high as 21 rows; each test begins anew. */
export function prepareScreen(): void {
  beforeEach(() => {
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(672);
  });
  afterEach(() => {
    cleanup();
    vi.restoreAllMocks();
    window.location.hash = '';
  });
}

/** The audit log on the screen, over this log. */
export async function open(log: FakeLog, { hash = '#/audit', ...answers }: Answers & { readonly hash?: string } = {}) {
  window.location.hash = hash;
  const api = new FakeApi({ auditPage: log.page, auditShow: log.show, ...answers });
  tellHead(api, log);
  render(<App api={api} />);
  await waitFor(() => expect(log.pages.length).toBeGreaterThan(0));
  return api;
}

/** The topic says how long the log is now. */
export function tellHead(api: FakeApi, log: FakeLog): void {
  api.push('audit', { ...ordinaryDay.audit, head: { seq: log.headSeq, hash: 'd9' } });
}
