import type { TFunction } from 'i18next';
import type { TopicValue } from '../control/contract.ts';
import { conditionOf, type DesktopState } from './desktop-state.ts';

/** How it stands, in one line of words. */
export function statusLine(state: DesktopState, t: TFunction): string {
  const { live, terminal, isUnrecorded } = state;
  switch (conditionOf(state)) {
    case 'halted':
      return haltLine(live, isUnrecorded, t);
    case 'down':
      return terminal?.linked === true ? t('desktop.status.notConnected') : t('desktop.status.notLinked');
    case 'paused':
      return pauseLine(live, t);
    case 'stale':
      if (live === null) return t('desktop.status.starting');
      return terminal === null ? t('desktop.status.noTerminal') : t('desktop.status.stale');
    case 'trading':
      return t('desktop.status.trading');
  }
}

function haltLine(live: TopicValue<'state'> | null, isUnrecorded: boolean, t: TFunction): string {
  const cause = live?.state.causes.find(({ mode }) => mode === 'HALTED');
  if (cause === undefined) return t('desktop.status.haltedUnknown');
  const told = { actor: cause.actor, reason: reasonOf(cause.reason, t) };
  return isUnrecorded ? t('desktop.status.haltedUnrecorded', told) : t('desktop.status.halted', told);
}

function pauseLine(live: TopicValue<'state'> | null, t: TFunction): string {
  const mode = live?.state.mode;
  const cause = live?.state.causes.find((candidate) => candidate.mode === mode);
  const told = { reason: reasonOf(cause?.reason, t) };
  return mode === 'REDUCE_ONLY' ? t('desktop.status.reduceOnly', told) : t('desktop.status.suspended', told);
}

function reasonOf(reason: string | undefined, t: TFunction): string {
  return reason === undefined || reason === '' ? t('desktop.status.noReason') : reason;
}
