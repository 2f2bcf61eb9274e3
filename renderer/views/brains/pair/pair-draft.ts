import type { ControlInput, TopicValue } from '../../../../main/control/contract.ts';
import { isEveryAddress } from '../../../networks/networks.ts';

export type Role = ControlInput<'pair'>['role'];

/** The most needed first. */
export const ROLES = ['trade', 'read', 'kill'] as const satisfies readonly Role[];

/** How long a pairing is good, in days. */
export const EXPIRIES = { none: null, d30: 30, d90: 90, d365: 365 } as const;
export type Expiry = keyof typeof EXPIRIES;

/** The choice of an address that is typed. */
export const TYPED = '';

/** What is asked for before a brain is paired, as it stands in its fields. */
export interface PairDraft {
  readonly name: string;
  /** Nobody is given a role by oversight. */
  readonly role: Role | null;
  readonly expiry: Expiry;
  /** One of the machine's addresses, or TYPED. */
  readonly address: string;
  readonly typed: string;
}

/** `device` is null for an address that none of this machine's has. */
export type Addresses = readonly { readonly address: string; readonly device: string | null }[];

export type PairFaults = { readonly [F in 'name' | 'role' | 'host']?: 'missing' | 'malformed' | 'taken' };

export function newDraft(network: TopicValue<'network'>): PairDraft {
  return { name: '', role: null, expiry: 'none', address: addressesOf(network)[0]?.address ?? TYPED, typed: '' };
}

/** Where a brain can reach the gateway, the likeliest first: the one address that it listens on, then this machine's. */
export function addressesOf({ security, host, addresses }: TopicValue<'network'>): Addresses {
  const isElsewhere = security === 'local' || isEveryAddress(host);
  return isElsewhere || addresses.some(({ address }) => address === host)
    ? addresses
    : [{ address: host, device: null }, ...addresses];
}

/** What stands against pairing with this draft; empty where nothing does. */
export function faultsOf(draft: PairDraft, { paired }: TopicValue<'network'>): PairFaults {
  const name = draft.name.trim();
  return {
    ...(/^[A-Za-z0-9._-]{1,64}$/.test(name) ? {} : { name: 'malformed' }),
    ...(paired.some((one) => one.name === name) ? { name: 'taken' } : {}),
    ...(draft.role === null ? { role: 'missing' } : {}),
    ...(/^[A-Za-z0-9._:-]{1,253}$/.test(hostOf(draft)) ? {} : { host: 'malformed' }),
  };
}

/** What to ask the gateway for; null while there is a fault. */
export function pairInputOf(draft: PairDraft, network: TopicValue<'network'>): ControlInput<'pair'> | null {
  const { role, expiry } = draft;
  if (role === null || Object.keys(faultsOf(draft, network)).length > 0) return null;
  const days = EXPIRIES[expiry];
  return {
    ...{ name: draft.name.trim(), role, host: hostOf(draft) },
    ...(days === null ? {} : { expires_days: days }),
  };
}

function hostOf({ address, typed }: PairDraft): string {
  return address === TYPED ? typed.trim() : address;
}
