// @vitest-environment happy-dom
import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TopicValue } from '../../../main/control/contract.ts';
import { App } from '../../../renderer/app.tsx';
import { brainCommands } from '../../../renderer/views/brains/brain-commands.ts';
import { FakeApi } from '../fake-api.ts';
import { encryptedNetwork, plainNetwork, SERVER_FINGERPRINT } from '../network-values.ts';
import { NOW_MS, ordinaryDay } from '../values.ts';

type Network = TopicValue<'network'>;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW_MS, toFake: ['Date', 'setInterval', 'clearInterval', 'performance'] });
  window.location.hash = '#/brains';
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  window.location.hash = '';
});

function show(network: Network): void {
  const api = new FakeApi();
  api.push('network', network);
  render(<App api={api} />);
}

describe('the security line', () => {
  it.each<[string, Network, RegExp]>([
    ['local', ordinaryDay.network, /local\. Only programs on this machine can connect/],
    ['encrypted', encryptedNetwork, /encrypted\. Only paired brains can connect, at all addresses of this machine/],
    [
      'encrypted inside',
      { ...encryptedNetwork, host: '127.0.0.1', is_open: false },
      /encrypted, on this machine alone/,
    ],
    ['plain', plainNetwork, /unencrypted\. Everyone in 10\.0\.0\.0\/24 can connect, at 10\.0\.0\.17/],
    ['plain for nobody', { ...plainNetwork, allow_from: [] }, /the allow list is empty: nobody can connect/],
  ])('says how it stands: %s', (_how, network, words) => {
    show(network);
    expect(screen.getByRole('main').textContent).toMatch(words);
  });

  it('says that it is not told yet, instead of what it is usually', () => {
    const api = new FakeApi();
    api.forget('network');
    render(<App api={api} />);
    expect(screen.getByText('Security mode: not told yet.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Pair a brain…' })).toBeNull();
  });

  it('shows the gateway’s own key where brains know it', () => {
    show(encryptedNetwork);
    expect(screen.getByText(SERVER_FINGERPRINT)).toBeTruthy();
  });
});

describe('connections that were not let in', () => {
  it('are counted by why, and lead to the audit log', () => {
    show(encryptedNetwork);
    expect(screen.getByText(/35 connections refused.*key not paired: 31, not encrypted: 4/)).toBeTruthy();
    const link = screen.getByRole('link', { name: 'Show in the audit log' });
    expect(link.getAttribute('href')).toBe('#/audit?q=type%3ACONNECTION_REFUSED');
  });

  it('for a cause that this screen does not know are counted by its name', () => {
    show({ ...encryptedNetwork, refused: { 'new-cause': 1 } });
    expect(screen.getByText(/1 connection refused since the start \(new-cause: 1\)/)).toBeTruthy();
  });

  it('are not spoken of where there were none', () => {
    show({ ...encryptedNetwork, refused: {} });
    expect(screen.queryByText(/refused since the start/)).toBeNull();
  });
});

describe('the addresses that were seen', () => {
  it('are attributed to nobody, and say who was turned away', () => {
    show(plainNetwork);
    const rows = within(screen.getByRole('table', { name: 'Seen addresses' })).getAllByRole('row');
    expect(rows[1]?.textContent).toBe('10.0.0.230 sec agoLet in');
    expect(rows[2]?.textContent).toBe('10.0.7.45 min agoTurned away');
    expect(screen.getByText(/attributed to nobody/)).toBeTruthy();
  });

  it('are told only where there are no keys', () => {
    show(encryptedNetwork);
    expect(screen.queryByText('Seen addresses')).toBeNull();
  });
});

it('a brain is not told to connect to all addresses at once', () => {
  const endpoint = (port: number) => ({ endpoint: `tcp://0.0.0.0:${port}` });
  const everywhere = { command: endpoint(5555), data: endpoint(5556), events: endpoint(5557) };
  expect(brainCommands(everywhere, '10.0.0.17')?.tryIt).toContain('--host 10.0.0.17 --command-port 5555');
});
