import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIREWALL_RULE } from '../../../main/control/network/firewall.ts';
import {
  addRuleWords,
  changeRuleWords,
  closeFirewall,
  elevationScript,
  openFirewall,
  removeRuleWords,
  showRuleWords,
  windowsPorts,
  type FirewallPorts,
} from '../../../main/desktop/firewall.ts';

const NETSH = 'C:\\Windows\\System32\\netsh.exe';
const POWERSHELL = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';
const opening = { program: 'C:\\Program Files\\MT5 Fabric\\MT5 Fabric.exe', ports: [5555, 5556, 5557] };

/** A machine with or without the rule, on which PowerShell ends with a code, or cannot start. */
function machine(hasRule: boolean, ended: number | null | Error) {
  const calls: { program: string; words: readonly string[] }[] = [];
  const ports: FirewallPorts = {
    systemRoot: 'C:\\Windows',
    run: (program, words) => {
      calls.push({ program, words });
      if (program === NETSH) return Promise.resolve(hasRule ? 0 : 1);
      return ended instanceof Error ? Promise.reject(ended) : Promise.resolve(ended);
    },
  };
  return { ports, calls };
}

describe('the rule in the firewall', () => {
  it('lets the program alone be reached on its three ports, in private and domain networks', () => {
    expect(addRuleWords(opening)).toEqual([
      ...['advfirewall', 'firewall', 'add', 'rule', 'name=MT5 Fabric gateway', 'dir=in', 'action=allow'],
      ...['protocol=TCP', 'profile=private,domain', 'enable=yes'],
      ...['program=C:\\Program Files\\MT5 Fabric\\MT5 Fabric.exe', 'localport=5555,5556,5557'],
    ]);
  });

  it('is turned into another opening as a whole', () => {
    const words = changeRuleWords(opening);
    expect(words.slice(0, 7)).toEqual([
      ...['advfirewall', 'firewall', 'set', 'rule', 'name=MT5 Fabric gateway', 'dir=in', 'new'],
    ]);
    expect(words.slice(7)).toEqual(addRuleWords(opening).filter((word) => !/^(name=|dir=|\w+$)/.test(word)));
  });

  it('is asked for and removed by its name', () => {
    expect(showRuleWords().join(' ')).toBe('advfirewall firewall show rule name=MT5 Fabric gateway');
    expect(removeRuleWords().join(' ')).toBe('advfirewall firewall delete rule name=MT5 Fabric gateway dir=in');
  });

  it('has the same name in the uninstaller, which removes it with the same words', () => {
    const script = readFileSync(join(import.meta.dirname, '../../../resources/installer/installer.nsh'), 'utf8');
    expect(script).toContain(`!define FIREWALL_RULE "${FIREWALL_RULE}"`);
    const words = removeRuleWords().join(' ').replace(`name=${FIREWALL_RULE}`, 'name="${FIREWALL_RULE}"');
    expect(script).toContain(`"$SYSDIR\\netsh.exe" ${words}`);
  });

  it.each([
    ['no port, which would be every port', { ...opening, ports: [] }],
    ['a port that is none', { ...opening, ports: [5555, 0] }],
    ['a path that is not absolute', { ...opening, program: 'MT5 Fabric.exe' }],
    ['a path with a quote', { ...opening, program: 'C:\\a" dir=out "b.exe' }],
  ])('is not made for %s', (_what, refused) => {
    expect(() => addRuleWords(refused)).toThrow();
    expect(() => changeRuleWords(refused)).toThrow();
  });
});

describe('opening the firewall', () => {
  it('adds the rule where there is none, elevated once', async () => {
    const { ports, calls } = machine(false, 0);
    await expect(openFirewall(opening, ports)).resolves.toEqual({ kind: 'changed' });
    expect(calls).toEqual([
      { program: NETSH, words: showRuleWords() },
      {
        program: POWERSHELL,
        words: ['-NoProfile', '-NonInteractive', '-Command', elevationScript(NETSH, addRuleWords(opening))],
      },
    ]);
  });

  it('changes the rule that is there', async () => {
    const { ports, calls } = machine(true, 0);
    await openFirewall(opening, ports);
    expect(calls[1]?.words[3]).toBe(elevationScript(NETSH, changeRuleWords(opening)));
  });

  it.each([
    ['the operator declines', 1223, { kind: 'declined' }],
    ['netsh fails', 1, { kind: 'failed', why: 'netsh ended with code 1' }],
    ['PowerShell is killed', null, { kind: 'failed', why: 'netsh ended with code none' }],
    ['PowerShell is not there', new Error('ENOENT'), { kind: 'failed', why: 'ENOENT' }],
  ])('says so when %s', async (_what, ended, change) => {
    await expect(openFirewall(opening, machine(false, ended).ports)).resolves.toEqual(change);
  });

  it('adds the rule where netsh cannot be asked', async () => {
    const { ports } = machine(false, 0);
    const run: FirewallPorts['run'] = (program, words) =>
      program === NETSH ? Promise.reject(new Error('ENOENT')) : ports.run(program, words);
    await expect(openFirewall(opening, { ...ports, run })).resolves.toEqual({ kind: 'changed' });
  });
});

describe('closing the firewall', () => {
  it('removes the rule, elevated', async () => {
    const { ports, calls } = machine(true, 0);
    await expect(closeFirewall(ports)).resolves.toEqual({ kind: 'changed' });
    expect(calls[1]?.words[3]).toBe(elevationScript(NETSH, removeRuleWords()));
  });

  it('asks nobody for elevation where there is no rule', async () => {
    const { ports, calls } = machine(false, 0);
    await expect(closeFirewall(ports)).resolves.toEqual({ kind: 'changed' });
    expect(calls).toHaveLength(1);
  });
});

describe('the ports of a machine', () => {
  it('run a program to its end, and reject where it cannot start', async () => {
    const { run } = windowsPorts('C:\\Windows');
    await expect(run(process.execPath, ['-e', 'process.exit(3)'])).resolves.toBe(3);
    await expect(run('/nowhere/netsh.exe', [])).rejects.toThrow('ENOENT');
  });
});

describe('the script that elevates', () => {
  it('quotes words with spaces for the program, and all of them for PowerShell', () => {
    const script = elevationScript(NETSH, ['add', "name=it's a rule"]);
    expect(script).toContain(`-FilePath 'C:\\Windows\\System32\\netsh.exe'`);
    expect(script).toContain(`-ArgumentList 'add "name=it''s a rule"'`);
    expect(script).toContain('-Verb RunAs');
  });

  it('takes typographic apostrophes for what PowerShell takes them for', () => {
    expect(elevationScript(NETSH, ['a\u2019; calc; \u2019'])).toContain('\'"a\u2019\u2019; calc; \u2019\u2019"\'');
  });
});
