import { AttackedGateway } from './attacked-gateway.ts';
import { FAMILIES, isThrownIn, type Case, type Family, type Mode } from './case.ts';
import { measure, type Manner, type Measured } from './measure.ts';
import { faultsOfOutcome, faultsOfWatch, p99Ms, type Fault } from './verdict.ts';

/** A line of the summary. */
export interface Row {
  readonly family: Family;
  readonly mode: Mode;
  readonly name: string;
  readonly did: string;
  readonly p99Ms: number | null;
  /** Null where the kill is told of in the row of the whole family, or nobody killed. */
  readonly killMs: number | null;
  readonly memoryBeforeMib: number;
  readonly memoryAfterMib: number;
  readonly faults: readonly string[];
}

/** Families whose cases mostly wait for the gateway to lose its patience: they are thrown at once. */
const AT_ONCE: readonly Family[] = ['bytes'];

/** How a table is thrown. */
export interface TableOptions {
  readonly cases: readonly Case[];
  readonly modes: readonly Mode[];
  /** When somebody kills meanwhile: under everything that is watched by itself, or once in a family and once under its first heavy case. */
  readonly kills: 'always' | 'once in a family';
  /** Told what comes next. */
  readonly say: (line: string) => void;
}

/** Throws all cases of a table at gateways of the built program, one a mode. */
export async function runTable(options: TableOptions): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const mode of options.modes) rows.push(...(await runMode(mode, options)));
  return rows;
}

/** A gateway that does not live to its end is told of in a row of its own. */
async function runMode(mode: Mode, { cases, kills, say }: TableOptions): Promise<readonly Row[]> {
  const gateway = await AttackedGateway.start(mode);
  const rows: Row[] = [];
  for (const family of FAMILIES) {
    const own = cases.filter((one) => one.family === family && isThrownIn(one, mode));
    const tell = (row: Row) => rows.push(row);
    const broken = await runFamily(gateway, family, own, { kills, say, tell }).catch(String);
    if (typeof broken === 'string') rows.push(brokenRow(family, mode, broken));
    if (typeof broken === 'string') break;
  }
  await gateway.stop();
  return rows;
}

function brokenRow(family: Family, mode: Mode, why: string): Row {
  const nothing = { p99Ms: null, killMs: null, memoryBeforeMib: 0, memoryAfterMib: 0 };
  return { family, mode, name: 'the next case', did: 'broke', ...nothing, faults: [why] };
}

async function runFamily(
  gateway: AttackedGateway,
  family: Family,
  cases: readonly Case[],
  { kills, say, tell }: Pick<TableOptions, 'kills' | 'say'> & { readonly tell: (row: Row) => void },
): Promise<void> {
  const { mode } = gateway.target;
  const light = cases.filter(({ isHeavy }) => isHeavy !== true);
  if (light.length > 0) say(`${mode}: ${family}, ${light.length} cases together`);
  if (light.length > 0) for (const row of await runTogether(gateway, family, light)) tell(row);
  for (const [at, one] of cases.filter(({ isHeavy }) => isHeavy === true).entries()) {
    say(`${mode}: ${one.name}`);
    tell(await runAlone(gateway, one, kills === 'always' || at === 0));
  }
}

async function runTogether(gateway: AttackedGateway, family: Family, cases: readonly Case[]): Promise<readonly Row[]> {
  const { mode } = gateway.target;
  const measured = await measureAgainWhereSlow(gateway, cases, { atOnce: AT_ONCE.includes(family), withKill: true });
  const each = measured.outcomes.map((outcome, at): Row => {
    const { name, did, memoryBeforeMib, memoryAfterMib, honest } = outcome;
    const faults = words(faultsOfOutcome(cases[at]!, outcome, mode));
    return { family, mode, name, did, p99Ms: p99Ms(honest), killMs: null, memoryBeforeMib, memoryAfterMib, faults };
  });
  return [...each, rowOfWatch(gateway, family, `these ${cases.length} together`, 'held', measured, cases)];
}

async function runAlone(gateway: AttackedGateway, one: Case, withKill: boolean): Promise<Row> {
  const measured = await measureAgainWhereSlow(gateway, [one], { atOnce: false, withKill });
  const [outcome] = measured.outcomes;
  const row = rowOfWatch(gateway, one.family, one.name, outcome!.did, measured, [one]);
  return { ...row, faults: [...words(faultsOfOutcome(one, outcome!, gateway.target.mode)), ...row.faults] };
}

/** A machine that does other work too can be slow once; anything else that is wrong stands. */
async function measureAgainWhereSlow(
  gateway: AttackedGateway,
  cases: readonly Case[],
  manner: Manner,
): Promise<Measured> {
  const measured = await measure(gateway, cases, manner);
  const faults = faultsOfWatch(measured, cases);
  const wasOnlySlow = faults.length > 0 && faults.every(({ isTiming }) => isTiming);
  return wasOnlySlow ? measure(gateway, cases, manner) : measured;
}

function rowOfWatch(
  gateway: AttackedGateway,
  family: Family,
  name: string,
  did: string,
  measured: Measured,
  cases: readonly Case[],
): Row {
  const { before, after, honest, killed } = measured.watched;
  const dead = gateway.ending ?? [];
  return {
    ...{ family, mode: gateway.target.mode, name, did, p99Ms: p99Ms(honest), killMs: killed?.kill.tookMs ?? null },
    ...{ memoryBeforeMib: before.memoryMib, memoryAfterMib: after.memoryMib },
    faults: words(faultsOfWatch(measured, cases)).concat(dead),
  };
}

function words(faults: readonly Fault[]): readonly string[] {
  return faults.map(({ what }) => what);
}
