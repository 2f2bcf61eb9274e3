import type { TFunction } from 'i18next';
import type { TopicValue } from '../control/contract.ts';
import { conditionOf, type Condition, type DesktopState } from './desktop-state.ts';
import { statusLine } from './status-line.ts';

/** Icons of the tray: each a shape of its own, so that colour is never needed to tell them apart. */
export const TRAY_SHAPES = ['shield', 'hourglass', 'pause', 'broken-link', 'octagon'] as const;
export type TrayShape = (typeof TRAY_SHAPES)[number];

/** What the tray's menu can do. A resume is not among it. */
export type TrayAction = 'kill' | 'halt' | 'open' | 'audit' | 'startAtLogin' | 'quit';

/** A line of the menu. A figure changes by itself, and is left out where an open menu cannot be refreshed. */
export type TrayLine =
  | { readonly kind: 'text'; readonly label: string; readonly isFigure: boolean }
  | { readonly kind: 'action'; readonly label: string; readonly action: TrayAction }
  | { readonly kind: 'switch'; readonly label: string; readonly action: TrayAction; readonly isOn: boolean }
  | { readonly kind: 'separator' };

export interface TrayView {
  readonly shape: TrayShape;
  readonly tooltip: string;
  readonly menu: readonly TrayLine[];
}

/** How a tray is worded. */
export interface TrayWording {
  readonly t: TFunction;
  /** For numbers and money, like `en` or `zh-CN`. */
  readonly language: string;
  /** Whether the program starts at login; null where the system has no such switch. */
  readonly startsAtLogin: boolean | null;
}

const SHAPES: Readonly<Record<Condition, TrayShape>> = {
  halted: 'octagon',
  down: 'broken-link',
  paused: 'pause',
  stale: 'hourglass',
  trading: 'shield',
};

/** Windows cuts a tooltip off at this length. */
const LONGEST_TOOLTIP = 127;
const LONGEST_LINE = 80;
/** Figures older than this are not shown, in milliseconds. */
const FIGURES_HOLD_MS = 5_000;
const SEPARATOR = { kind: 'separator' } as const;

/** The tray for a state: icon, tooltip and menu. */
export function trayView(state: DesktopState, wording: TrayWording): TrayView {
  const { t } = wording;
  const status = statusLine(state, t);
  const action = (name: TrayAction): TrayLine => ({ kind: 'action', label: t(`desktop.menu.${name}`), action: name });
  return {
    shape: SHAPES[conditionOf(state)],
    tooltip: shortened(tooltip(state, status, t), LONGEST_TOOLTIP),
    menu: [
      text(status, false),
      ...exposureLines(state, t),
      ...accountLines(state, wording),
      ...[SEPARATOR, action('kill'), action('halt'), SEPARATOR, action('open'), action('audit')],
      ...startLines(wording),
      ...[SEPARATOR, action('quit')],
    ],
  };
}

/** The warning of a network without encryption stands first, where it is not cut off. */
function tooltip({ exposedTo }: DesktopState, status: string, t: TFunction): string {
  const product = t('shell.product');
  return t(exposedTo === null ? 'desktop.tooltip' : 'desktop.tooltipExposed', { product, status });
}

function exposureLines({ exposedTo }: DesktopState, t: TFunction): TrayLine[] {
  if (exposedTo === null) return [];
  if (exposedTo.length === 0) return [text(t('network.warning.nobody'), false)];
  return [text(t('network.warning.text', { networks: exposedTo.join(t('network.separator')) }), false)];
}

function accountLines({ account: told }: DesktopState, { t, language }: TrayWording): TrayLine[] {
  const account = told?.account ?? null;
  if (told === null || account === null) return [text(t('desktop.account.unknown'), false)];
  const { mode, login, server } = account;
  return [
    text(t('desktop.account.line', { mode, login, server }), false),
    text(figures(told, account, t, language), true),
  ];
}

/** A last value is never shown as if it were one of now. */
function figures(
  { asked_ms_ago: agoMs, fault }: TopicValue<'account'>,
  account: NonNullable<TopicValue<'account'>['account']>,
  t: TFunction,
  language: string,
): string {
  if (fault !== null || agoMs === null || agoMs > FIGURES_HOLD_MS) {
    return t('desktop.account.old', { fault: fault ?? t('desktop.status.noTerminal') });
  }
  const profit = money(account.profit, account.currency, language, 'exceptZero');
  return t('desktop.account.figures', { profit, equity: money(account.equity, account.currency, language, 'auto') });
}

function startLines({ t, startsAtLogin }: TrayWording): TrayLine[] {
  if (startsAtLogin === null) return [];
  return [{ kind: 'switch', label: t('desktop.menu.startAtLogin'), action: 'startAtLogin', isOn: startsAtLogin }];
}

function text(label: string, isFigure: boolean): TrayLine {
  return { kind: 'text', label: shortened(label, LONGEST_LINE), isFigure };
}

// A broker's own units, like USDT or a cent account's USC, are no currency that Intl would take.
function money(amount: number, currency: string, language: string, signDisplay: 'auto' | 'exceptZero'): string {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay };
  return `${new Intl.NumberFormat(language, digits).format(amount)} ${currency}`;
}

function shortened(line: string, most: number): string {
  return line.length <= most ? line : `${line.slice(0, most - 1).toWellFormed()}…`;
}
