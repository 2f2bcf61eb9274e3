// @vitest-environment happy-dom
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { ordinaryDay } from '../values.ts';
import { openScreen } from '../shell/screen.tsx';

afterEach(() => {
  cleanup();
  window.location.hash = '';
});

const region = (name: string) => within(screen.getByRole('region', { name }));
const rowOf = (table: string, text: string) =>
  region(table)
    .getAllByRole('row')
    .find((row) => row.textContent.includes(text))!;
const notLinked = {
  ...ordinaryDay.terminal,
  linked: false,
  connected: false,
  login: null,
  server: null,
  account_mode: null,
  bridge_version: '',
  last_heard_ms_ago: null,
};

it('shows each link in a word with its figures', () => {
  openScreen();
  expect(region('Terminal').getByText('Connected')).toBeDefined();
  expect(region('Command channel').getByText('In use')).toBeDefined();
  expect(region('Command channel').getByText('4.80 ms')).toBeDefined();
  expect(region('Data channel').getByText('Ticks flow')).toBeDefined();
  expect(region('Data channel').getByText('212')).toBeDefined();
});

it('says what a plot shows, with its gaps', () => {
  openScreen();
  const plot = region('Command channel').getByRole('img');
  expect(plot.getAttribute('aria-label')).toMatch(/^Latency over five minutes: .* 26 seconds are missing\.$/);
});

it('shows prices with the digits of their symbol, and what is old greyed with its age', () => {
  const { push } = openScreen();
  push('quotes', [{ ...ordinaryDay.quotes[0]! }, { ...ordinaryDay.quotes[2]!, ms_ago: 64_000 }]);
  const fresh = rowOf('Quotes', 'EURUSD');
  const old = rowOf('Quotes', 'XAUUSD');
  expect([...fresh.children].map(({ textContent }) => textContent)).toEqual([
    'EURUSD',
    '1.08454',
    '1.08461',
    '7',
    '0 sec',
  ]);
  expect(fresh.className).not.toContain('text-muted');
  expect(old.textContent).toContain('1 min');
  expect(old.className).toContain('text-muted');
});

it('closes a position only with a reason, and its row says what came of it', async () => {
  const { user, gateway } = openScreen({
    close: () => ({
      state: 'FAILED',
      message: 'the position is still there (MARKET_CLOSED): market closed',
      recorded: true,
    }),
  });
  await user.click(screen.getByRole('button', { name: 'Close 9007199254741001' }));
  const dialog = within(screen.getByRole('dialog'));
  await user.click(dialog.getByRole('button', { name: 'Close position' }));
  expect(gateway.calls.some(({ call }) => call === 'close')).toBe(false);
  await user.type(dialog.getByRole('textbox', { name: 'Reason' }), 'news ahead');
  await user.click(dialog.getByRole('button', { name: 'Close position' }));
  expect(gateway.calls.at(-1)).toEqual({ call: 'close', input: { ticket: '9007199254741001', reason: 'news ahead' } });
  expect(screen.queryByRole('dialog')).toBeNull();
  await region('Open positions').findByText(/still there \(MARKET_CLOSED\)/);
});

it('keeps the kill control within reach while a close is under way', async () => {
  const { user } = openScreen({ close: () => new Promise(() => {}) });
  await user.click(screen.getByRole('button', { name: 'Cancel 9007199254741003' }));
  await user.type(screen.getByRole('textbox', { name: 'Reason' }), 'not needed');
  await user.click(screen.getByRole('button', { name: 'Cancel order' }));
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(region('Pending orders').getByText('on its way')).toBeDefined();
  expect(screen.getByRole('button', { name: 'Cancel 9007199254741003' }).getAttribute('aria-disabled')).toBe('true');
});

it('announces how a close has ended, since its row is gone then', async () => {
  const { user } = openScreen({ close: () => ({ state: 'CLOSED', message: 'closed', recorded: false }) });
  await user.click(screen.getByRole('button', { name: 'Close 9007199254741002' }));
  await user.type(screen.getByRole('textbox', { name: 'Reason' }), 'news ahead');
  await user.click(screen.getByRole('button', { name: 'Close position' }));
  await waitFor(() =>
    expect(screen.getByRole('status').textContent).toBe(
      'XAUUSD 9007199254741002: closed (not recorded in the audit log)',
    ),
  );
});

it('marks what others hold on the same account', () => {
  openScreen();
  expect(rowOf('Open positions', 'XAUUSD').textContent).toContain('elsewhere');
  expect(rowOf('Open positions', 'EURUSD').textContent).not.toContain('elsewhere');
});

it('says how old account and book are, and why there is nothing newer', () => {
  const { push } = openScreen();
  const fault = 'the terminal has not answered in time';
  push('account', { ...ordinaryDay.account, fault, asked_ms_ago: 12_000 });
  push('book', { ...ordinaryDay.book, fault, asked_ms_ago: 12_000 });
  expect(region('Account').getByText(`Not current, 12 sec old: ${fault}`)).toBeDefined();
  expect(rowOf('Open positions', 'EURUSD').className).toContain('text-muted');
});

it('does not say that nothing is open where that is not known', () => {
  const { push } = openScreen();
  push('book', { positions: [], orders: [], asked_ms_ago: null, fault: 'the terminal is not linked' });
  expect(region('Open positions').queryByText('No open positions')).toBeNull();
  push('book', { ...ordinaryDay.book, positions: [] });
  expect(region('Open positions').getByText('No open positions')).toBeDefined();
});

it('shows nothing as live while the gateway is not heard', () => {
  const { gateway } = openScreen();
  act(() => gateway.hear('down'));
  for (const link of ['Terminal', 'Command channel', 'Data channel']) {
    expect(region(link).getByText('Unknown')).toBeDefined();
  }
  expect(rowOf('Quotes', 'EURUSD').className).toContain('text-muted');
  expect(rowOf('Open positions', 'EURUSD').className).toContain('text-muted');
});

it('says in words which switches are off, one that it does not know too', async () => {
  const { push, user } = openScreen();
  push('terminal', { ...ordinaryDay.terminal, blocked_by: ['TERMINAL_TRADE_ALLOWED', 'SOMETHING_NEW'] });
  const trouble = region('The terminal needs attention');
  expect(trouble.getByText(/Algo Trading button/)).toBeDefined();
  expect(trouble.getByText(/SOMETHING_NEW/)).toBeDefined();
  await user.click(trouble.getByRole('button', { name: 'Open MetaTrader view' }));
  expect(window.location.hash).toBe('#/metatrader');
});

it('says why the program in the terminal does not answer', () => {
  const { push } = openScreen();
  push('terminal', { ...ordinaryDay.terminal, linked: false, link_fault: 'it has another token' });
  expect(region('The terminal needs attention').getByText(/it has another token/)).toBeDefined();
});

it('offers the bridge or the paper terminal where none was ever linked', async () => {
  const { push, user } = openScreen();
  push('terminal', notLinked);
  const first = region('No terminal has been linked yet');
  expect(first.getByRole('button', { name: 'Install the bridge' })).toBeDefined();
  await user.click(first.getByRole('button', { name: 'Use the paper terminal' }));
  expect(window.location.hash).toBe('#/settings');
});

it('has a person decide on a command that no evidence tells of', async () => {
  const { push, user, gateway } = openScreen({ decide: () => ({ decided: true }) });
  const open = {
    req_id: '7d1c',
    client: 'alpha',
    kind: 'OPEN_ORDER',
    lost_at_ms: Date.now() - 90_000,
    why: 'no trace',
  };
  push('clients', { ...ordinaryDay.clients, unknown: [open] });
  await user.click(screen.getByRole('button', { name: /7d1c/ }));
  const dialog = within(screen.getByRole('dialog'));
  await user.click(dialog.getAllByRole('radio')[0]!);
  await user.type(dialog.getByRole('textbox', { name: 'Reason' }), 'seen at the broker');
  await user.click(dialog.getAllByRole('button').at(-1)!);
  expect(gateway.calls.at(-1)?.input).toMatchObject({ req_id: '7d1c', client: 'alpha', happened: true });
});
