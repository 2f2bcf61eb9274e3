// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { ARMING_MS } from '../../../renderer/shell/kill-stage.ts';
import { ordinaryDay, ordinarySettings } from '../values.ts';
import { armed, kept, openScreen } from './screen.tsx';

const TIMERS: ('setTimeout' | 'clearTimeout')[] = ['setTimeout', 'clearTimeout'];

afterEach(() => {
  vi.useRealTimers();
  cleanup();
});

const control = (name: string | RegExp) => screen.findByRole('button', { name });
function letPass(ms: number): void {
  act(() => {
    vi.advanceTimersByTime(ms);
  });
}

/** Lets time pass, and presses what is there then. */
function pressAfter(ms: number, name: string | RegExp): void {
  letPass(ms);
  fireEvent.click(screen.getByRole('button', { name }));
}
/** What has been answered is shown. */
const settled = () => act(() => Promise.resolve());
const killAtOnce = {
  ...ordinarySettings,
  settings: ordinarySettings.settings.map((one) => (one.name === 'kill_at_once' ? { ...one, value: true } : one)),
};

it('halts with the first press and closes with the second, with the focus on the same button', async () => {
  const { called, user, gateway } = openScreen();
  const button = await control('Halt trading');
  await user.click(button);
  expect(called()).toEqual(['halt']);
  await armed();
  expect(await control('Close 2 positions and 1 pending order')).toBe(button);
  expect(document.activeElement).toBe(button);
  await user.keyboard('{Enter}');
  expect(called()).toEqual(['halt', 'kill']);
  expect(gateway.calls.at(-1)?.input).toEqual({ reason: 'kill switch on the screen' });
  await control('Closing all…');
});

it('does not close by a double click', async () => {
  vi.useFakeTimers({ toFake: TIMERS });
  const { called } = openScreen();
  const button = screen.getByRole('button', { name: 'Halt trading' });
  fireEvent.click(button);
  fireEvent.click(button);
  await settled();
  pressAfter(ARMING_MS - 1, 'Close 2 positions and 1 pending order');
  expect(called()).toEqual(['halt']);
  pressAfter(1, 'Close 2 positions and 1 pending order');
  expect(called()).toEqual(['halt', 'kill']);
});

it('does not close when a halt from elsewhere comes under the pointer', () => {
  vi.useFakeTimers({ toFake: TIMERS });
  const { called, push } = openScreen();
  push('state', kept);
  pressAfter(ARMING_MS - 1, /^Close 2/);
  expect(called()).toEqual([]);
});

it('arms anew after the gateway was not heard', () => {
  vi.useFakeTimers({ toFake: TIMERS });
  const { called, push, gateway } = openScreen();
  push('state', kept);
  letPass(ARMING_MS);
  act(() => gateway.hear('down'));
  act(() => gateway.hear('up'));
  pressAfter(ARMING_MS - 1, /^Close 2/);
  expect(called()).toEqual([]);
});

it('is not armed before the state says that trading is halted', async () => {
  const { called, user } = openScreen({ halt: () => kept.state });
  await user.click(await control('Halt trading'));
  await armed();
  await user.click(await control('Halt trading'));
  expect(called()).toEqual(['halt', 'halt']);
});

it('does not close because a key is held down', async () => {
  const { push } = openScreen();
  const button = await control('Halt trading');
  push('state', kept);
  await armed();
  expect(fireEvent.keyDown(button, { key: 'Enter', repeat: true })).toBe(false);
  expect(fireEvent.keyDown(button, { key: 'Enter' })).toBe(true);
});

it('halts on Ctrl+Shift+K from anywhere, takes the focus, and never closes by it', async () => {
  const { called, user } = openScreen();
  const button = await control('Halt trading');
  screen.getByRole('link', { name: 'Overview' }).focus();
  await user.keyboard('{Control>}{Shift>}K{/Shift}{/Control}');
  expect(called()).toEqual(['halt']);
  expect(document.activeElement).toBe(button);
  await armed();
  await user.keyboard('{Control>}{Shift>}K{/Shift}{/Control}');
  expect(called()).toEqual(['halt']);
  await user.keyboard('{Enter}');
  expect(called()).toEqual(['halt', 'kill']);
});

it('halts and closes with one press where that is preferred', async () => {
  const { called, user } = openScreen({ settings: () => killAtOnce });
  await user.click(await control('Halt and close all'));
  expect(called()).toEqual(['kill']);
});

it('shows HALTING until the gateway has answered', async () => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const { user } = openScreen({ halt: () => answered.then(() => kept.state) });
  await user.click(await control('Halt trading'));
  await control('Halting…');
  expect(document.title).toBe('HALTING… – MT5 Fabric');
  await act(async () => {
    answer();
    await answered;
  });
});

it('says why a press was not confirmed and can be pressed again', async () => {
  const refuse = () => Promise.reject(new Error('the gateway cannot be reached'));
  const { called, user, gateway } = openScreen({ halt: refuse });
  act(() => gateway.hear('down'));
  await user.click(await control('Halt trading'));
  await waitFor(() => expect(document.body.textContent).toContain('the gateway cannot be reached'));
  await user.click(await control('Halt trading'));
  expect(called()).toEqual(['halt', 'halt']);
  expect(document.body.textContent).toContain('mt5-fabric --kill');
});

it('closes all where the book is not known, and is quiet where nothing is open', async () => {
  const { push } = openScreen();
  push('state', kept);
  push('book', { ...ordinaryDay.book, fault: 'the terminal does not answer' });
  await armed();
  await control('Close all');
  push('book', { ...ordinaryDay.book, positions: [], orders: [] });
  expect((await control('Nothing to close')).getAttribute('aria-disabled')).toBe('true');
});
