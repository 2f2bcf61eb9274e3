import type { ActorKind, AuditEntry, RowType } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import { canonicalJson } from '../protocol/json.ts';
import type { JsonObject } from '../protocol/json-value.ts';
import type { Cause, TradingState, Trigger } from './trading-state.ts';

/** A row of the safety state, stamped with the time, the mode and the epoch. */
export function safetyRow(
  type: RowType,
  clock: Clock,
  state: TradingState,
  fields: Partial<AuditEntry> = {},
): AuditEntry {
  return {
    type,
    tsUtcUs: Math.round(clock.nowMs() * 1_000),
    tsMonoUs: Math.round(clock.monoMs() * 1_000),
    actorKind: 'gateway',
    actor: 'gateway',
    epoch: state.epoch,
    mode: state.mode,
    ...fields,
  };
}

/** Someone or something asked for a restriction; `state` is what came of it. */
export function triggerRow(clock: Clock, state: TradingState, trigger: Trigger): AuditEntry {
  const { kind, mode, flatten, actor, reason } = trigger;
  return safetyRow('KILL_TRIGGER', clock, state, {
    actorKind: actorKindOf(trigger),
    actor,
    reason,
    payload: canonicalJson({ flatten, kind, mode }),
  });
}

/** The latched state with its causes: what a restart takes up again. */
export function latchedRow(clock: Clock, state: TradingState): AuditEntry {
  return safetyRow('KILL_LATCHED', clock, state, { payload: causesPayload(state) });
}

/** Payload of a KILL_LATCHED row. A flatten that has been verified is over: a restart must not take it up again. */
export function causesPayload(state: TradingState): string {
  const flatten = state.flattenPhase === 'FLAT' ? 'none' : state.flatten;
  return canonicalJson({ causes: state.causes.map(causeData), flatten, mode: state.mode });
}

/** A cause as JSON, for rows and events. */
export function causeData(cause: Cause): JsonObject {
  return {
    kind: cause.kind,
    mode: cause.mode,
    at_ms: cause.atMs,
    actor: cause.actor,
    reason: cause.reason,
    standing: cause.standing,
    ...(cause.count === undefined ? {} : { count: cause.count }),
  };
}

/** The trading state as JSON: `data` of the events about it. Times in Unix milliseconds. */
export function stateData(state: TradingState): JsonObject {
  return {
    mode: state.mode,
    flatten: state.flatten,
    flatten_phase: state.flattenPhase,
    epoch: state.epoch,
    since_ms: state.sinceMs,
    recorded: state.recorded,
    causes: state.causes.map(causeData),
  };
}

function actorKindOf(trigger: Trigger): ActorKind {
  if (trigger.actor === 'gateway') return 'gateway';
  return trigger.kind === 'WIRE' || trigger.kind === 'LEASE' ? 'client' : 'operator';
}
