import { expect, it } from 'vitest';
import { settingsSchema } from '../../../main/config/settings.ts';
import { areNetworks, isEveryAddress, isLoopback } from '../../../renderer/networks/networks.ts';

it.each([
  '10.0.0.0/24',
  '192.168.1.7/32',
  '0.0.0.0/0',
  'fd00::/8',
  '::1/128',
  '2001:db8::10.0.0.1/64',
  '10.0.0.7',
  '10.0.0.0/33',
  '10.0.0.0/-1',
  '10.0.0.0/24/24',
  '10.0.0/24',
  '10.0.0.256/24',
  '010.0.0.1/24',
  'fd00::/129',
  'fd00:::/8',
  '::g/8',
  'gateway/24',
  '/24',
  '',
])('%j is taken for a network exactly when the gateway takes it', (network) => {
  const isTaken = settingsSchema.safeParse({ allowFrom: [network] }).success;
  expect(areNetworks([network])).toBe(isTaken);
});

it.each([
  ['127.0.0.1', false, true],
  ['127.8.8.8', false, true],
  ['::1', false, true],
  ['0.0.0.0', true, false],
  ['::', true, false],
  ['10.0.0.17', false, false],
])('%s is every address: %s, this machine alone: %s', (host, every, alone) => {
  expect([isEveryAddress(host), isLoopback(host)]).toEqual([every, alone]);
});
