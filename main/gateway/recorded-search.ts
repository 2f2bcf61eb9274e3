import type { CommandRecord } from '../audit/audit-log.ts';
import { parseTrustedJson } from '../protocol/json.ts';
import { PAYLOAD_SCHEMAS } from '../protocol/payloads.ts';
import { closingSide } from './plan.ts';
import type { Search, Sought } from './search.ts';
import { readSentPositions } from './sent-positions.ts';

/** The search for what a command of an earlier session did, from its rows alone. Its payload was valid when it was recorded. */
export function recordedSearch(record: CommandRecord): Search {
  const { key, receivedAtMs, updatedAtMs } = record;
  return { ...soughtBy(record), ...key, receivedAtMs, lostAtMs: updatedAtMs };
}

function soughtBy(record: CommandRecord): Sought {
  const given = parseTrustedJson(record.payload);
  const marks = {
    ...(record.tag === null ? {} : { tag: record.tag }),
    ...(record.magic === null ? {} : { magic: BigInt(record.magic) }),
  };
  const positions = readSentPositions(record.dispatch);
  const positionId = positions[0]?.positionId;
  switch (record.action) {
    case 'OPEN_ORDER': {
      const { symbol, side, type, volume: volumeLots } = PAYLOAD_SCHEMAS.OPEN_ORDER.parse(given);
      return { kind: 'open', subject: { ...marks, symbol, side, type, volumeLots } };
    }
    case 'CLOSE_POSITION': {
      const { ticket, volume } = PAYLOAD_SCHEMAS.CLOSE_POSITION.parse(given);
      const asked = volume === undefined ? {} : { volumeLots: volume };
      return { kind: 'close', positionId, subject: { ...marks, ticket, ...asked, ...closeAsSent(record) } };
    }
    case 'CANCEL_ORDER':
      return { kind: 'cancel', ticket: PAYLOAD_SCHEMAS.CANCEL_ORDER.parse(given).ticket };
    case 'MODIFY_POSITION':
      return { kind: 'modify-position', asked: PAYLOAD_SCHEMAS.MODIFY_POSITION.parse(given), positionId };
    case 'MODIFY_ORDER':
      return { kind: 'modify-order', asked: PAYLOAD_SCHEMAS.MODIFY_ORDER.parse(given) };
    case 'CLOSE_ALL':
      return { kind: 'close-all', tag: record.tag ?? '', positions, ended: [] };
    default:
      throw new Error(`${record.action} is no trading command, and yet it is recorded as one`);
  }
}

/** What the terminal was asked to close: the whole position also where the client named no volume. */
function closeAsSent({ dispatch }: CommandRecord) {
  const [sent] = readSentPositions(dispatch);
  if (sent === undefined) return {};
  return { symbol: sent.symbol, side: closingSide(sent), volumeLots: sent.volumeLots };
}
