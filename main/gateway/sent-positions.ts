import * as z from 'zod';
import type { Position } from '../mt5/market.ts';
import { canonicalJson, parseTrustedJson } from '../protocol/json.ts';
import { SIDES, type Side } from '../protocol/payloads.ts';
import { type Ticket, ticketSchema } from '../protocol/ticket.ts';
import { type ClosePlan, type Plan, volumeToClose } from './plan.ts';

/** A position that a command went out for, as it was then: what a search for its outcome has to know. */
export interface SentPosition {
  readonly ticket: Ticket;
  /** Under this number the terminal's history keeps the position's deals, also when the ticket has changed. */
  readonly positionId: Ticket;
  readonly symbol: string;
  /** Side of the position, not of the deal that closes it. */
  readonly side: Side;
  /** Lots that were to be closed; of the whole position where it was to be changed. */
  readonly volumeLots: number;
  readonly magic: bigint;
}

/** The positions that a plan is about; none for orders. */
export function sentPositions(plan: Plan): readonly SentPosition[] {
  switch (plan.kind) {
    case 'close':
      return [sentPosition(plan)];
    case 'close-all':
      return plan.closes.map(sentPosition);
    case 'modify-position':
      return [sent(plan.position, plan.position.volumeLots)];
    case 'open':
    case 'cancel':
    case 'modify-order':
      return [];
  }
}

/** The position that a close is about. */
export function sentPosition(plan: ClosePlan): SentPosition {
  return sent(plan.position, volumeToClose(plan));
}

/** The positions as the payload of a DISPATCH row, canonical JSON; null where the plan is about none. */
export function sentPayload(plan: Plan): string | null {
  if (plan.kind === 'open' || plan.kind === 'cancel' || plan.kind === 'modify-order') return null;
  const positions = sentPositions(plan).map(({ positionId, volumeLots, ...rest }) => ({
    ...rest,
    position_id: positionId,
    volume: volumeLots,
  }));
  return canonicalJson({ positions });
}

const sentSchema = z.object({
  positions: z.array(
    z.object({
      ticket: ticketSchema,
      position_id: ticketSchema,
      symbol: z.string(),
      side: z.enum(SIDES),
      volume: z.number(),
      magic: z.pipe(
        z.union([z.int(), z.bigint()]),
        z.transform((number) => BigInt(number)),
      ),
    }),
  ),
});

/** Reads such a payload; none where a row has none. */
export function readSentPositions(payload: string | undefined): readonly SentPosition[] {
  if (payload === undefined) return [];
  return sentSchema
    .parse(parseTrustedJson(payload))
    .positions.map(({ position_id: positionId, volume: volumeLots, ...rest }) => ({ ...rest, positionId, volumeLots }));
}

function sent({ ticket, identifier, symbol, side, magic }: Position, volumeLots: number): SentPosition {
  return { ticket, positionId: identifier, symbol, side, volumeLots, magic };
}
