// @vitest-environment happy-dom
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileName, SETTING_KEYS } from '../../../main/config/settings.ts';
import type { ControlInput, ControlOutput } from '../../../main/control/contract.ts';
import { en } from '../../../main/control/text/en/index.ts';
import { App } from '../../../renderer/app.tsx';
import { FakeApi } from '../fake-api.ts';
import { ordinarySettings } from '../values.ts';

type Setting = ControlOutput<'settings'>['settings'][number];
type Answers = NonNullable<ConstructorParameters<typeof FakeApi>[0]>;

beforeEach(() => {
  window.location.hash = '#/settings';
});

afterEach(() => {
  cleanup();
  window.location.hash = '';
});

async function show(answers: Answers = {}): Promise<FakeApi> {
  const api = new FakeApi(answers);
  render(<App api={api} />);
  await screen.findByLabelText('Command port');
  return api;
}

/** Settings that are saved as a gateway does. */
function kept(): Answers {
  let settings = ordinarySettings.settings;
  return {
    settings: () => ({ ...ordinarySettings, settings }),
    saveSettings: ({ changes }: ControlInput<'saveSettings'>) => {
      settings = settings.map((one) => (Object.hasOwn(changes, one.name) ? changedBy(one, changes) : one));
      return { saved: true, restart: Object.keys(changes).filter((name) => name === 'command_port') };
    },
  };
}

function changedBy(setting: Setting, changes: ControlInput<'saveSettings'>['changes']): Setting {
  return { ...setting, value: changes[setting.name] ?? setting.standard, origin: 'file' };
}

const type = async (label: string, text: string) => {
  const user = userEvent.setup();
  await user.clear(screen.getByLabelText(label));
  await user.type(screen.getByLabelText(label), text);
};
const press = (name: string) => userEvent.setup().click(screen.getByRole('button', { name }));
const rowOf = (label: string) => screen.getByLabelText(label).closest('.grid')!;
const saved = ({ calls }: FakeApi) => calls.filter(({ call }) => call === 'saveSettings').map(({ input }) => input);

describe('a setting', () => {
  it('of this gateway has a label and a help text', () => {
    expect(Object.keys(en.settings.names).toSorted()).toEqual(SETTING_KEYS.map(fileName).toSorted());
  });

  it('is shown with help, unit, default and its name in the file', async () => {
    await show();
    const row = rowOf('Longest age of a command').textContent;
    expect(row).toMatch(/refused as STALE\.ttl_ms.*ms.*Default: 5000 ms.*with the next start/);
  });

  it('that limits says that 0 is no limit', async () => {
    await show();
    expect(rowOf('Volume of an order').textContent).toContain('Default: 0 = no limit');
  });

  it('refuses nonsense while it is typed, and is not saved', async () => {
    const api = await show(kept());
    await type('Command port', '99999');
    expect(screen.getByText('A port, 0 to 65535.')).toBeTruthy();
    expect(screen.getByLabelText('Command port').getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText(/1 of them cannot be saved/)).toBeTruthy();
    await press('Save');
    expect(saved(api)).toEqual([]);
  });

  it('that the command line has fixed can be read and not changed, and says by what', async () => {
    await show();
    expect(screen.getByLabelText<HTMLInputElement>('Symbols to stream').readOnly).toBe(true);
    expect(rowOf('Symbols to stream').textContent).toContain('Fixed by --symbols on the command line');
  });

  it('that the environment has fixed names the variable', async () => {
    const settings = ordinarySettings.settings.map((one) => ({ ...one, origin: 'environment' as const }));
    await show({ settings: () => ({ ...ordinarySettings, settings }) });
    expect(rowOf('Command port').textContent).toContain('Fixed by MT5_FABRIC_COMMAND_PORT in the environment');
    expect(screen.getByLabelText<HTMLInputElement>('Kill switch in one press').disabled).toBe(true);
  });

  it('that runs with another value says so', async () => {
    const settings = ordinarySettings.settings.map((one) => ({
      ...one,
      ...(one.name === 'ttl_ms' ? { running: 900 } : {}),
    }));
    await show({ settings: () => ({ ...ordinarySettings, settings }) });
    expect(rowOf('Longest age of a command').textContent).toContain('runs with 900 ms until it is started anew');
  });

  it('that this screen does not know is shown by its name', async () => {
    const unknown: Setting = {
      name: 'warp_factor',
      value: 9,
      standard: 1,
      origin: 'file',
      kind: 'number',
      unit: 'c',
      live: false,
    };
    await show({ settings: () => ({ ...ordinarySettings, settings: [...ordinarySettings.settings, unknown] }) });
    expect(screen.getByLabelText<HTMLInputElement>('warp_factor').value).toBe('9');
    expect(screen.getByRole('region', { name: 'Others' })).toBeTruthy();
  });
});

describe('the allow list', () => {
  it('refuses what is no network while it is typed', async () => {
    await show(kept());
    await type('Allow list', '10.0.0.0/24, 10.0.0.7');
    expect(screen.getByLabelText('Allow list').getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText(/Networks separated by commas, like/)).toBeTruthy();
    await type('Allow list', '10.0.0.0/24, 10.0.0.7/32');
    expect(screen.getByLabelText('Allow list').getAttribute('aria-invalid')).toBe('false');
  });
});

describe('unsaved changes', () => {
  it('are counted and can be discarded', async () => {
    await show();
    expect(screen.queryByRole('region', { name: 'Unsaved changes' })).toBeNull();
    await type('Command port', '6000');
    await type('Longest age of a command', '7000');
    expect(screen.getByText('2 unsaved changes')).toBeTruthy();
    await press('Discard');
    expect(screen.getByLabelText<HTMLInputElement>('Command port').value).toBe('5555');
    expect(screen.queryByRole('region', { name: 'Unsaved changes' })).toBeNull();
  });

  it('are saved together, and those that wait for the next start are named', async () => {
    const api = await show(kept());
    await type('Command port', '6000');
    await type('Longest age of a command', '7000');
    await press('Save');
    expect(saved(api)).toEqual([{ changes: { command_port: 6000, ttl_ms: 7000 } }]);
    const bar = within(screen.getByRole('region', { name: 'Unsaved changes' }));
    expect(await bar.findByText('Saved. With the next start of the gateway takes effect: Command port.')).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>('Command port').value).toBe('6000');
  });

  it('back to the default are saved as null', async () => {
    const api = await show(kept());
    await press('Back to default: Theme');
    await press('Save');
    expect(saved(api)).toEqual([{ changes: { theme: null } }]);
  });

  it('of language and theme apply at once', async () => {
    await show(kept());
    const user = userEvent.setup();
    await user.selectOptions(screen.getByLabelText('Language'), 'zh-CN');
    await user.selectOptions(screen.getByLabelText('Theme'), 'dark');
    await press('Save');
    expect(await screen.findByRole('heading', { level: 1, name: '设置' })).toBeTruthy();
    expect(document.documentElement.dataset['theme']).toBe('dark');
  });

  it('that the gateway refuses are kept, each with what it takes', async () => {
    const faults = { command_port: 'takes a port that no other channel has', settings: 'cannot be run' };
    await show({ saveSettings: () => ({ saved: false, faults }) });
    await type('Command port', '5556');
    await press('Save');
    expect(await screen.findByText('takes a port that no other channel has')).toBeTruthy();
    expect(screen.getAllByText(/Nothing was saved\..*settings: cannot be run/).length).toBeGreaterThan(0);
    expect(screen.getByLabelText<HTMLInputElement>('Command port').value).toBe('5556');
    await type('Command port', '6000');
    expect(screen.queryByText('takes a port that no other channel has')).toBeNull();
  });
});
