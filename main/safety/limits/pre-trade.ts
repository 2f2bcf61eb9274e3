import type { Mt5Handler } from '../../mt5/handler.ts';
import { addLots } from '../../mt5/volume.ts';
import { refusal, type Refusal } from '../../protocol/codes.ts';
import type { OpenOrder } from '../../protocol/payloads.ts';
import type { Admission, PreTradeLimits, Safety } from '../safety-port.ts';
import type { LimitSettings } from './limit-settings.ts';
import { type LimitWarningPorts, LimitWarnings } from './limit-warnings.ts';
import { OpenPositions } from './open-positions.ts';
import { Storm, type StormLimit } from './storm.ts';

export interface PreTradePorts extends LimitWarningPorts {
  readonly terminal: Pick<Mt5Handler, 'state' | 'positions' | 'orders'>;
  readonly safety: Pick<Safety, 'state' | 'raise'>;
}

/** The settings that are kept before an order is sent. */
export type PreTradeSettings = Pick<
  LimitSettings,
  'ordersPerMinute' | 'rejectsPerMinute' | 'openPositions' | 'orderVolume'
>;

const ADMITTED: Admission = { admitted: true, ended: () => {} };

/**
 * The limits of single orders: their number a minute, their volume, and the positions that they may open. Orders are counted
 * as they are asked for, also those that are refused: a strategy out of control is one whatever becomes of its orders.
 */
export class PreTrade implements PreTradeLimits {
  readonly #warnings: LimitWarnings;
  readonly #orders: Storm | null;
  readonly #rejects: Storm | null;
  readonly #openPositions: OpenPositions | null;
  readonly #mostLots: number | null;

  constructor(ports: PreTradePorts, settings: PreTradeSettings) {
    const { clock, terminal, safety } = ports;
    const { ordersPerMinute, rejectsPerMinute, openPositions, orderVolume } = settings;
    const warnings = new LimitWarnings(ports);
    const storm = (limit: StormLimit['limit'], what: string, most: number | null) =>
      most === null ? null : new Storm({ clock, safety, warnings }, { limit, what, most });
    this.#warnings = warnings;
    this.#orders = storm('ORDERS_PER_MINUTE', 'orders', ordersPerMinute);
    this.#rejects = storm('REJECTS_PER_MINUTE', 'rejected orders', rejectsPerMinute);
    this.#openPositions =
      openPositions === null ? null : new OpenPositions({ clock, terminal, warnings }, openPositions);
    this.#mostLots = orderVolume;
  }

  /** Whether this order may be sent. Without a limit the terminal is not asked, and nothing is waited for. */
  async admit({ symbol, volume }: OpenOrder, client: string): Promise<Admission> {
    const refused = this.#tooManyOrders(client) ?? this.#tooLarge(volume);
    if (refused !== null) return { admitted: false, refusal: refused };
    return this.#openPositions === null ? ADMITTED : this.#openPositions.admit(symbol);
  }

  /** The terminal or its broker has rejected a command. */
  rejected(client: string): void {
    this.#rejects?.count(client);
  }

  #tooManyOrders(client: string): Refusal | null {
    const tooMany = this.#orders?.count(client) ?? null;
    return tooMany === null ? null : refusal('RISK_LIMIT', `${tooMany}; nothing was sent, and trading is halted`);
  }

  #tooLarge(volume: number): Refusal | null {
    const mostLots = this.#mostLots;
    if (mostLots === null) return null;
    if (addLots(volume, -mostLots) > 0) {
      return refusal(
        'RISK_LIMIT',
        `an order of ${volume} lots is above the limit of ${mostLots} lots; nothing was sent`,
      );
    }
    const percent = (volume / mostLots) * 100;
    this.#warnings.follow({ limit: 'ORDER_VOLUME', value: volume, limitValue: mostLots, percent });
    return null;
  }
}
