// A session of an hour's worth of ticks between two networks of this machine, encrypted, with the link cut meanwhile.
//   npm run field -- [--quick]      --quick leaves out the cut of ten minutes
import { obstacleTo } from '../machine-abilities.ts';
import { FieldSession, type CutResult, type SessionResult } from './field-session.ts';
import { faultsOfCut, faultsOfSession } from './verdicts.ts';
import type { CutKind } from './two-networks.ts';

const TICKS_PER_SECOND_AND_SYMBOL = 100;
/** An hour of four symbols at 2.5 ticks a second. */
const HOUR_OF_TICKS = 36_000;
const BETWEEN_CUTS_MS = 3_000;
const TEN_MINUTES_MS = 600_000;

const CUTS: readonly (readonly [CutKind, number])[] = [
  ...([3_000, 3_000, 3_000, 30_000, 30_000] as const).map((forMs) => ['silent', forMs] as const),
  ...([3_000, 30_000] as const).map((forMs) => ['cable', forMs] as const),
  ['silent', TEN_MINUTES_MS],
];

const HEADS = ['cut for', 'tick after', 'answer after', 'ticks missed', 'told of', 'in doubt'];

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.on(signal, () => process.exit(code));

const obstacle = obstacleTo('network namespaces');
if (obstacle === null) process.exitCode = await play(process.argv.includes('--quick'));
else {
  console.log(`not run without network namespaces (${obstacle})`);
  process.exitCode = 78;
}

async function play(isQuick: boolean): Promise<number> {
  await using session = await FieldSession.start(TICKS_PER_SECOND_AND_SYMBOL);
  console.log(`${'link'.padEnd(8)} ${HEADS.map((head) => head.padStart(12)).join(' ')}`);
  const faults: string[] = [];
  for (const [kind, forMs] of CUTS.filter(([, ms]) => !isQuick || ms < TEN_MINUTES_MS)) {
    await session.run(BETWEEN_CUTS_MS);
    const cut = await session.cut(kind, forMs);
    console.log(row(cut));
    faults.push(...faultsOfCut(cut).map((fault) => `${kind} for ${forMs / 1_000} s: ${fault}`));
  }
  await session.runUntilTicks(HOUR_OF_TICKS);
  const result = await session.result();
  console.log(`\n${summary(result)}`);
  faults.push(...faultsOfSession(result));
  for (const fault of faults) console.log(`missed: ${fault}`);
  return faults.length === 0 ? 0 : 1;
}

function row({ kind, forMs, tickAfterMs, replyAfterMs, missed, toldOf, inDoubt }: CutResult): string {
  const cells = [`${forMs / 1_000} s`, ms(tickAfterMs), ms(replyAfterMs), missed, toldOf, inDoubt];
  return `${kind.padEnd(8)} ${cells.map((cell) => String(cell).padStart(12)).join(' ')}`;
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

function summary(result: SessionResult): string {
  const { ticks, missed, ticksDoubled, ordersExecuted, ordersNotExecuted, positions, isLogWhole } = result;
  return [
    `${ticks} ticks heard, ${missed} missed, ${ticksDoubled} twice`,
    `${ordersExecuted} orders executed, ${ordersNotExecuted} not; ${positions} positions open`,
    `the audit log ${isLogWhole ? 'verifies' : 'does NOT verify'}`,
  ].join('\n');
}
