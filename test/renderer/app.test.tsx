// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { App } from '../../renderer/app.tsx';
import { FakeApi } from './fake-api.ts';

afterEach(() => {
  cleanup();
  window.location.hash = '';
});

it('offers the five views and shows the overview first', () => {
  render(<App api={new FakeApi()} />);
  const names = screen.getAllByRole('link').map(({ textContent }) => textContent);
  expect(names).toEqual(expect.arrayContaining(['Overview', 'Brains', 'Audit log', 'MetaTrader', 'Settings']));
  expect(screen.getByRole('link', { name: 'Overview' }).getAttribute('aria-current')).toBe('page');
});
