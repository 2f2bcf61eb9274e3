import type { JsonObject } from '../../main/protocol/json-value.ts';
import { killScope, killText } from './kill-text.ts';
import type { Sent } from './requests.ts';
import type { Client, OrderStep, Pretence, Step } from './steps.ts';
import type { World } from './world.ts';

type StepOf<Name extends Step['do']> = Extract<Step, { readonly do: Name }>;
type LongStep = StepOf<'wait' | 'crash' | 'stop'>;

/** Carries out the steps of a sequence in a world. */
export class Player {
  readonly world: World;
  readonly #trades: Sent[] = [];
  #lastKillId = 'kill-0';
  #count = 0;

  constructor(world: World) {
    this.world = world;
  }

  /** The `req_id` of the last trading request that was not a repeat. */
  get lastTradeId(): string | undefined {
    return this.#trades.at(-1)?.reqId;
  }

  /** Does what the step says: in this turn, or, where time has to pass for it, as a promise. */
  perform(step: Step): Promise<void> | null {
    if (step.do === 'wait') return this.world.clock.advance(step.forMs);
    if (step.do === 'crash') return this.world.crash(step.downMs);
    if (step.do === 'stop') return this.world.stop(step.downMs);
    this.#act(step);
    return null;
  }

  #act(step: Exclude<Step, LongStep>): void {
    const { world } = this;
    switch (step.do) {
      case 'order':
        this.#order(step);
        break;
      case 'close':
        this.#close(step);
        break;
      case 'cancel':
        this.#trade(step.client, 'CANCEL_ORDER', { ticket: world.orderTicket(step.nth) });
        break;
      case 'again':
        this.#again(step);
        break;
      case 'kill':
        this.#kill(step);
        break;
      case 'operator-halt':
        this.#raise({ ...step, kind: 'OPERATOR', mode: 'HALTED', actor: 'operator' });
        break;
      case 'trigger':
        this.#raise(step);
        break;
      case 'clear':
        world.clear(step.kind, step.actor);
        break;
      case 'resume':
        world.resume(step.reason);
        break;
      case 'pretend':
        this.#pretend(step.client, step.how);
        break;
      case 'disk':
        this.#disk(step.event);
        break;
      case 'token':
        this.#token(step.event);
        break;
      case 'fate':
        world.terminal.fates.push(...step.fates);
        break;
      case 'link':
        world.link(step.up, step.restarts);
        break;
      case 'autotrading':
        world.autoTrading(step.on);
        break;
      case 'by-hand':
        world.openByHand(step.side);
        break;
      case 'close-by-hand':
        world.closeByHand(step.nth);
        break;
      case 'price-touches':
        world.terminal.broker.dealPlaced(world.orderTicket(step.nth));
        break;
    }
  }

  #order({ client, side, type, volume }: OrderStep): void {
    const price = type === 'LIMIT' ? { price: 1.05 } : {};
    this.#trade(client, 'OPEN_ORDER', { symbol: 'EURUSD', side, type, volume, ...price });
  }

  #close({ client, nth, part }: StepOf<'close'>): void {
    const ticket = this.world.position(nth)?.ticket ?? 1n;
    this.#trade(client, 'CLOSE_POSITION', { ticket, ...(part ? { volume: 0.05 } : {}) });
  }

  #trade(client: Client, action: string, payload: JsonObject): void {
    const reqId = this.#newId('trade');
    const body = this.#body(action, client, reqId, payload);
    const sent: Sent = { client, reqId, kind: 'trade', body };
    this.#trades.push(sent);
    this.world.requests.send(this.world.process, sent);
  }

  #again({ back, as }: StepOf<'again'>): void {
    const sent = this.#trades.at(-1 - (back % Math.max(1, this.#trades.length)));
    if (sent === undefined) return;
    const body = as === 'same' ? sent.body : { ...sent.body, timestamp: this.world.clock.nowMs() / 1_000 };
    const payload = as === 'other' ? { payload: { symbol: 'EURUSD', side: 'BUY', volume: 0.33 } } : {};
    this.world.requests.send(this.world.process, { ...sent, body: { ...body, ...payload } });
  }

  #kill({ form, client, flatten }: StepOf<'kill'>): void {
    const { world } = this;
    this.#noteKill();
    const reqId = form === 'order-id' ? (this.#trades.at(-1)?.reqId ?? 'none') : this.#killId(form === 'same-id');
    const kill = { form, client, reqId, flatten, timestamp: world.clock.nowMs() / 1_000 };
    world.lattice.ask(
      { kind: 'WIRE', actor: client, mode: 'HALTED', flatten: killScope(kill), standing: false },
      world.clock.monoMs(),
    );
    const sent: Sent = { client, reqId, kind: 'kill', body: {} };
    world.requests.send(world.process, sent, killText(kill), form === 'surplus' ? 2 : 0);
    world.check();
  }

  #killId(isRepeated: boolean): string {
    if (!isRepeated) this.#lastKillId = this.#newId('kill');
    return this.#lastKillId;
  }

  #noteKill(): void {
    const { reached, terminal, process, requests, isStarting } = this.world;
    const isEntry = ({ kind }: { readonly kind: string }) => kind === 'open';
    if (isStarting) reached.add('killed while starting');
    if (terminal.atWork.some(isEntry)) reached.add('killed with an order inside OrderSend');
    if (terminal.waiting.some(isEntry)) reached.add("killed with an order in the terminal's queue");
    if (terminal.late.some(isEntry)) reached.add('killed with an order that fills late');
    const isAtTerminal = [...terminal.atWork, ...terminal.waiting, ...terminal.late].length > 0;
    if (process.core.lane.inFlight > 0 && !isAtTerminal) reached.add('killed with an outcome not known');
    if (requests.hasOpenTrade && !isAtTerminal) reached.add('killed with an order on its way to the terminal');
    if (!terminal.linked) reached.add('killed without a link');
    if (this.world.lattice.isFlatteningDue) reached.add('killed while flattening');
  }

  #raise(
    trigger: Omit<StepOf<'trigger'>, 'do' | 'kind'> & { readonly kind: StepOf<'trigger'>['kind'] | 'OPERATOR' },
  ): void {
    const { world } = this;
    const { kind, mode, flatten, actor, standing } = trigger;
    const isStanding = standing ?? (mode === 'SUSPENDED' && flatten === 'none');
    world.lattice.ask({ kind, mode, flatten, actor, standing: isStanding }, world.clock.monoMs());
    const asked = { kind, mode, flatten, actor, reason: `${kind} asks for it` };
    world.process.safety.raise(standing === undefined ? asked : { ...asked, standing });
    world.check();
  }

  #pretend(client: Client, how: Pretence): void {
    const reqId = this.#newId('pretence');
    const { action, payload } = PRETENCES[how];
    const body = { ...this.#body(action, client, reqId, payload), mode: 'TRADING', resume: true, local: true };
    this.world.requests.send(this.world.process, { client, reqId, kind: 'other', body });
  }

  #disk(event: StepOf<'disk'>['event']): void {
    const { audit } = this.world;
    if (event !== 'goes on' && event !== 'is repaired') this.world.hasTrouble = true;
    if (event === 'hangs') audit.hold();
    else if (event === 'goes on') audit.release();
    else if (event === 'breaks') audit.breakDown();
    else if (event === 'is repaired') audit.repair();
    else audit.failNext({ written: event === 'fails once, yet writes' });
  }

  #token(event: StepOf<'token'>['event']): void {
    const { token } = this.world;
    this.world.hasTrouble = true;
    // What hung before has gone on by then: the fake holds one batch at a time.
    if (event === 'hangs' || event === 'goes on') token.release();
    if (event === 'hangs') token.hold();
    else if (event === 'stays') token.canDisarm = false;
    else if (event === 'can be removed') token.canDisarm = true;
    else if (event !== 'goes on') token.canArm = event === 'can be armed';
  }

  #body(action: string, client: Client, reqId: string, payload: JsonObject): JsonObject {
    return { action, req_id: reqId, client_id: client, timestamp: this.world.clock.nowMs() / 1_000, payload };
  }

  #newId(what: string): string {
    this.#count += 1;
    return `${what}-${this.#count}`;
  }
}

const ORDER = { symbol: 'EURUSD', side: 'BUY', volume: 0.1 };
const PRETENCES: Readonly<Record<Pretence, { readonly action: string; readonly payload: JsonObject }>> = {
  RESUME: { action: 'RESUME', payload: { reason: 'looked at it' } },
  resume: { action: 'resume', payload: { reason: 'looked at it' } },
  MODE: { action: 'MODE', payload: { mode: 'TRADING' } },
  ARM: { action: 'ARM', payload: {} },
  'heartbeat-mode': { action: 'HEARTBEAT', payload: { mode: 'TRADING' } },
  'heartbeat-resume': { action: 'HEARTBEAT', payload: { resume: true, reason: 'looked at it' } },
  'order-mode': { action: 'OPEN_ORDER', payload: { ...ORDER, mode: 'TRADING', force: true } },
};
