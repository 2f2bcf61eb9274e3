import { ACTION_CLASS, type Action, isAction } from '../protocol/actions.ts';
import { refusal, type Refusal } from '../protocol/codes.ts';
import type { Role } from '../protocol/connection-file.ts';

/** What a request asks for, as far as a role is concerned. */
export interface Asked {
  readonly action: string | null;
  /** A HEARTBEAT that renews a lease can stop trading when it ends: that is for who trades. */
  readonly renewsLease: boolean;
}

/** Why a role may not do this, or null. What is no action at all is not refused here: it is refused as what it is. */
export function mayDo(client: string, role: Role, { action, renewsLease }: Asked): Refusal | null {
  if (action === null || !isAction(action) || role === 'trade') return null;
  const isKill = action === 'KILL_SWITCH';
  if (role === 'kill' ? isKill : isRead(action) && !renewsLease) return null;
  return refusal('NOT_AUTHORISED', `"${client}" is paired with the role ${role}: ${SENTENCES[role]}; ${action} is not`);
}

function isRead(action: Action): boolean {
  return ACTION_CLASS[action] === 'ask';
}

const SENTENCES: Readonly<Record<Exclude<Role, 'trade'>, string>> = {
  read: 'questions, HEARTBEAT without a lease and BYE are allowed',
  kill: 'KILL_SWITCH is allowed',
};
