// @vitest-environment happy-dom
import { act, cleanup, screen, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { haltedState, ordinarySettings, tradingState } from '../values.ts';
import { calledOut, kept, openScreen } from './screen.tsx';

afterEach(() => {
  cleanup();
  window.location.hash = '';
});

const banner = () => screen.findByRole('region', { name: 'Why trading is not on' });
const REASON = 'the spread is fine again';

it('says in every view who halted, why, since when, and how far the closing is', async () => {
  window.location.hash = '#/settings';
  const { push } = openScreen();
  push('state', { ...haltedState, state: { ...haltedState.state, since_ms: Date.now() - 41_500 } });
  const text = (await banner()).textContent;
  for (const said of [
    'operator@anna: spread too wide',
    '41 sec',
    '4 requests refused',
    '2 of 3 done',
    'trying again',
  ]) {
    expect(text).toContain(said);
  }
  expect(document.title).toBe('HALTING… – MT5 Fabric');
});

it('is not there while trading is on, and offers no resume for what ends by itself', async () => {
  const { push } = openScreen();
  expect(screen.queryByRole('region', { name: 'Why trading is not on' })).toBeNull();
  push('state', { ...kept, state: { ...kept.state, mode: 'SUSPENDED' } });
  const shown = await banner();
  expect(within(shown).queryByRole('button', { name: 'Resume trading…' })).toBeNull();
  expect(shown.textContent).toContain('ends by itself');
});

it('says that a halt is not recorded', async () => {
  const { push } = openScreen();
  push('state', { ...kept, state: { ...kept.state, recorded: false } });
  expect((await banner()).textContent).toContain('have not answered that it is recorded');
  expect(document.title).toBe('HALTED (not recorded) – MT5 Fabric');
});

it('calls out each change of the trading state, and nothing on opening', () => {
  const { push, gateway } = openScreen();
  expect(calledOut()).toBe('');
  expect(document.title).toBe('MT5 Fabric');
  push('state', kept);
  expect(calledOut()).toBe('Trading state: HALTED. operator@anna: spread too wide');
  act(() => gateway.hear('down'));
  expect(calledOut()).toBe('Trading state: UNKNOWN.');
  act(() => gateway.hear('up'));
  push('state', tradingState);
  expect(calledOut()).toBe('Trading state: TRADING.');
});

it('never shows the last state as if it were of now', async () => {
  const { gateway } = openScreen();
  act(() => gateway.hear('down'));
  const shown = await screen.findByRole('region', { name: 'No word from the gateway' });
  expect(shown.textContent).toContain('mt5-fabric --kill');
  expect(shown.textContent).toContain('HALT');
  expect(screen.getByRole('group', { name: 'Trading state' }).textContent).toBe('UNKNOWN');
});

it('shows four tickets until all are asked for', async () => {
  const { push, user } = openScreen();
  const tickets = Array.from({ length: 9 }, (_, at) => ({
    ...haltedState.tickets[1]!,
    ticket: String(at + 1),
  }));
  push('state', { ...haltedState, tickets });
  const list = within(await banner()).getByRole('list', { name: 'Positions and orders of this halt' });
  expect(within(list).getAllByRole('listitem')).toHaveLength(4);
  await user.click(screen.getByRole('button', { name: 'Show all 9' }));
  expect(within(list).getAllByRole('listitem')).toHaveLength(9);
});

it('takes a ticket out of the flatten behind a reason', async () => {
  const { push, user, gateway } = openScreen({ takeOut: () => ({ taken_out: true }) });
  push('state', haltedState);
  await user.click(await screen.findByRole('button', { name: 'Take out 9007199254741002' }));
  const confirm = screen.getByRole('button', { name: 'Take it out' });
  await user.click(confirm);
  expect(gateway.calls.some(({ call }) => call === 'takeOut')).toBe(false);
  await user.type(screen.getByRole('textbox', { name: 'Reason' }), 'by phone with the broker');
  await user.click(confirm);
  expect(gateway.calls.at(-1)).toEqual({
    call: 'takeOut',
    input: { ticket: '9007199254741002', reason: 'by phone with the broker' },
  });
  expect(screen.queryByRole('dialog')).toBeNull();
});

it('resumes only with a reason and the typed word, with the focus on Cancel first', async () => {
  const { push, user, gateway } = openScreen();
  push('state', kept);
  await user.click(await screen.findByRole('button', { name: 'Resume trading…' }));
  expect(document.activeElement?.textContent).toBe('Cancel');
  const dialog = within(screen.getByRole('dialog'));
  expect(screen.getByRole('dialog').textContent).toContain('2 positions and 1 pending order');
  const confirm = dialog.getByRole('button', { name: 'Resume trading' });
  await user.type(dialog.getByRole('textbox', { name: 'Reason' }), REASON);
  await user.type(dialog.getByRole('textbox', { name: 'Type RESUME to confirm' }), 'resume');
  await user.click(confirm);
  expect(gateway.calls.some(({ call }) => call === 'resume')).toBe(false);
  await user.clear(dialog.getByRole('textbox', { name: 'Type RESUME to confirm' }));
  await user.type(dialog.getByRole('textbox', { name: 'Type RESUME to confirm' }), 'RESUME');
  await user.click(confirm);
  expect(gateway.calls.at(-1)).toEqual({ call: 'resume', input: { reason: REASON } });
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(screen.getByRole('status').textContent).toBe('Trading is resumed');
});

it('says before, what stands against a resume', async () => {
  const { push, user } = openScreen();
  push('state', haltedState);
  await user.click(await screen.findByRole('button', { name: 'Resume trading…' }));
  const dialog = screen.getByRole('dialog');
  expect(dialog.textContent).toContain('A resume is refused as long as this stands');
  expect(dialog.textContent).toContain('the terminal has lost its broker');
  expect(dialog.textContent).toContain('1 ticket of the flatten is not done');
  await user.type(within(dialog).getByRole('textbox', { name: 'Reason' }), REASON);
  await user.type(within(dialog).getByRole('textbox', { name: 'Type RESUME to confirm' }), 'RESUME');
  const confirm = within(dialog).getByRole('button', { name: 'Resume trading' });
  expect(confirm.getAttribute('aria-disabled')).toBe('true');
});

it('shows in the dialog why a resume was refused', async () => {
  const refused = {
    resumed: false,
    message: 'refused: DISK: the disk is full',
    standing: ['DISK: the disk is full'],
  } as const;
  const { push, user } = openScreen({ resume: () => ({ ...refused, standing: [...refused.standing] }) });
  push('state', kept);
  await user.click(await screen.findByRole('button', { name: 'Resume trading…' }));
  const dialog = within(screen.getByRole('dialog'));
  await user.type(dialog.getByRole('textbox', { name: 'Reason' }), REASON);
  await user.type(dialog.getByRole('textbox', { name: 'Type RESUME to confirm' }), 'RESUME');
  await user.click(dialog.getByRole('button', { name: 'Resume trading' }));
  expect(await dialog.findByText('refused: DISK: the disk is full')).toBeDefined();
});

it('speaks Chinese, and wants the same word for a resume', async () => {
  const settings = ordinarySettings.settings.map((one) => (one.name === 'language' ? { ...one, value: 'zh-CN' } : one));
  const { push, user } = openScreen({ settings: () => ({ ...ordinarySettings, settings }) });
  push('state', kept);
  await user.click(await screen.findByRole('button', { name: '恢复交易…' }));
  expect(screen.getByRole('textbox', { name: '输入 RESUME 以确认' })).toBeDefined();
  expect(document.title).toBe('已停止 – MT5 Fabric');
});
