import { describe, expect, it } from 'vitest';
import { settingsSchema, type Settings } from '../../main/config/settings.ts';
import { idleSettings, notRunnable } from '../../main/host-settings.ts';

const settingsWith = (more: Partial<Settings>) => settingsSchema.parse(more);
const ADDRESSES = [{ address: '192.168.1.5', device: 'eth0' }];
const refusalOf = (more: Partial<Settings>) => notRunnable(settingsWith(more), ADDRESSES);

const OPEN = { security: 'plain-network', host: '0.0.0.0' } as const;
const LIST = { allowFrom: ['10.0.0.0/24'] };

describe('a gateway', () => {
  it.each<[string, Partial<Settings>]>([
    ['as it comes', {}],
    ['on another loopback address', { host: '127.0.0.2' }],
    ['encrypted on loopback', { security: 'encrypted' }],
    ['encrypted on all addresses', { security: 'encrypted', host: '0.0.0.0' }],
    ['encrypted on IPv6', { security: 'encrypted', host: '::' }],
    ['in a plain network with list and consent', { ...OPEN, ...LIST, acceptUnencrypted: true }],
    ['with a list that counts for nothing', LIST],
  ])('runs %s', (_, more) => {
    expect(refusalOf(more)).toBeNull();
  });

  it('in local mode refuses an address that others reach, and says how to go on', () => {
    const lines = refusalOf({ host: '0.0.0.0', commandPort: 6_001 })?.split('\n') ?? [];
    expect(lines[0]).toMatch(/^--host 0\.0\.0\.0: .* listens for this machine alone/);
    expect(lines[1]).toContain('--security encrypted --host 0.0.0.0');
    expect(lines[1]).toContain('--pair NAME --role trade');
    expect(lines[2]).toBe('This machine is 192.168.1.5 (eth0).');
    expect(lines[3]).toContain('localport="6001,5556,5557"');
    expect(lines[4]).toContain('ufw allow proto tcp from any to any port 6001,5556,5557');
  });

  it('says so where this machine has no address to be reached under', () => {
    expect(notRunnable(settingsWith({ host: '10.0.0.1' }), [])).toContain('no network address now');
  });

  it.each<[string, Partial<Settings>]>([
    ['--allow-from', { ...OPEN, acceptUnencrypted: true }],
    ['--allow-from', { security: 'plain-network', acceptUnencrypted: true }],
    ['--accept-unencrypted true', { ...OPEN, ...LIST }],
  ])('in a plain network needs %s', (flag, more) => {
    expect(refusalOf(more)).toContain(`--security plain-network needs ${flag}`);
  });

  it.each(['localhost', 'gateway.lan', '*', ''])('listens on no %j in any mode', (host) => {
    for (const security of ['local', 'encrypted'] as const) {
      expect(refusalOf({ security, host })).toContain('takes an address of this machine');
    }
  });

  it('refuses limits that contradict each other too', () => {
    expect(refusalOf({ limitDrawdownSoft: 9, limitDrawdownHard: 5 })).toContain('--limit-drawdown-soft 9');
  });
});

describe('settings of a plain network in another mode', () => {
  it('are told, not refused', () => {
    expect(idleSettings(settingsWith({}))).toEqual([]);
    expect(idleSettings(settingsWith({ ...OPEN, ...LIST, acceptUnencrypted: true }))).toEqual([]);
    const notes = idleSettings(settingsWith({ security: 'encrypted', ...LIST, acceptUnencrypted: true }));
    expect(notes).toEqual([
      '--allow-from counts for nothing in security mode encrypted: it is for plain-network',
      '--accept-unencrypted counts for nothing in security mode encrypted: it is for plain-network',
    ]);
  });
});
