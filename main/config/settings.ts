import { isIP } from 'node:net';
import * as z from 'zod';
import { ZMQ_PORT_CMD, ZMQ_PORT_DATA, ZMQ_PORT_EVENTS } from '../protocol/constants.ts';

const PORT = 'a port, 0 to 65535 (0 picks a free one)';
const portSchema = z.int({ error: PORT }).check(z.gte(0, { error: PORT }), z.lte(65_535, { error: PORT }));

const PANEL_PORT = `${PORT}, or none`;
const panelPortSchema = z.union([z.literal('none'), portSchema], { error: PANEL_PORT });

const CIDR = 'networks separated by commas, like 10.0.0.0/24,192.168.1.7/32';
const cidrSchema = z.string({ error: CIDR }).check(z.refine(isNetwork, { error: CIDR }));

function isNetwork(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address) as 0 | 4 | 6];
  return more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= longest;
}

function wholeNumber(least: number, most: number, unit: string) {
  const error = `a whole number of ${unit}, ${least} to ${most}`;
  return z.int({ error }).check(z.gte(least, { error }), z.lte(most, { error }));
}

function oneOf<const T extends readonly [string, ...string[]]>(names: T) {
  return z.enum(names, { error: `one of ${names.join(', ')}` });
}

function amount(unit: string) {
  const error = `a number of ${unit}, 0 for no limit`;
  return z._default(z.number({ error }).check(z.gte(0, { error }), z.lte(1e12, { error })), 0);
}

function countLimit(unit: string) {
  const error = `a whole number of ${unit}, 1 to 1000000, or 0 for no limit`;
  return z._default(z.int({ error }).check(z.gte(0, { error }), z.lte(1_000_000, { error })), 0);
}

/**
 * The gateway's settings with their defaults, and the only source of their types. A key has the same name everywhere:
 * `commandPort` is `--command-port`, `MT5_FABRIC_COMMAND_PORT`, and `command_port` in the settings file.
 */
export const settingsSchema = z.object({
  host: z._default(z.string({ error: 'an address of this machine, like 127.0.0.1' }), '127.0.0.1'),
  commandPort: z._default(portSchema, ZMQ_PORT_CMD),
  dataPort: z._default(portSchema, ZMQ_PORT_DATA),
  eventPort: z._default(portSchema, ZMQ_PORT_EVENTS),
  panelPort: z._default(panelPortSchema, 'none'),
  terminal: z._default(oneOf(['paper', 'bridge']), 'paper'),
  bridgePipe: z._default(
    z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/, { error: '1 to 64 letters, digits or . _ -, like mt5-fabric' })),
    'mt5-fabric',
  ),
  bridgePort: z._default(portSchema, 5_558),
  bridgeSettleS: z._default(wholeNumber(0, 86_400, 'seconds'), 60),
  security: z._default(oneOf(['local', 'plain-network', 'encrypted']), 'local'),
  allowFrom: z._default(z.array(cidrSchema, { error: CIDR }), []),
  acceptUnencrypted: z._default(z.boolean({ error: 'true or false' }), false),
  requestsPerSecond: z._default(wholeNumber(0, 1_000_000, 'requests, 0 for no limit'), 200),
  maxSubscriptions: z._default(wholeNumber(10, 1_000_000, 'subscriptions'), 10_000),
  symbols: z._default(z.array(z.string(), { error: 'symbols separated by commas, like EURUSD,XAUUSD' }), []),
  commandDeadlineMs: z._default(wholeNumber(100, 60_000, 'milliseconds'), 1_500),
  ttlMs: z._default(wholeNumber(100, 3_600_000, 'milliseconds'), 5_000),
  magicBase: z._default(wholeNumber(0, 2_000_000_000, 'a magic number'), 5_550_000),
  linkHaltAfterS: z._default(wholeNumber(0, 86_400, 'seconds, 0 for never'), 0),
  diskWarnMib: z._default(wholeNumber(0, 1_000_000, 'MiB'), 1_024),
  diskReduceMib: z._default(wholeNumber(0, 1_000_000, 'MiB'), 200),
  limitDailyLossSoft: amount("the account's currency"),
  limitDailyLossHard: amount("the account's currency"),
  limitDrawdownSoft: amount("the account's currency"),
  limitDrawdownHard: amount("the account's currency"),
  limitEquityFloorSoft: amount("the account's currency"),
  limitEquityFloorHard: amount("the account's currency"),
  limitOrdersPerMinute: countLimit('orders'),
  limitRejectsPerMinute: countLimit('rejected orders'),
  limitOpenPositions: countLimit('positions'),
  limitOrderVolume: amount('lots'),
  paperSeed: z._default(wholeNumber(0, 4_294_967_295, 'a seed'), 1),
  paperLatencyMs: z._default(wholeNumber(0, 600_000, 'milliseconds'), 0),
  paperMargin: z._default(oneOf(['hedging', 'netting']), 'hedging'),
  paperTicks: z._default(z.string({ error: "a CSV file of ticks in MetaTrader's export format" }), ''),
  paperTicksPerSecond: z._default(wholeNumber(1, 1_000, 'ticks a second'), 4),
  paperSuffix: z._default(
    z.string().check(z.regex(/^[A-Za-z0-9._+-]{0,10}$/, { error: 'at most 10 letters, digits or . _ + -, like .s' })),
    '',
  ),
  language: z._default(oneOf(['system', 'en', 'zh-CN']), 'system'),
  theme: z._default(oneOf(['system', 'light', 'dark']), 'system'),
  killAtOnce: z._default(z.boolean({ error: 'true or false' }), false),
});
export type Settings = Readonly<z.infer<typeof settingsSchema>>;
export type SettingKey = keyof Settings;

/** Version of the settings file's form. */
export const SETTINGS_VERSION = 1;

interface Description {
  /** What stands for the value in the help text. */
  readonly value: string;
  readonly text: string;
  /** What a number counts, as a screen names it. */
  readonly unit?: 'port' | 's' | 'ms' | 'MiB' | 'lots' | 'money' | 'ticks/s';
  /** Takes effect without a restart. */
  readonly live?: true;
}

/** What the help text says of each setting. */
export const DESCRIPTIONS: Readonly<Record<SettingKey, Description>> = {
  host: { value: 'ADDR', text: 'address to listen on' },
  commandPort: { value: 'N', text: 'port of the command channel (REQ/REP)', unit: 'port' },
  dataPort: { value: 'N', text: 'port of the data channel (ticks, PUB/SUB)', unit: 'port' },
  eventPort: { value: 'N', text: 'port of the event channel (PUB/SUB)', unit: 'port' },
  panelPort: { value: 'N|none', text: 'port of the panel for a browser at this machine', unit: 'port' },
  terminal: { value: 'paper|bridge', text: 'the embedded paper terminal, or a real MetaTrader 5' },
  bridgePipe: { value: 'NAME', text: 'bridge: name of the pipe to the program in MetaTrader' },
  bridgePort: { value: 'N', text: 'bridge: its TCP port on 127.0.0.1, where the pipe cannot be used', unit: 'port' },
  bridgeSettleS: { value: 'N', text: 'bridge: so long after a lost answer no trace of an order is proof', unit: 's' },
  security: { value: 'MODE', text: 'local, plain-network or encrypted' },
  allowFrom: { value: 'CIDR,CIDR', text: 'plain-network: who may connect, like 10.0.0.0/24' },
  acceptUnencrypted: { value: 'true|false', text: 'plain-network: that everyone there can read and trade is accepted' },
  requestsPerSecond: { value: 'N', text: 'over the network: more of one connection are refused; 0: no limit' },
  maxSubscriptions: { value: 'N', text: 'more subscriptions at once end all connections of that channel' },
  symbols: { value: 'A,B', text: 'symbols to stream even when nobody has named them' },
  commandDeadlineMs: { value: 'N', text: 'after this many ms a trading command is answered PENDING', unit: 'ms' },
  ttlMs: { value: 'N', text: 'how old a trading command may be when it starts, in ms', unit: 'ms' },
  magicBase: { value: 'N', text: "first of the gateway's own magic numbers" },
  linkHaltAfterS: { value: 'N', text: 'a terminal that is silent for so long halts; 0: it only suspends', unit: 's' },
  diskWarnMib: { value: 'N', text: 'warn when the disk has less than so many MiB free', unit: 'MiB' },
  diskReduceMib: { value: 'N', text: 'only closing is allowed when it has less than so many', unit: 'MiB' },
  limitDailyLossSoft: { value: 'M', text: 'loss since 00:00 UTC from which only closing is allowed', unit: 'money' },
  limitDailyLossHard: { value: 'M', text: 'loss since 00:00 UTC that halts and closes everything', unit: 'money' },
  limitDrawdownSoft: { value: 'M', text: 'fall of the equity from its peak: only closing is allowed', unit: 'money' },
  limitDrawdownHard: {
    value: 'M',
    text: 'fall of the equity from its peak: halts and closes everything',
    unit: 'money',
  },
  limitEquityFloorSoft: { value: 'M', text: 'equity below which only closing is allowed', unit: 'money' },
  limitEquityFloorHard: { value: 'M', text: 'equity below which it halts and closes everything', unit: 'money' },
  limitOrdersPerMinute: { value: 'N', text: 'more orders in a minute halt' },
  limitRejectsPerMinute: { value: 'N', text: 'more rejected orders in a minute halt' },
  limitOpenPositions: { value: 'N', text: 'an order beyond so many open positions is refused' },
  limitOrderVolume: { value: 'LOTS', text: 'an order of more lots is refused', unit: 'lots' },
  paperSeed: { value: 'N', text: 'paper: seed of the prices' },
  paperLatencyMs: { value: 'N', text: 'paper: how long an order takes, in ms', unit: 'ms' },
  paperMargin: { value: 'hedging|netting', text: 'paper: how positions are kept' },
  paperTicks: { value: 'FILE', text: "paper: replay ticks from MetaTrader's CSV export" },
  paperTicksPerSecond: { value: 'N', text: 'paper: ticks a second and symbol', unit: 'ticks/s' },
  paperSuffix: { value: 'S', text: 'paper: suffix of the symbol names, like .s' },
  language: { value: 'system|en|zh-CN', text: 'language of window, panel and tray', live: true },
  theme: { value: 'system|light|dark', text: 'colours of window and panel', live: true },
  killAtOnce: { value: 'true|false', text: 'one press of the kill control halts and closes all', live: true },
};

export const SETTING_KEYS = Object.keys(DESCRIPTIONS) as readonly SettingKey[];

/** `commandPort` as a flag: `command-port`. */
export const flagName = (key: SettingKey): string => words(key).join('-');
/** `commandPort` in the settings file: `command_port`. */
export const fileName = (key: SettingKey): string => words(key).join('_');
/** `commandPort` in the environment: `MT5_FABRIC_COMMAND_PORT`. */
export const environmentName = (key: SettingKey): string => `MT5_FABRIC_${fileName(key).toUpperCase()}`;

function words(key: SettingKey): string[] {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).split(' ');
}
