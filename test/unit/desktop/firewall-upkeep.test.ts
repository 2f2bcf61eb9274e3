import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepFirewall } from '../../../main/desktop/firewall-upkeep.ts';
import { silentLog } from '../../../main/log.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const endpoints = (...ports: readonly number[]) => ({
  command: `tcp://0.0.0.0:${ports[0]}`,
  data: `tcp://0.0.0.0:${ports[1]}`,
  events: `tcp://0.0.0.0:${ports[2]}`,
});

/** `answer` is the code of the elevated program; 1223: the operator said no. A rule is there once one was made. */
function rig() {
  const dataDir = temporaryFolder();
  const file = join(dataDir, 'firewall.asked');
  const elevated: string[] = [];
  const state = { answer: 0 as number | null, hasRule: false };
  const keep = (host: string, ports: readonly number[] = [5_555, 5_556, 5_557]) =>
    keepFirewall({
      ...{
        dataDir,
        program: 'C:\\Program Files\\MT5 Fabric\\MT5 Fabric.exe',
        host,
        endpoints: endpoints(...ports),
        log: silentLog,
      },
      ports: {
        systemRoot: 'C:\\Windows',
        run: (program, words) => {
          if (program.endsWith('netsh.exe')) return Promise.resolve(state.hasRule ? 0 : 1);
          elevated.push(words.join(' '));
          if (state.answer === 0) state.hasRule = !words.join(' ').includes(' delete ');
          return Promise.resolve(state.answer);
        },
      },
    });
  return { file, elevated, state, keep };
}

describe("Windows' firewall", () => {
  it('is left alone as long as the gateway listens on this machine alone', async () => {
    const { elevated, keep, file } = rig();
    await keep('127.0.0.1');
    expect(elevated).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });

  it('is opened once when the gateway is, and anew for other ports', async () => {
    const { elevated, keep } = rig();
    await keep('0.0.0.0');
    await keep('0.0.0.0');
    expect(elevated).toHaveLength(1);
    expect(elevated[0]).toContain('localport=5555,5556,5557');
    await keep('0.0.0.0', [6_555, 6_556, 6_557]);
    expect(elevated[1]).toContain('localport=6555,6556,6557');
  });

  it('is closed when the gateway is', async () => {
    const { elevated, keep, file } = rig();
    await keep('10.0.0.5');
    await keep('127.0.0.1');
    await keep('127.0.0.1');
    expect(elevated).toHaveLength(2);
    expect(elevated[1]).toContain(' delete ');
    expect(existsSync(file)).toBe(false);
  });

  it('is not asked for again after a no', async () => {
    const { elevated, keep, state } = rig();
    state.answer = 1_223;
    await keep('0.0.0.0');
    await keep('0.0.0.0');
    expect(elevated).toHaveLength(1);
  });

  it('is asked for again at the next start where it could not be changed', async () => {
    const { elevated, keep, state, file } = rig();
    state.answer = 1;
    await keep('0.0.0.0');
    state.answer = 0;
    await keep('0.0.0.0');
    expect(elevated).toHaveLength(2);
    expect(readFileSync(file, 'utf8')).toBe('5555,5556,5557');
  });
});
