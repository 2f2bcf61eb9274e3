// @vitest-environment happy-dom
import { act, cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControlOutput, TopicValue } from '../../../main/control/contract.ts';
import { App } from '../../../renderer/app.tsx';
import { FakeApi } from '../fake-api.ts';
import { ordinaryDay, ordinarySettings } from '../values.ts';

const outdated: ControlOutput<'terminals'>['terminals'][number] = {
  folder: 'C:\\Terminal\\D0E8',
  install_folder: 'C:\\Program Files\\MetaTrader 5',
  installed_version: '0.9.2',
  offered_version: '1.0.0',
  is_current: false,
  missing: ['the compiled program is older than its sources'],
};
const checks: ControlOutput<'doctor'>['checks'] = [
  { link: 'Data folder', state: 'good', found: '/data' },
  { link: 'Compiled', state: 'note', found: 'older than its sources', cure: 'mt5-fabric --install-bridge' },
  { link: 'Algo Trading', state: 'wrong', found: 'is off', cure: 'press Ctrl+E' },
  { link: 'Symbols', state: 'unchecked', found: 'no program is linked' },
];
const none: ControlOutput<'terminals'> = { terminals: [], looked_in: ['C:\\Program Files', 'D:\\Apps'] };

type Answers = NonNullable<ConstructorParameters<typeof FakeApi>[0]>;
const usual: Answers = {
  terminals: () => ({ terminals: [outdated], looked_in: [] }),
  doctor: () => ({ checks }),
};

beforeEach(() => {
  window.location.hash = '#/metatrader';
});

afterEach(() => {
  cleanup();
  window.location.hash = '';
});

function show(answers: Answers = {}, terminal: Partial<TopicValue<'terminal'>> = {}): FakeApi {
  const api = new FakeApi({ ...usual, ...answers });
  api.push('terminal', { ...ordinaryDay.terminal, ...terminal });
  render(<App api={api} />);
  return api;
}

const card = (name: string) => within(screen.getByRole('region', { name }));
const valueOf = (name: string) =>
  card('Terminal in use').getByText(name, { selector: 'dt' }).nextElementSibling?.textContent;

describe('the terminal in use', () => {
  it('is told with its link, broker, account, switches, latch, version and connection', () => {
    show();
    expect(valueOf('Terminal')).toContain('MetaTrader 5');
    expect(valueOf('Link')).toBe('Linked');
    expect(valueOf('Broker')).toBe('Connected to its broker');
    expect(valueOf('Account')).toBe('5000123 at Broker-DemoDemo · hedging');
    expect(valueOf('Automated trading')).toBe('Allowed');
    expect(valueOf('Latch in the terminal')).toBe('Open: it takes orders · epoch 7');
    expect(valueOf('Bridge program')).toBe('1.0.0');
    expect(valueOf('Connection')).toBe('Named pipe');
  });

  it('says in words which switch is off', () => {
    show({}, { blocked_by: ['TERMINAL_TRADE_ALLOWED', 'A_NEW_ONE'] });
    expect(valueOf('Automated trading')).toMatch(/Not allowed.*AutoTrading is off in the toolbar.*A_NEW_ONE/);
  });

  it('that is not linked says why, and nothing of its broker', () => {
    show({}, { linked: false, link_fault: 'no program has connected', connected: false });
    expect(valueOf('Link')).toBe('Not linkedno program has connected');
    expect(valueOf('Broker')).toBe('Unknown');
    expect(valueOf('Automated trading')).toBe('unknown');
  });

  it('that was not heard for seconds is linked, but silent', () => {
    show({}, { last_heard_ms_ago: 9_000 });
    expect(valueOf('Link')).toBe('Linked, but silent');
  });

  it('is unknown while the gateway is not heard', () => {
    const api = show();
    act(() => api.hear('down'));
    expect(valueOf('Link')).toBe('Unknown');
    expect(valueOf('Broker')).toBe('Unknown');
    expect(valueOf('Latch in the terminal')).toBe('Not told');
  });

  it('that is the paper broker shows its settings and leads to them', async () => {
    const setting = { standard: 0, origin: 'default', kind: 'number', unit: 'ms', live: false } as const;
    const settings = [{ ...setting, name: 'paper_latency_ms', value: 40, running: 20 }];
    show({ settings: () => ({ ...ordinarySettings, settings }) }, { account_mode: 'PAPER' });
    expect((await card('Paper broker').findByText('Execution time')).nextElementSibling?.textContent).toBe('20 ms');
    const link = card('Paper broker').getByRole('link', { name: 'Change in the settings' });
    expect(link.getAttribute('href')).toBe('#/settings?group=paper');
  });
});

describe('the terminals of this machine', () => {
  it('are told with installed and offered version and what is missing', async () => {
    show();
    const terminals = card('MetaTrader on this machine');
    expect(await terminals.findByText('Needs an update')).toBeTruthy();
    expect(terminals.getByText('0.9.2')).toBeTruthy();
    expect(terminals.getByText('1.0.0')).toBeTruthy();
    expect(terminals.getByText('the compiled program is older than its sources')).toBeTruthy();
  });

  it('get the program by one button, which tells the steps that remain and looks again', async () => {
    let isCurrent = false;
    const api = show({
      terminals: () => ({ terminals: [{ ...outdated, is_current: isCurrent }], looked_in: [] }),
      installBridge: () => {
        isCurrent = true;
        return { installed: true, version: '1.0.0', version_before: '0.9.2', steps: ['Press Refresh.', 'Press OK.'] };
      },
    });
    const button = await screen.findByRole('button', { name: `Update the bridge program: ${outdated.folder}` });
    await userEvent.setup().click(button);
    expect(api.calls).toContainEqual({ call: 'installBridge', input: { folder: outdated.folder } });
    expect(await screen.findByText('Version 1.0.0 is installed; before it was 0.9.2.')).toBeTruthy();
    const steps = within(screen.getByText('Press Refresh.').closest('ol')!).getAllByRole('listitem');
    expect(steps.map(({ textContent }) => textContent)).toEqual(['Press Refresh.', 'Press OK.']);
    expect(await screen.findByText('Up to date')).toBeTruthy();
  });

  it('say why an installation failed', async () => {
    show({ installBridge: () => ({ installed: false, message: 'the folder cannot be written' }) });
    await userEvent.setup().click(await screen.findByRole('button', { name: /^Update the bridge program/ }));
    expect(await screen.findByText('It was not installed: the folder cannot be written')).toBeTruthy();
  });

  it('where there is none, say where was looked, and lead to the download', async () => {
    const api = show({ terminals: () => none });
    expect(await screen.findByText('No MetaTrader 5 was found on this machine')).toBeTruthy();
    expect(screen.getByText('D:\\Apps')).toBeTruthy();
    await userEvent.setup().click(screen.getByRole('button', { name: 'Download MetaTrader 5' }));
    expect(api.opened).toEqual(['metatrader-download']);
  });

  it('that cannot be looked for say so', async () => {
    show({ terminals: () => Promise.reject(new Error('no access')) });
    expect(await card('MetaTrader on this machine').findByText('It did not work: no access')).toBeTruthy();
  });
});

describe('the chain', () => {
  it('tells each link in a word, what was found and the cure', async () => {
    show();
    const chain = card('Every link, from data folder to broker');
    const links = (await chain.findAllByRole('listitem')).map(({ textContent }) => textContent);
    expect(links).toEqual([
      'GoodData folder/data',
      'NoteCompiledolder than its sourcesWhat to do: mt5-fabric --install-bridge',
      'BrokenAlgo Tradingis offWhat to do: press Ctrl+E',
      'Not checkedSymbolsno program is linked',
    ]);
    expect(chain.getByText('1 link is broken. Begin with it.')).toBeTruthy();
  });

  it('is looked at again on a press', async () => {
    let sound = false;
    show({ doctor: () => ({ checks: sound ? checks.slice(0, 1) : checks }) });
    const button = await screen.findByRole('button', { name: 'Check again' });
    sound = true;
    await userEvent.setup().click(button);
    expect(await screen.findByText('Everything that trading needs is in place.')).toBeTruthy();
  });
});
