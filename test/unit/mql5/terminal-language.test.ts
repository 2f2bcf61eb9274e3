import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ProgramProcess } from '../../mql5/program-process.ts';
import { hasSystemPackage } from '../../system-packages.ts';
import { build, BUILD_TIMEOUT_MS, rig, run } from './exchange-rig.ts';
import { ScriptedBroker } from './scripted-broker.ts';
import { NUMBERED, snippetProgram } from './snippet-program.ts';
import { STOPS } from './snippets.ts';

describe.runIf(hasSystemPackage('g++'))('MQL5 as the terminal runs it', () => {
  let snippets: string;

  beforeAll(async () => {
    snippets = await build(new Map([['terminal.mq5', snippetProgram()]]));
  }, BUILD_TIMEOUT_MS);

  afterEach(() => ProgramProcess.killAll());

  describe('does what the documentation of MQL5 promises', () => {
    let printed: Map<string, string>;

    beforeAll(async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mt5-fabric-test-'));
      const broker = await ScriptedBroker.start(folder);
      const program = run(snippets, broker, folder);
      await program.ended;
      await broker.stop();
      rmSync(folder, { recursive: true });
      expect(program.errors).toBe('');
      const entries = program.lines.map((line) => [
        line.slice(0, line.indexOf('|')),
        line.slice(line.indexOf('|') + 1),
      ]);
      printed = new Map(entries as [string, string][]);
    });

    it.each(NUMBERED.map((snippet, at) => ({ ...snippet, at })))('$subject: $statements', ({ result, at }) => {
      expect(printed.get(String(at))).toBe(result);
    });
  });

  describe('stops the program where MetaTrader does, or where C++ would do something else', () => {
    it.each(STOPS.map(([statements, reason], at) => ({ statements, reason, at })))(
      '$statements',
      async ({ reason, at }) => {
        const { broker, folder } = await rig();
        const program = run(snippets, broker, folder, { inputs: { InpStop: at } });
        const end = await program.ended;
        expect(program.errors).toMatch(/^MQL5: /);
        expect(program.errors).toContain(reason);
        expect(end).toEqual({ code: null, signal: 'SIGABRT' });
      },
    );
  });

  it('ends the process with 1 when OnInit fails', async () => {
    const { broker, folder } = await rig();
    expect(await run(snippets, broker, folder).ended).toEqual({ code: 1, signal: null });
  });
});
