// @vitest-environment happy-dom
import { act, cleanup, screen, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { VIEWS } from '../../../renderer/shell/route.ts';
import { encryptedNetwork, plainNetwork } from '../network-values.ts';
import { ordinarySettings } from '../values.ts';
import { openScreen } from './screen.tsx';

afterEach(() => {
  cleanup();
  window.location.hash = '';
});

const warning = () => screen.queryByRole('region', { name: 'Network security' });

it.each(VIEWS)('an unencrypted network is warned of in the view %s, and the warning cannot be put away', (view) => {
  window.location.hash = `#/${view}`;
  const { push } = openScreen();
  push('network', plainNetwork);
  expect(warning()?.textContent).toContain('Unencrypted: everyone in 10.0.0.0/24 can read and trade');
  expect(within(warning()!).queryAllByRole('button')).toEqual([]);
});

it('the warning stays while the gateway is not heard, and leads to where it is ended', () => {
  const { push, gateway } = openScreen();
  push('network', plainNetwork);
  act(() => gateway.hear('down'));
  const link = within(warning()!).getByRole('link', { name: 'Network settings' });
  expect(link.getAttribute('href')).toBe('#/settings?group=network');
});

it('the warning names three networks and counts the others', () => {
  const { push } = openScreen();
  push('network', {
    ...plainNetwork,
    allow_from: ['10.0.0.0/24', '10.1.0.0/24', '10.2.0.0/24', '10.3.0.0/24', 'fd00::/8'],
  });
  expect(warning()?.textContent).toContain('everyone in 10.0.0.0/24, 10.1.0.0/24, 10.2.0.0/24 and 2 more can');
});

it('there is no warning where nobody can listen', () => {
  const { push } = openScreen();
  expect(warning()).toBeNull();
  push('network', encryptedNetwork);
  expect(warning()).toBeNull();
});

it('the warning speaks Chinese', async () => {
  const settings = ordinarySettings.settings.map((one) => (one.name === 'language' ? { ...one, value: 'zh-CN' } : one));
  const { push } = openScreen({ settings: () => ({ ...ordinarySettings, settings }) });
  push('network', plainNetwork);
  expect(await screen.findByText('未加密：10.0.0.0/24 中的任何人都可以读取和交易')).toBeTruthy();
});
