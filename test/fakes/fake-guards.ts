import type { Refusal } from '../../main/protocol/codes.ts';
import type { LeaseAction, OpenOrder } from '../../main/protocol/payloads.ts';
import type { Admission, LeaseDesk, PreTradeLimits } from '../../main/safety/safety-port.ts';

/** Leases that are only noted, or refused as the test says. */
export class FakeLeases implements LeaseDesk {
  readonly granted = new Map<string, { readonly leaseS: number; readonly onExpiry: LeaseAction }>();
  refusal: Refusal | null = null;

  renew(client: string, leaseS: number, onExpiry: LeaseAction): Refusal | null {
    if (this.refusal === null) this.granted.set(client, { leaseS, onExpiry });
    return this.refusal;
  }

  end(client: string): boolean {
    return this.granted.delete(client);
  }
}

/** Limits that let everything through, or refuse as the test says. */
export class FakeLimits implements PreTradeLimits {
  refusal: Refusal | null = null;
  /** Orders that were let through and whose outcome is not known. */
  open = 0;
  readonly asked: { readonly order: OpenOrder; readonly client: string }[] = [];
  readonly rejections: string[] = [];
  /** What an answer waits for. */
  gate: Promise<unknown> = Promise.resolve();

  async admit(order: OpenOrder, client: string): Promise<Admission> {
    this.asked.push({ order, client });
    await this.gate;
    if (this.refusal !== null) return { admitted: false, refusal: this.refusal };
    this.open += 1;
    let hasEnded = false;
    const ended = () => {
      if (!hasEnded) this.open -= 1;
      hasEnded = true;
    };
    return { admitted: true, ended };
  }

  rejected(client: string): void {
    this.rejections.push(client);
  }
}
