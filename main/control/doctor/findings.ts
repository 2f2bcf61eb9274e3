import type { Settings } from '../../config/settings.ts';
import type { InstallState } from '../../mt5/terminal/install/inspect.ts';
import type { ControlOutput } from '../contract.ts';

/** What was found out about this machine; `diagnose` makes checks of it. */
export interface Findings {
  readonly platform: NodeJS.Platform;
  readonly nowMs: number;
  readonly dataDir: { readonly path: string; readonly state: 'missing' | 'writable' | 'read-only' };
  /** The settings in force; the defaults where they cannot be read. */
  readonly settings: Settings;
  /** Why they cannot be read, or why no gateway starts with them. */
  readonly settingsFault: string | null;
  readonly settingsNotes: readonly string[];
  readonly gateway: GatewayFinding;
  readonly ports: Readonly<Record<Channel, PortFinding>>;
  readonly pipe: PipeFinding;
  /** Version of the program that this gateway brings; null where its sources are missing. */
  readonly programVersion: string | null;
  /** The gateway's token in the data folder. */
  readonly token: 'there' | 'none' | 'unreadable';
  readonly terminals: readonly InstallState[];
  /** A folder that the user named and that is no terminal. */
  readonly strangeFolder: string | null;
}

export type Channel = 'command' | 'data' | 'event' | 'bridge';

export type Status = ControlOutput<'status'>;
export type Market = ControlOutput<'market'>;

/** The gateway of the data folder. */
export type GatewayFinding =
  | { readonly kind: 'running'; readonly status: Status; readonly market: Market }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'hung' }
  | { readonly kind: 'refused'; readonly message: string };

export interface PortFinding {
  readonly port: number;
  /** `unknown`: the address is not one of this machine, or the system did not say. */
  readonly state: 'free' | 'taken' | 'unknown';
  readonly holder: Holder | null;
}

/** Who listens on a port. */
export interface Holder {
  readonly pid: number;
  /** Name of its program; empty where the system does not tell. */
  readonly name: string;
}

/** The pipe that the program in MetaTrader opens. `unasked`: the gateway itself listens there. */
export type PipeFinding =
  | { readonly kind: 'free' | 'taken' | 'unasked'; readonly path: string }
  | { readonly kind: 'unusable'; readonly why: string };
