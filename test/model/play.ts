import { Breach } from './breach.ts';
import { Player } from './player.ts';
import type { Reached } from './reached.ts';
import { CLEARABLE_KINDS, type Sequence } from './steps.ts';
import { endOfTurn, World } from './world.ts';

/** How long after all faults are gone a flatten may take, in milliseconds: the slowest search looks once a minute. */
const FLATTEN_LIMIT_MS = 240_000;
/** How long recording, latching and lasting causes may take then, in milliseconds. */
const RECOVERY_LIMIT_MS = 15_000;
const MOST_RESUMES = 10;

/** Plays one sequence, checking after every step. Throws a Breach; returns the interesting states that were reached. */
export async function play({ options, steps }: Sequence): Promise<ReadonlySet<Reached>> {
  const world = new World(options);
  const player = new Player(world);
  await world.start();
  for (const { step, turns } of steps) {
    const passing = player.perform(step);
    // Not to wait where nothing is to be waited for: the next step may belong to the same turn.
    if (passing !== null) await passing;
    for (let turn = 0; turn < turns; turn += 1) await endOfTurn();
    world.check();
  }
  await new Aftermath(player).run();
  return world.reached;
}

/** The time after a sequence, without faults: whatever was asked for has to come about, and trading to be possible again. */
class Aftermath {
  readonly #player: Player;
  readonly #world: World;

  constructor(player: Player) {
    this.#player = player;
    this.#world = player.world;
  }

  async run(): Promise<void> {
    await this.#repair();
    await this.#flattenEnds();
    for (const kind of CLEARABLE_KINDS) this.#world.clear(kind);
    await this.#world.clock.advance(RECOVERY_LIMIT_MS);
    this.#world.check();
    const { mode, recorded } = this.#world.process.safety.state();
    if (!recorded) throw new Breach('goes-on-afterwards', 'the halt is not recorded although disk and token work');
    if (mode !== 'TRADING') await this.#resume();
    await this.#tradesAgain();
  }

  async #repair(): Promise<void> {
    const world = this.#world;
    world.audit.repair();
    world.audit.release();
    // What was to fail once and has not yet fails now.
    while (!(await world.audit.append([])).ok);
    world.token.canArm = true;
    world.token.canDisarm = true;
    world.token.release();
    world.terminal.fates.splice(0);
    world.autoTrading(true);
    world.link(true, false);
  }

  async #flattenEnds(): Promise<void> {
    const world = this.#world;
    const isQuiet = () => !world.isStarting && !world.lattice.isFlatteningDue && this.#inFlight() === 0;
    for (let passedMs = 0; passedMs < FLATTEN_LIMIT_MS && !isQuiet(); passedMs += 500) {
      await world.clock.advance(500);
      world.check();
    }
    if (world.lattice.isFlatteningDue) throw new Breach('flatten-ends', this.#whatIsLeft());
    if (this.#inFlight() > 0) throw new Breach('goes-on-afterwards', `${this.#inFlight()} outcome(s) stay unknown`);
  }

  /** More than once where epochs were not recorded: each try takes the next one, until the terminal knows no higher. */
  async #resume(): Promise<void> {
    const world = this.#world;
    for (let tries = 0; tries < MOST_RESUMES; tries += 1) {
      world.resume('all is well');
      await world.clock.advance(100);
      world.check();
      if (world.process.safety.state().mode === 'TRADING') return;
    }
    throw new Breach('goes-on-afterwards', `no resume is possible: ${world.lastRefusal}`);
  }

  async #tradesAgain(): Promise<void> {
    const { clock, audit } = this.#world;
    await this.#player.perform({ do: 'order', client: 'alpha', side: 'BUY', type: 'MARKET', volume: 0.1 });
    await clock.advance(1_600);
    this.#world.check();
    const last = this.#player.lastTradeId;
    const isDone = audit.rows.some(({ reqId, status }) => reqId === last && status === 'DONE');
    if (!isDone) throw new Breach('goes-on-afterwards', 'an order after all that was not executed');
  }

  #inFlight(): number {
    return this.#world.process.core.lane.inFlight;
  }

  #whatIsLeft(): string {
    const { positions, orders } = this.#world.terminal.broker;
    const book = `${positions.size} position(s) and ${orders.size} order(s) in the book`;
    const { flattenPhase } = this.#world.process.safety.state();
    return `${flattenPhase} with ${book}, ${this.#inFlight()} outcome(s) not known`;
  }
}
