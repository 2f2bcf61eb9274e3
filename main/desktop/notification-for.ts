import type { TFunction } from 'i18next';
import { isDown, type DesktopState } from './desktop-state.ts';
import { statusLine } from './status-line.ts';

/** A native notification. */
export interface NotificationView {
  readonly title: string;
  readonly body: string;
}

/** The one notification that a change is worth: a halt, a halt without record, a terminal that went down; else null. */
export function notificationFor(before: DesktopState, after: DesktopState, t: TFunction): NotificationView | null {
  if (!isHalted(before) && isHalted(after)) return { title: t('desktop.notice.halted'), body: statusLine(after, t) };
  if (!before.isUnrecorded && after.isUnrecorded) {
    return { title: t('desktop.notice.haltedUnrecorded'), body: t('desktop.notice.unrecordedBody') };
  }
  if (hasGoneDown(before, after)) return { title: t('desktop.notice.down'), body: downLine(after, t) };
  return null;
}

function isHalted({ live }: DesktopState): boolean {
  return live?.state.mode === 'HALTED';
}

/** A terminal that is not there from the start is shown, but not announced. */
function hasGoneDown({ terminal: before }: DesktopState, { terminal: after }: DesktopState): boolean {
  return before !== null && !isDown(before) && after !== null && isDown(after);
}

function downLine({ terminal }: DesktopState, t: TFunction): string {
  return terminal?.linked === true ? t('desktop.status.notConnected') : t('desktop.status.notLinked');
}
