// A whole trading session against a gateway of its own, told step by step: npm run demo
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brain as library } from '../brain-library.ts';
import { RunningGateway, runProgram } from '../running-gateway.ts';
import { tellSession } from './session.ts';
import { expectThat, Story, takesColour } from './story.ts';

const folder = mkdtempSync(join(tmpdir(), 'mt5-fabric-demo-'));
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.once(signal, () => void RunningGateway.stopAll().then(() => process.exit(code)));
}

const story = new Story(
  (line) => {
    console.log(line);
  },
  takesColour(process.stdout, process.env['NO_COLOR']),
);

let gateway: RunningGateway | null = null;
process.exit(await tell());

async function tell(): Promise<number> {
  const startMs = performance.now();
  try {
    await tellAll();
  } catch {
    story.say('The demo stopped: the last step did not go as it should.');
    if (gateway !== null) console.error(`The gateway's last lines:\n${gateway.lastLines}`);
    return 1;
  } finally {
    await RunningGateway.stopAll();
  }
  story.say(
    `All steps went as expected, in ${((performance.now() - startMs) / 1000).toFixed(1)} s. Nothing is left running.`,
  );
  return 0;
}

async function tellAll(): Promise<void> {
  story.say('A gateway starts, with a paper account of its own.');
  await story.step('the gateway starts', startGateway);
  const { ports } = running();
  await using brain = new library.ZmqClient({
    host: '127.0.0.1',
    reqPort: ports.command,
    subPort: ports.data,
    eventPort: ports.events,
    clientId: 'demo-brain',
  });
  await tellSession(story, brain);
  brain.close();

  story.say('The gateway goes, the audit log stays.');
  await story.step('the gateway stops', stopGateway);
  await story.step('the audit log is checked', verifyLog);
}

async function startGateway(): Promise<string> {
  gateway = await RunningGateway.start({ dataDir: folder, flags: ['--paper-ticks-per-second', '20'] });
  const { mode, ports } = gateway;
  expectThat(mode === 'TRADING', `the mode should be TRADING, not ${mode}`);
  return `mode ${mode}, on 127.0.0.1: commands ${ports.command}, ticks ${ports.data}, events ${ports.events}`;
}

async function stopGateway(): Promise<string> {
  const { code, tookMs } = await running().stop();
  expectThat(code === 0, `the exit code should be 0, not ${code}`);
  return `in order, ${tookMs.toFixed(0)} ms after it was told to`;
}

function running(): RunningGateway {
  expectThat(gateway !== null, 'no gateway runs');
  return gateway;
}

async function verifyLog(): Promise<string> {
  const { code, stdout, stderr } = await runProgram('--audit', 'verify', '--json', '--data-dir', folder);
  expectThat(code === 0, `--audit verify ended with ${code}: ${stderr}${stdout}`);
  const { head } = JSON.parse(stdout) as { head: { seq: number; hash: string } };
  return `intact: ${head.seq} entries, each sealed by the next, the last ${head.hash.slice(0, 12)}…`;
}
