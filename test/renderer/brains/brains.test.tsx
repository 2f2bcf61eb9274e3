// @vitest-environment happy-dom
import { act, cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TopicValue } from '../../../main/control/contract.ts';
import { App } from '../../../renderer/app.tsx';
import { clientStateOf } from '../../../renderer/views/brains/client-state.tsx';
import { FakeApi } from '../fake-api.ts';
import { NOW_MS, ordinaryDay } from '../values.ts';

type Clients = TopicValue<'clients'>;
const nobody: Clients = { clients: [], leases: [], unknown: [] };
const lost: Clients['unknown'][number] = {
  req_id: 'order-17',
  client: 'alpha',
  kind: 'open',
  lost_at_ms: NOW_MS - 95_000,
  why: 'no order or deal has its tag',
};

beforeEach(() => {
  vi.useFakeTimers({ now: NOW_MS, toFake: ['Date', 'setInterval', 'clearInterval', 'performance'] });
  window.location.hash = '#/brains';
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  window.location.hash = '';
});

const show = (api: FakeApi) => render(<App api={api} />);
const table = () => screen.getByRole('table', { name: 'Brains' });
const rowOf = (name: string) => within(table()).getByText(name).closest('tr')!;
const tick = (ms: number): void => {
  act(() => void vi.advanceTimersByTime(ms));
};

describe('a brain', () => {
  it.each([
    [0, 'active'],
    [9_999, 'active'],
    [10_000, 'quiet'],
    [60_000, 'quiet'],
    [60_001, 'gone'],
  ])('that was heard %d ms ago is %s', (silentMs, state) => {
    expect(clientStateOf(silentMs)).toBe(state);
  });

  it('goes from active over quiet to gone by itself, its age ticking', () => {
    show(new FakeApi());
    expect(rowOf('alpha').textContent).toMatch(/Active.*0 sec ago/);
    tick(11_000);
    expect(rowOf('alpha').textContent).toMatch(/Quiet.*11 sec ago/);
    tick(60_000);
    expect(rowOf('alpha').textContent).toMatch(/Gone.*1 min ago/);
  });

  it('is told with its requests, its rejects with words and code, and its last command', () => {
    show(new FakeApi());
    const cells = within(rowOf('alpha')).getAllByRole('cell');
    const text = cells.map(({ textContent }) => textContent);
    expect(text).toEqual(expect.arrayContaining(['60,112', '9', 'over a limitRISK_LIMIT', 'HEARTBEAT']));
  });

  it('is warned of when its clock is more than a second off', () => {
    show(new FakeApi());
    expect(rowOf('beta').textContent).toContain('1.8 s behind');
    expect(rowOf('beta').textContent).toContain('may count as too old');
    expect(rowOf('alpha').textContent).toContain('+2 ms');
    expect(rowOf('alpha').textContent).not.toContain('may count as too old');
  });

  it('is unknown, and its lease too, while the gateway is not heard', () => {
    const api = new FakeApi();
    show(api);
    act(() => api.hear('down'));
    expect(rowOf('alpha').textContent).toMatch(/Unknown.*unknown: 10 sec when it was last heard/);
  });

  it('leads to its rows in the audit log', () => {
    show(new FakeApi());
    const link = screen.getByRole('link', { name: 'Show alpha in the audit log' });
    expect(link.getAttribute('href')).toBe('#/audit?q=client%3Aalpha');
  });

  it('that only has a lease of the session before is listed with it', () => {
    const api = new FakeApi();
    api.push('clients', { ...nobody, leases: ordinaryDay.clients.leases });
    show(api);
    expect(rowOf('alpha').textContent).toMatch(/Unknown.*8 sec of 10 sec left/);
  });
});

describe('a lease', () => {
  it('counts down and says what happens then', () => {
    show(new FakeApi());
    tick(3_000);
    expect(rowOf('alpha').textContent).toContain('5 sec of 10 sec left');
    expect(rowOf('alpha').textContent).toContain('then: trading is suspended');
    tick(6_000);
    expect(rowOf('alpha').textContent).toContain('run out');
  });

  it('ends with a reason, and not without', async () => {
    const api = new FakeApi({ endLease: () => ({ ended: true }) });
    show(api);
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'End lease: alpha' }));
    const dialog = within(screen.getByRole('dialog'));
    const confirm = dialog.getByRole('button', { name: 'End lease' });
    await user.click(confirm);
    expect(api.calls.filter(({ call }) => call === 'endLease')).toEqual([]);
    await user.type(dialog.getByLabelText('Reason'), 'moved to another machine');
    await user.click(confirm);
    expect(api.calls).toContainEqual({
      call: 'endLease',
      input: { client: 'alpha', reason: 'moved to another machine' },
    });
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('that has gone meanwhile is said in the dialog', async () => {
    show(new FakeApi({ endLease: () => ({ ended: false }) }));
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'End lease: alpha' }));
    const dialog = within(screen.getByRole('dialog'));
    await user.type(dialog.getByLabelText('Reason'), 'no longer needed');
    await user.click(dialog.getByRole('button', { name: 'End lease' }));
    expect(await dialog.findByText('There is no such lease any more.')).toBeTruthy();
  });
});

describe('without a brain', () => {
  it('the commands that connect one are told with the real ports, and copied', async () => {
    const api = new FakeApi();
    api.push('clients', nobody);
    show(api);
    const user = userEvent.setup();
    const wanted = 'npm run brain -- heartbeat --host 127.0.0.1 --command-port 5555';
    expect(screen.getByText(wanted)).toBeTruthy();
    expect(
      screen.getByText(/strategy\.ts .*--command-port 5555 --data-port 5556 --event-port 5557 --lease 10/),
    ).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Copy: Try the connection' }));
    expect(await navigator.clipboard.readText()).toBe(wanted);
  });
});

describe('a command whose outcome is not known', () => {
  const withLost = (answers: ConstructorParameters<typeof FakeApi>[0] = {}) => {
    const api = new FakeApi(answers);
    api.push('clients', { ...ordinaryDay.clients, unknown: [lost] });
    show(api);
    return api;
  };

  it('is listed with why and since when', () => {
    withLost();
    const row = screen.getByText('order-17').closest('tr')!;
    expect(row.textContent).toMatch(/Open an order.*alpha.*1 min ago.*no order or deal has its tag/);
  });

  it('is decided by a choice and a reason, neither of which is given before', async () => {
    const api = withLost({ decide: () => ({ decided: true }) });
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Decide on order-17' }));
    const dialog = within(screen.getByRole('dialog'));
    expect(dialog.getAllByRole<HTMLInputElement>('radio').some(({ checked }) => checked)).toBe(false);
    await user.type(dialog.getByLabelText('Reason'), 'not in the history');
    await user.click(dialog.getByRole('button', { name: 'Record the decision' }));
    expect(await dialog.findByText('Say first whether it happened.')).toBeTruthy();
    await user.click(dialog.getByRole('radio', { name: 'It did not happen' }));
    await user.click(dialog.getByRole('button', { name: 'Record the decision' }));
    expect(api.calls).toContainEqual({
      call: 'decide',
      input: { req_id: 'order-17', client: 'alpha', happened: false, reason: 'not in the history' },
    });
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});
