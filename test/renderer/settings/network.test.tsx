// @vitest-environment happy-dom
import { act, cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControlOutput } from '../../../main/control/contract.ts';
import { App } from '../../../renderer/app.tsx';
import { FakeApi } from '../fake-api.ts';
import { encryptedNetwork, plainNetwork } from '../network-values.ts';
import { ordinaryDay, ordinarySettings } from '../values.ts';

type Setting = ControlOutput<'settings'>['settings'][number];
type Answers = NonNullable<ConstructorParameters<typeof FakeApi>[0]>;

beforeEach(() => {
  window.location.hash = '#/settings';
});

afterEach(() => {
  cleanup();
  window.location.hash = '';
});

/** The settings of an ordinary day, but for these. */
function settingsWith(changes: Readonly<Record<string, Partial<Setting>>>, file = ordinarySettings.file): Answers {
  const settings = ordinarySettings.settings.map((one) => ({ ...one, ...changes[one.name] }));
  return { settings: () => ({ file, settings }), saveSettings: () => ({ saved: true, restart: [] }) };
}

async function show(answers: Answers = settingsWith({}), network = ordinaryDay.network): Promise<FakeApi> {
  const api = new FakeApi(answers);
  api.push('network', network);
  render(<App api={api} />);
  await screen.findByRole('region', { name: 'Open to the network' });
  return api;
}

const user = () => userEvent.setup();
const card = () => within(screen.getByRole('region', { name: 'Open to the network' }));
const dialog = () => within(screen.getByRole('dialog'));
const saved = ({ calls }: FakeApi) => calls.filter(({ call }) => call === 'saveSettings').map(({ input }) => input);
const open = () => user().click(card().getByRole('button', { name: 'Open to the network…' }));
const choosePlain = () => user().click(dialog().getByRole('radio', { name: /unencrypted/ }));
const save = () => user().click(dialog().getByRole('button', { name: 'Open with the next start' }));

describe('the card of the network', () => {
  it('says that the gateway is closed, and the addresses of this machine', async () => {
    await show();
    expect(card().getByText('Closed: only programs on this machine can connect')).toBeTruthy();
    expect(card().getByText('10.0.0.17 (Ethernet), fd00::17 (Ethernet)')).toBeTruthy();
    expect(card().queryByRole('button', { name: 'Close to the network' })).toBeNull();
  });

  it('of an open gateway shows its key and the rule for the firewall, that of its own system first', async () => {
    await show(
      settingsWith({ security: { value: 'encrypted' } }, String.raw`C:\Users\anna\settings.json`),
      encryptedNetwork,
    );
    expect(card().getByText('Open, encrypted: paired brains can connect')).toBeTruthy();
    const rules = within(card().getByRole('region', { name: 'Firewall' }));
    expect(rules.getAllByRole('button').map((button) => button.getAttribute('aria-label'))).toEqual([
      'Copy the rule for Windows',
      'Copy the rule for Linux',
    ]);
    await user().click(rules.getByRole('button', { name: 'Copy the rule for Linux' }));
    expect(await navigator.clipboard.readText()).toBe(encryptedNetwork.firewall.linux);
  });

  it('says beside how it stands what the next start brings', async () => {
    await show(settingsWith({ security: { value: 'encrypted', running: 'local' }, host: { value: '0.0.0.0' } }));
    expect(card().getByText('Closed: only programs on this machine can connect')).toBeTruthy();
    expect(card().getByText('Open, encrypted: paired brains can connect')).toBeTruthy();
  });

  it('offers nothing that the command line has fixed', async () => {
    await show(settingsWith({ security: { origin: 'flag' }, host: { origin: 'environment' } }));
    expect(card().getByText(/\(security, host\); change it there/)).toBeTruthy();
    expect(card().queryAllByRole('button')).toEqual([]);
  });

  it('closes in one press, all of it at once', async () => {
    const api = await show(settingsWith({ security: { value: 'plain-network' } }), plainNetwork);
    await user().click(card().getByRole('button', { name: 'Close to the network' }));
    const changes = { security: null, host: null, allow_from: null, accept_unencrypted: null };
    expect(saved(api)).toEqual([{ changes }]);
    expect(await card().findByText(/From the next start of the gateway only programs on this machine/)).toBeTruthy();
  });

  it('says why closing was refused', async () => {
    const faults = { security: 'is fixed on the command line' };
    const answers = {
      ...settingsWith({ security: { value: 'encrypted' } }),
      saveSettings: () => ({ saved: false as const, faults }),
    };
    await show(answers, encryptedNetwork);
    await user().click(card().getByRole('button', { name: 'Close to the network' }));
    expect(await card().findByText('Nothing was saved: Security mode: is fixed on the command line')).toBeTruthy();
  });
});

describe('opening to the network', () => {
  it('is encrypted and on all addresses unless something else is chosen', async () => {
    const api = await show();
    await open();
    expect(document.activeElement?.textContent).toBe('Cancel');
    expect(dialog().getByRole<HTMLInputElement>('radio', { name: /recommended/ }).checked).toBe(true);
    expect(dialog().queryByLabelText('Networks that may connect')).toBeNull();
    expect(dialog().getByText(ordinaryDay.network.firewall.windows)).toBeTruthy();
    expect(dialog().getByText(/takes effect with the next start/)).toBeTruthy();
    await save();
    const changes = { security: 'encrypted', host: '0.0.0.0', allow_from: null, accept_unencrypted: null };
    expect(saved(api)).toEqual([{ changes }]);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(card().getByText('Saved. It takes effect with the next start of the gateway.')).toBeTruthy();
  });

  it('without encryption wants networks and typed words, both', async () => {
    const api = await show();
    await open();
    await choosePlain();
    await save();
    await user().type(dialog().getByLabelText(/^Type UNENCRYPTED/), 'UNENCRYPTED');
    await save();
    await user().type(dialog().getByLabelText('Networks that may connect'), '10.0.0.0/240');
    expect(dialog().getByText(/Networks separated by commas/)).toBeTruthy();
    await save();
    await user().type(dialog().getByLabelText('Networks that may connect'), '{Backspace}, 192.168.1.7/32');
    await user().clear(dialog().getByLabelText(/^Type UNENCRYPTED/));
    await user().type(dialog().getByLabelText(/^Type UNENCRYPTED/), 'unencrypted');
    await save();
    expect(saved(api)).toEqual([]);
    await user().clear(dialog().getByLabelText(/^Type UNENCRYPTED/));
    await user().type(dialog().getByLabelText(/^Type UNENCRYPTED/), 'UNENCRYPTED');
    await user().selectOptions(dialog().getByLabelText('Listen on'), '10.0.0.17 (Ethernet)');
    await save();
    const allowFrom = ['10.0.0.0/24', '192.168.1.7/32'];
    const changes = { security: 'plain-network', host: '10.0.0.17', allow_from: allowFrom, accept_unencrypted: true };
    expect(saved(api)).toEqual([{ changes }]);
  });

  it('wants the words anew where it stands open without encryption, and knows its networks', async () => {
    const stands = {
      security: { value: 'plain-network' },
      allow_from: { value: ['10.0.0.0/24'] },
      host: { value: '10.9.9.9' },
    };
    const api = await show(settingsWith(stands), plainNetwork);
    await user().click(card().getByRole('button', { name: 'Change…' }));
    expect(dialog().getByLabelText<HTMLInputElement>('Networks that may connect').value).toBe('10.0.0.0/24');
    expect(dialog().getByLabelText<HTMLSelectElement>('Listen on').value).toBe('10.9.9.9');
    await save();
    expect(saved(api)).toEqual([]);
  });

  it('that is refused stays in its dialog, with what each setting takes', async () => {
    const faults = { host: 'takes an address of this machine' };
    await show({ ...settingsWith({}), saveSettings: () => ({ saved: false, faults }) });
    await open();
    await save();
    expect(await dialog().findByText('Nothing was saved: Address: takes an address of this machine')).toBeTruthy();
  });

  it('cannot be saved while the gateway is not heard', async () => {
    const api = await show();
    await open();
    act(() => api.hear('down'));
    await save();
    expect(saved(api)).toEqual([]);
  });
});
