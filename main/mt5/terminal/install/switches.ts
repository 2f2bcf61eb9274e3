/** A switch without which nothing trades: what it is, and where an operator finds it in MetaTrader. */
export interface Switch {
  readonly what: string;
  readonly where: string;
}

/** The five switches by MT5's name, in the order in which to look at them. */
export const SWITCHES = {
  TERMINAL_CONNECTED: {
    what: 'the connection to the broker',
    where: 'File > Login to Trade Account; the bottom right corner of the window shows the connection',
  },
  TERMINAL_TRADE_ALLOWED: {
    what: 'algorithmic trading in the whole terminal',
    where: 'the Algo Trading button in the toolbar (Ctrl+E): it has to be green',
  },
  MQL_TRADE_ALLOWED: {
    what: 'algorithmic trading of the program on its chart',
    where: 'right-click the chart > Expert List > MT5FabricBridge > Properties (F7) > Common > Allow Algo Trading',
  },
  ACCOUNT_TRADE_ALLOWED: {
    what: 'trading on the account',
    where: 'log in with the master password, not the investor one (File > Login to Trade Account); else ask the broker',
  },
  ACCOUNT_TRADE_EXPERT: {
    what: 'algorithmic trading on the account',
    where: "the broker's server forbids programs on this account: ask the broker, no switch in MetaTrader helps",
  },
} as const satisfies Readonly<Record<string, Switch>>;
export type SwitchName = keyof typeof SWITCHES;
export const SWITCH_NAMES = Object.keys(SWITCHES) as readonly SwitchName[];

/** Where a switch is; for a name that is not known, that name. */
export function whereIs(name: string): string {
  return name in SWITCHES ? SWITCHES[name as SwitchName].where : name;
}
