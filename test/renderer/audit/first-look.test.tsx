// @vitest-environment happy-dom
import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { FakeLog } from './fake-log.ts';
import { open, prepareScreen, tellHead } from './open-audit.tsx';

prepareScreen();

const first = () => screen.queryAllByRole('row')[1]?.textContent ?? '';
const drawn = () => document.querySelectorAll('[role=grid] [role=row]').length;
const goTo = (hash: string) =>
  act(() => {
    window.location.hash = hash;
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  });

describe('the log while another view is shown', () => {
  it('is drawn ahead, out of sight, and asks for nothing more', async () => {
    const log = new FakeLog(500);
    const api = await open(log, { hash: '#/overview' });
    await waitFor(() => expect(drawn()).toBeGreaterThan(10));
    expect(screen.queryByRole('grid')).toBeNull();
    log.headSeq = 503;
    act(() => tellHead(api, log));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(log.pages).toHaveLength(1);
  });

  it('closes up with the log when it is opened', async () => {
    const log = new FakeLog(500);
    const api = await open(log, { hash: '#/overview' });
    await waitFor(() => expect(drawn()).toBeGreaterThan(10));
    log.headSeq = 503;
    act(() => tellHead(api, log));
    goTo('#/audit');
    await waitFor(() => expect(first()).toContain('503'));
  });

  it('begins anew where the log has grown by more than can be added', async () => {
    const log = new FakeLog(500);
    const api = await open(log, { hash: '#/overview' });
    await waitFor(() => expect(drawn()).toBeGreaterThan(10));
    log.headSeq = 9_000;
    act(() => tellHead(api, log));
    goTo('#/audit');
    await waitFor(() => expect(first()).toContain('9,000'));
    expect(screen.getAllByRole('row')[2]?.textContent).toContain('8,999');
  });

  it('does not begin another list with rows that were read long ago', async () => {
    const log = new FakeLog(500);
    await open(log, { hash: '#/overview' });
    await waitFor(() => expect(drawn()).toBeGreaterThan(10));
    goTo('#/audit');
    await waitFor(() => expect(first()).toContain('500'));
    goTo('#/audit?q=type%3AREFUSED');
    const before = log.pages.length;
    goTo('#/audit');
    await waitFor(() =>
      expect(log.pages.slice(before).some(({ filter }) => Object.keys(filter).length === 0)).toBe(true),
    );
  });
});
