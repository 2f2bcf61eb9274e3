// @vitest-environment happy-dom
import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { App } from '../../../renderer/app.tsx';
import { FakeApi } from '../fake-api.ts';
import { encryptedNetwork, paired, pairingOf, SERVER_FINGERPRINT } from '../network-values.ts';
import { NOW_MS, ordinaryDay } from '../values.ts';

type Answers = NonNullable<ConstructorParameters<typeof FakeApi>[0]>;
const FILE = 'gamma.connection.json';

beforeEach(() => {
  vi.useFakeTimers({ now: NOW_MS, toFake: ['Date', 'setInterval', 'clearInterval', 'performance'] });
  window.location.hash = '#/brains';
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
  window.location.hash = '';
});

function show(answers: Answers = {}, network = encryptedNetwork, kind: 'panel' | 'window' = 'panel'): FakeApi {
  const api = new FakeApi(answers, kind);
  api.push('network', network);
  render(<App api={api} />);
  return api;
}

const user = () => userEvent.setup();
const press = (name: string) => user().click(screen.getByRole('button', { name }));
const dialog = () => within(screen.getByRole('dialog'));
const rowOf = (name: string) =>
  within(screen.getByRole('table', { name: 'Brains' }))
    .getByText(name)
    .closest('tr')!;
const callsOf = ({ calls }: FakeApi, wanted: string) =>
  calls.filter(({ call }) => call === wanted).map(({ input }) => input);

/** Through the first step. */
async function pairGamma(): Promise<void> {
  await press('Pair a brain…');
  await user().type(dialog().getByLabelText('Name of the brain'), 'gamma');
  await user().click(dialog().getByRole('radio', { name: 'Trade' }));
  await user().click(dialog().getByRole('button', { name: 'Pair' }));
  await screen.findByRole('dialog', { name: 'gamma is paired' });
}

describe('a paired brain', () => {
  it('is told with label, name, role, key, expiry, address and its figures', () => {
    show();
    const told = rowOf('Mean reversion').textContent;
    for (const fact of [
      'alpha',
      'Trade',
      'until 2027-09-23',
      '3A9F 11C0 8E5B 7702',
      '10.0.0.23',
      '60,112',
      'HEARTBEAT',
    ]) {
      expect(told).toContain(fact);
    }
    expect(told).toMatch(/9over a limit/);
  });

  it.each([
    [15, /until 2026-12-12/],
    [14, /expires in 14 days/],
    [1, /expires in 1 day/],
    [0, /expired/],
    [-3, /expired/],
  ])('whose pairing ends in %d days says so', (days, words) => {
    show({}, { ...encryptedNetwork, paired: [paired('beta', { expires_ms: NOW_MS + days * 86_400_000 })] });
    expect(rowOf('beta').textContent).toMatch(words);
  });

  it('that has not come yet is listed, and not called unknown', () => {
    show();
    expect(rowOf('guard').textContent).toMatch(/Not seen yet.*Kill switch.*has not connected in this run/);
  });

  it('stands beside brains that are not paired', () => {
    show({}, { ...encryptedNetwork, paired: [paired('alpha')] });
    expect(rowOf('beta').textContent).toContain('not paired');
    expect(screen.queryByRole('button', { name: 'Revoke beta' })).toBeNull();
  });

  it('is asked for where none is paired and nobody could connect', () => {
    const api = new FakeApi();
    api.push('clients', { clients: [], leases: [], unknown: [] });
    api.push('network', { ...encryptedNetwork, paired: [] });
    render(<App api={api} />);
    expect(screen.getByText('No brain is paired yet')).toBeTruthy();
    expect(screen.queryByText(/npm run brain/)).toBeNull();
  });
});

describe('pairing', () => {
  it('asks for nothing before name and role are given, and says what is missing', async () => {
    const api = show({ pair: pairingOf });
    await press('Pair a brain…');
    expect(document.activeElement).toBe(dialog().getByLabelText('Name of the brain'));
    await user().type(dialog().getByLabelText('Name of the brain'), 'two words');
    await user().click(dialog().getByRole('button', { name: 'Pair' }));
    expect(dialog().getByText('Give it a name of these characters.')).toBeTruthy();
    expect(dialog().getByText('Say what it may do.')).toBeTruthy();
    await user().clear(dialog().getByLabelText('Name of the brain'));
    await user().type(dialog().getByLabelText('Name of the brain'), 'alpha');
    expect(dialog().getByText('There is a paired brain of this name already.')).toBeTruthy();
    expect(callsOf(api, 'pair')).toEqual([]);
  });

  it('says of each role what it may do, and gives none by itself', async () => {
    show();
    await press('Pair a brain…');
    const roles = dialog().getAllByRole<HTMLInputElement>('radio');
    expect(roles.map(({ checked }) => checked)).toEqual([false, false, false]);
    expect(dialog().getByText(/Halt trading and close everything, and nothing else/)).toBeTruthy();
  });

  it('asks for the typed address and the days that were chosen', async () => {
    const api = show({ pair: pairingOf });
    await press('Pair a brain…');
    await user().type(dialog().getByLabelText('Name of the brain'), 'gamma');
    await user().click(dialog().getByRole('radio', { name: 'Read' }));
    await user().selectOptions(
      dialog().getByLabelText('How the brain reaches this gateway'),
      'Another address or name…',
    );
    await user().click(dialog().getByRole('button', { name: 'Pair' }));
    expect(dialog().getByText('An address or name, like 10.0.0.5 or gateway.lan.')).toBeTruthy();
    await user().type(dialog().getByLabelText('Address or name'), 'gateway.lan');
    await user().selectOptions(dialog().getByLabelText('How long the pairing is good'), '90 days');
    await user().click(dialog().getByRole('button', { name: 'Pair' }));
    expect(callsOf(api, 'pair')).toEqual([{ name: 'gamma', role: 'read', host: 'gateway.lan', expires_days: 90 }]);
  });

  it('offers first the one address that the gateway listens on', async () => {
    show({}, { ...encryptedNetwork, host: '127.0.0.1', is_open: false });
    await press('Pair a brain…');
    const host = dialog().getByLabelText<HTMLSelectElement>('How the brain reaches this gateway');
    expect(host.value).toBe('127.0.0.1');
  });

  it('that is refused stays in its dialog with why', async () => {
    show({ pair: () => ({ paired: false, message: 'the audit log cannot record it, so nobody was paired' }) });
    await press('Pair a brain…');
    await user().type(dialog().getByLabelText('Name of the brain'), 'gamma');
    await user().click(dialog().getByRole('radio', { name: 'Trade' }));
    await user().click(dialog().getByRole('button', { name: 'Pair' }));
    expect(await dialog().findByText(/so nobody was paired/)).toBeTruthy();
  });

  it('says while the gateway is closed that the brain cannot connect yet', async () => {
    show({}, ordinaryDay.network);
    await press('Pair a brain…');
    expect(dialog().getByText(/not open to encrypted connections/)).toBeTruthy();
  });

  it('shows file, both keys and the commands, each with a button that copies it', async () => {
    const api = show({ pair: pairingOf });
    await pairGamma();
    expect(callsOf(api, 'pair')).toEqual([{ name: 'gamma', role: 'trade', host: '10.0.0.17' }]);
    const told = screen.getByRole('dialog').textContent;
    for (const fact of ['3A9F 11C0 8E5B 7702', SERVER_FINGERPRINT, '"client_id": "gamma"'])
      expect(told).toContain(fact);
    await user().click(dialog().getByRole('button', { name: 'Copy command 2' }));
    expect(await navigator.clipboard.readText()).toBe(`mt5-fabric-brain heartbeat --connection ~/${FILE}`);
  });

  it('copies the whole file, after which the dialog closes at once', async () => {
    show({ pair: pairingOf });
    await pairGamma();
    const someone = user();
    await someone.click(dialog().getByRole('button', { name: `Copy ${FILE}` }));
    const copied = JSON.parse(await navigator.clipboard.readText()) as object;
    expect(copied).toMatchObject({ version: 1, client_id: 'gamma', host: '10.0.0.17', expires: null });
    await someone.click(dialog().getByRole('button', { name: 'Done' }));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it.each(['panel', 'window'] as const)('saves the file under its name, in the %s', async (kind) => {
    const api = show({ pair: pairingOf }, encryptedNetwork, kind);
    await pairGamma();
    await user().click(dialog().getByRole('button', { name: `Save as file: ${FILE}` }));
    expect(api.saved).toMatchObject([{ file: FILE, text: expect.stringContaining('"mac_key"') as string }]);
    await user().click(dialog().getByRole('button', { name: 'Done' }));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('that was not saved says why, and is not left by oversight', async () => {
    const api = show({ pair: pairingOf }, encryptedNetwork, 'window');
    await pairGamma();
    api.saving = { isSaved: false, error: 'EACCES: permission denied' };
    await user().click(dialog().getByRole('button', { name: `Save as file: ${FILE}` }));
    expect(await dialog().findByText(/not saved: EACCES: permission denied/)).toBeTruthy();
    api.saving = { isSaved: false, error: null };
    await user().click(dialog().getByRole('button', { name: `Save as file: ${FILE}` }));
    await waitFor(() => expect(dialog().queryByText(/EACCES/)).toBeNull());
    await user().click(dialog().getByRole('button', { name: 'Done' }));
    expect(dialog().getByText(/neither copied nor saved/)).toBeTruthy();
  });

  it('is not left without the file by oversight', async () => {
    show({ pair: pairingOf });
    await pairGamma();
    await user().click(dialog().getByRole('button', { name: 'Done' }));
    expect(dialog().getByText(/neither copied nor saved/)).toBeTruthy();
    await user().click(dialog().getByRole('button', { name: 'Back to the file' }));
    expect(dialog().queryByText(/neither copied nor saved/)).toBeNull();
    act(() => void screen.getByRole('dialog').dispatchEvent(new Event('cancel', { bubbles: true, cancelable: true })));
    await user().click(dialog().getByRole('button', { name: 'Close without it' }));
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('a pairing', () => {
  it('is revoked with a reason, before the dialog closes', async () => {
    const api = show({ revoke: ({ name }) => ({ revoked: true, client: paired(name) }) });
    await press('Revoke alpha');
    expect(screen.getByRole('dialog', { name: 'Revoke the pairing of Mean reversion (alpha)' })).toBeTruthy();
    await user().type(dialog().getByLabelText('Reason'), 'laptop lost');
    await user().click(dialog().getByRole('button', { name: 'Revoke' }));
    expect(callsOf(api, 'revoke')).toEqual([{ name: 'alpha', reason: 'laptop lost' }]);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(screen.getByText('The pairing of alpha is revoked')).toBeTruthy();
  });

  it('that could not be revoked keeps the dialog, with why', async () => {
    show({ revoke: () => ({ revoked: false, message: 'the keys cannot be written' }) });
    await press('Revoke alpha');
    await user().type(dialog().getByLabelText('Reason'), 'laptop lost');
    await user().click(dialog().getByRole('button', { name: 'Revoke' }));
    expect(await dialog().findByText('the keys cannot be written')).toBeTruthy();
  });

  it('gets another label, and keeps its name', async () => {
    const api = show({ rename: ({ name, label }) => ({ renamed: true, client: paired(name, { label }) }) });
    await press('Rename alpha');
    await user().clear(dialog().getByLabelText('New name on screens'));
    await user().click(dialog().getByRole('button', { name: 'Rename' }));
    expect(callsOf(api, 'rename')).toEqual([]);
    await user().type(dialog().getByLabelText('New name on screens'), ' Breakout ');
    await user().click(dialog().getByRole('button', { name: 'Rename' }));
    expect(callsOf(api, 'rename')).toEqual([{ name: 'alpha', label: 'Breakout' }]);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('that could not be renamed keeps the dialog, with why', async () => {
    show({ rename: () => ({ renamed: false, message: '"alpha" is not paired' }) });
    await press('Rename alpha');
    await user().click(dialog().getByRole('button', { name: 'Rename' }));
    expect(await dialog().findByText('"alpha" is not paired')).toBeTruthy();
  });
});
