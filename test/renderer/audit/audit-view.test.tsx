// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { eventfulLog, FakeLog } from './fake-log.ts';
import { open, prepareScreen, tellHead } from './open-audit.tsx';

prepareScreen();

function entries(): readonly string[] {
  const lines = screen.queryAllByRole('row').slice(1);
  return lines.map((line) => within(line).getAllByRole('gridcell')[0]?.textContent ?? '');
}

const box = () => screen.getByRole<HTMLInputElement>('combobox');
const query = () => new URLSearchParams(window.location.hash.split('?')[1]).get('q');

describe('the list', () => {
  it('shows the newest entries first, and only those that fit', async () => {
    await open(new FakeLog(1_000_000));
    await waitFor(() => expect(entries().slice(0, 2)).toEqual(['1,000,000', '999,999']));
    expect(entries().length).toBeLessThan(60);
  });

  it('lets new entries in at the top', async () => {
    const log = new FakeLog(500);
    const api = await open(log);
    await waitFor(() => expect(entries()[0]).toBe('500'));
    log.headSeq = 503;
    act(() => tellHead(api, log));
    await waitFor(() => expect(entries()[0]).toBe('503'));
    expect(screen.queryByRole('button', { name: /new$/ })).toBeNull();
  });

  it('counts new entries in a pill while older ones are looked at, and goes to them when it is pressed', async () => {
    const log = new FakeLog(500);
    const api = await open(log);
    await waitFor(() => expect(entries()[0]).toBe('500'));
    const grid = screen.getByRole('grid');
    grid.scrollTop = 1_600;
    fireEvent.scroll(grid);
    await waitFor(() => expect(entries()).toContain('450'));
    const before = entries();
    log.headSeq = 537;
    act(() => tellHead(api, log));
    const pill = await screen.findByRole('button', { name: '37 new' });
    expect(entries()).toEqual(before);
    grid.scrollTo = () => {
      grid.scrollTop = 0;
      fireEvent.scroll(grid);
    };
    await userEvent.click(pill);
    await waitFor(() => expect(entries()[0]).toBe('537'));
    expect(document.activeElement).toBe(grid);
  });

  it('adds a condition when a value is clicked', async () => {
    const log = new FakeLog(100);
    await open(log);
    const [value] = await screen.findAllByTitle('type:REFUSED');
    await userEvent.click(value!);
    expect(query()).toBe('type:REFUSED');
    await waitFor(() => expect(log.pages.at(-1)?.filter).toEqual({ type: 'REFUSED' }));
    expect(window.location.hash).not.toContain('entry');
  });

  it('is grey and says so while the gateway is not heard', async () => {
    const api = await open(new FakeLog(100));
    await waitFor(() => expect(entries()[0]).toBe('100'));
    act(() => api.hear('down'));
    expect(screen.getByText(/^No word from the gateway. These entries/)).toBeTruthy();
    expect(screen.getByText('Integrity unknown')).toBeTruthy();
    expect(screen.getByRole('grid').hasAttribute('data-stale')).toBe(true);
    expect(entries()[0]).toBe('100');
  });

  it('says what could not be read', async () => {
    const log = new FakeLog(100);
    log.gaps = ['rows 1 to 9 cannot all be read'];
    await open(log);
    expect(await screen.findByText('Not all entries can be shown: rows 1 to 9 cannot all be read')).toBeTruthy();
  });
});

describe('an empty list', () => {
  it('says that nothing has been recorded yet', async () => {
    await open(new FakeLog(0));
    expect(await screen.findByText('Nothing has been recorded yet')).toBeTruthy();
  });

  it('says that nothing matches, and offers to clear the filter', async () => {
    await open(new FakeLog(100), { hash: '#/audit?q=client:nobody' });
    expect(await screen.findByText('No entry matches this filter')).toBeTruthy();
    await userEvent.click(screen.getAllByRole('button', { name: 'Clear the filter' }).at(-1)!);
    await waitFor(() => expect(entries()[0]).toBe('100'));
    expect(query()).toBeNull();
  });

  it('says why it could not be read, and tries again', async () => {
    let isBroken = true;
    const log = new FakeLog(10);
    const auditPage = (input: Parameters<typeof log.page>[0]) => {
      const page = log.page(input);
      if (isBroken) throw new Error('the disk does not answer');
      return page;
    };
    await open(log, { auditPage });
    expect(await screen.findByText('The entries could not be read: the disk does not answer')).toBeTruthy();
    isBroken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(entries()[0]).toBe('10'));
  });
});

describe('the filter', () => {
  it('is kept in the address while it is typed', async () => {
    const log = new FakeLog(1_000);
    await open(log);
    await userEvent.type(box(), 'client:beta');
    await waitFor(() => expect(query()).toBe('client:beta'));
    expect(box().value).toBe('client:beta');
    await waitFor(() => expect(log.pages.at(-1)?.filter).toEqual({ client: 'beta' }));
    await userEvent.type(box(), ' ');
    expect(box().value).toBe('');
    expect(screen.getByRole('button', { name: 'Remove client:beta' })).toBeTruthy();
  });

  it('is what the address says, and follows it', async () => {
    const log = new FakeLog(1_000);
    await open(log, { hash: '#/audit?q=type:REFUSED+client:"alpha"' });
    expect(screen.getByRole('button', { name: 'Remove type:REFUSED' })).toBeTruthy();
    await waitFor(() => expect(log.pages.at(-1)?.filter).toEqual({ type: 'REFUSED', client: 'alpha' }));
    act(() => {
      window.location.hash = '#/audit?q=symbol:XAUUSD';
      window.dispatchEvent(new HashChangeEvent('hashchange'));
    });
    expect(await screen.findByRole('button', { name: 'Remove symbol:XAUUSD' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Remove type:REFUSED' })).toBeNull();
  });

  it('offers keys, and the names that the gateway knows, by keyboard', async () => {
    await open(new FakeLog(1_000));
    await userEvent.type(box(), 'cli');
    expect(screen.getByRole('option', { name: /^client:/ })).toBeTruthy();
    await userEvent.keyboard('{ArrowDown}{Enter}');
    expect(box().value).toBe('client:');
    expect((await screen.findAllByRole('option')).map(({ textContent }) => textContent)).toEqual([
      'client:alpha',
      'client:beta',
    ]);
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    const chosen = screen.getByRole('option', { selected: true });
    expect(chosen.textContent).toBe('client:beta');
    expect(box().getAttribute('aria-activedescendant')).toBe(chosen.id);
    await userEvent.keyboard('{Enter}');
    expect(screen.getByRole('button', { name: 'Remove client:beta' })).toBeTruthy();
    expect(screen.queryByRole('listbox')).toBeNull();
  });

  it('says in place what is accepted', async () => {
    await open(new FakeLog(1_000));
    await userEvent.type(box(), 'by:me{Enter}');
    expect(screen.getByText('“me” is none of what by: takes: client, operator, gateway.')).toBeTruthy();
    expect(box().getAttribute('aria-invalid')).toBe('true');
    expect(query()).toBeNull();
  });

  it('is taken back with the backspace key, and cleared as a whole', async () => {
    await open(new FakeLog(1_000), { hash: '#/audit?q=client:beta+by:client' });
    await userEvent.type(box(), '{Backspace}');
    expect(box().value).toBe('by:client');
    await userEvent.click(screen.getByRole('button', { name: 'Clear the filter' }));
    await waitFor(() => expect(query()).toBeNull());
    expect(box().value).toBe('');
  });
});

describe('an entry', () => {
  it('opens by keyboard, is in the address, and gives the focus back', async () => {
    await open(eventfulLog(1_000));
    await waitFor(() => expect(entries()[0]).toBe('1,000'));
    const grid = screen.getByRole('grid');
    act(() => grid.focus());
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    const drawer = await screen.findByRole('complementary', { name: 'Entry 999' });
    expect(window.location.hash).toContain('entry=999');
    expect(await within(drawer).findByText('Sent to the terminal')).toBeTruthy();
    expect(within(drawer).getByText('3.92 ms')).toBeTruthy();
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('complementary')).toBeNull();
    expect(document.activeElement).toBe(grid);
    expect(window.location.hash).not.toContain('entry');
  });

  it('leads to its neighbours', async () => {
    await open(new FakeLog(1_000), { hash: '#/audit?entry=998' });
    await screen.findByRole('complementary', { name: 'Entry 998' });
    await waitFor(() => expect(entries()[0]).toBe('1,000'));
    await userEvent.click(screen.getByRole('button', { name: 'Older entry' }));
    expect(await screen.findByRole('complementary', { name: 'Entry 997' })).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Newer entry' }));
    expect(await screen.findByRole('complementary', { name: 'Entry 998' })).toBeTruthy();
  });

  it('offers its values as conditions', async () => {
    await open(new FakeLog(1_000), { hash: '#/audit?entry=999' });
    const drawer = await screen.findByRole('complementary');
    await userEvent.click(await within(drawer).findByRole('button', { name: 'Filter by symbol:EURUSD' }));
    expect(query()).toBe('symbol:EURUSD');
    expect(window.location.hash).toContain('entry=999');
  });

  it('does not take the focus from who types another filter', async () => {
    const log = new FakeLog(1_000);
    await open(log, { hash: '#/audit?entry=999' });
    await screen.findByRole('complementary');
    await userEvent.type(box(), 'symbol:XAUUSD');
    await waitFor(() => expect(log.pages.at(-1)?.filter).toEqual({ symbol: 'XAUUSD' }));
    expect(document.activeElement).toBe(box());
  });

  it('that does not exist is said to be missing', async () => {
    await open(new FakeLog(1_000), { hash: '#/audit?entry=5000' });
    expect(await screen.findByText('There is no entry 5,000 in this log')).toBeTruthy();
  });

  it('is read again while its command has no end yet', async () => {
    const log = new FakeLog(1_000);
    let isEnded = false;
    const auditShow = ({ seq }: { readonly seq: number }) => {
      const shown = log.show({ seq });
      if (!shown.found || isEnded) return shown;
      return { ...shown, history: shown.history.slice(0, 2) };
    };
    const api = await open(log, { hash: '#/audit?entry=997', auditShow });
    await screen.findByText('Sent to the terminal');
    expect(screen.queryByText('Outcome', { selector: 'span.font-medium' })).toBeNull();
    isEnded = true;
    log.headSeq += 1;
    act(() => tellHead(api, log));
    expect(await screen.findByText('Outcome', { selector: 'span.font-medium' }, { timeout: 3_000 })).toBeTruthy();
  });
});
