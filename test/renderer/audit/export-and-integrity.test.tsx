// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { NOW_MS, ordinaryDay } from '../values.ts';
import { FakeLog } from './fake-log.ts';
import { open, prepareScreen } from './open-audit.tsx';

prepareScreen();

describe('the export', () => {
  const exported = {
    file: 'audit.csv',
    manifest_file: 'audit.csv.manifest.json',
    folder: '/data/exports',
    rows: 81_204,
    bytes: 1_048_576,
    sha256: '9f86d081884c7d65',
    gaps: [],
  };

  it('takes the filter, and leads to both files', async () => {
    const api = await open(new FakeLog(100), { hash: '#/audit?q=client:beta', auditExport: () => exported });
    await userEvent.click(screen.getByRole('button', { name: 'Export…' }));
    await userEvent.click(screen.getByRole('radio', { name: /^JSON lines/ }));
    await userEvent.click(screen.getByRole('button', { name: 'Export' }));
    expect(await screen.findByText('9f86d081884c7d65')).toBeTruthy();
    expect(api.calls.find(({ call }) => call === 'auditExport')?.input).toEqual({
      filter: { client: 'beta' },
      format: 'jsonl',
    });
    await userEvent.click(screen.getByRole('button', { name: 'Download audit.csv' }));
    await userEvent.click(screen.getByRole('button', { name: 'Download audit.csv.manifest.json' }));
    expect(api.fetched).toEqual(['audit.csv', 'audit.csv.manifest.json']);
  });

  it('says why nothing was exported', async () => {
    const auditExport = () => {
      throw new Error('the disk is full');
    };
    await open(new FakeLog(100), { auditExport });
    await userEvent.click(screen.getByRole('button', { name: 'Export…' }));
    await userEvent.click(screen.getByRole('button', { name: 'Export' }));
    expect(await screen.findByText('Nothing was exported: the disk is full')).toBeTruthy();
  });
});

describe('integrity', () => {
  it.each([
    [{ kind: 'unverified' }, 'Not verified in this run'],
    [{ kind: 'verifying', seq: 42, rows: 100 }, 'Verifying 42 %'],
    [{ kind: 'verifying', seq: 0, rows: 0 }, 'Verifying 0 %'],
    [{ kind: 'verified', seq: 81_204, at_ms: NOW_MS }, /^Verified to entry 81,204 at /],
    [{ kind: 'failed', at_ms: NOW_MS, what: 'a file is locked' }, /^Could not be verified at /],
  ] as const)('%o is said in words', async (integrity, text) => {
    const api = await open(new FakeLog(100));
    act(() => api.push('audit', { ...ordinaryDay.audit, integrity }));
    expect(screen.getByText(text)).toBeTruthy();
  });

  it('leads to the entry where it is broken', async () => {
    const api = await open(new FakeLog(1_000));
    const integrity = { kind: 'broken', seq: 512, at_ms: NOW_MS, what: 'its hash is another one' } as const;
    act(() => api.push('audit', { ...ordinaryDay.audit, integrity }));
    expect(screen.getByText('its hash is another one')).toBeTruthy();
    const link = screen.getByRole('link', { name: 'Broken at entry 512' });
    expect(link.getAttribute('href')).toBe('#/audit?entry=512');
  });

  it('is checked when asked to, and says when that is refused', async () => {
    const auditVerify = () => {
      throw new Error('it is being checked already');
    };
    await open(new FakeLog(100), { auditVerify });
    await userEvent.click(screen.getByRole('button', { name: 'Verify' }));
    expect(await screen.findByText('The check could not be made: it is being checked already')).toBeTruthy();
  });
});

it('says loudly that nothing can be recorded', async () => {
  const api = await open(new FakeLog(100));
  act(() => api.push('audit', { ...ordinaryDay.audit, fault: 'the disk is full' }));
  const alerts = screen.getAllByRole('alert').map(({ textContent }) => textContent);
  expect(alerts).toContain('Nothing can be recorded at the moment, so nothing is traded: the disk is full');
});
