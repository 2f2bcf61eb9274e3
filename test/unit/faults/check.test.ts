import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { check } from '../../faults/check.ts';
import { JournalEvidence } from '../../faults/journal-evidence.ts';
import { LogEvidence } from '../../faults/log-evidence.ts';
import { newCommand, type Asked, type SentCommand } from '../../faults/sent-command.ts';
import type { Reply } from '../../faults/wire-client.ts';

const BUY: Asked = { kind: 'market', payload: { symbol: 'EURUSD', side: 'BUY', volume: 0.01 } };
const DONE = { ticket: 1001, order: 1001, deal: 1002 };

/** What one command has left: as it is when everything is right, for a test to take something away from. */
class Scene {
  readonly command: SentCommand;
  readonly log = new LogEvidence();
  readonly journal = new JournalEvidence();
  readonly killsAtMs: number[] = [];
  #head = { seq: 0, hash: '0'.repeat(64) };

  constructor(asked: Asked = BUY) {
    this.command = newCommand('alpha', asked);
  }

  row(type: string, status: string, more: { answer?: object; claim?: number } = {}): this {
    const { client, reqId } = this.command.key;
    const { answer, claim = null } = more;
    const content = {
      ...{ seq: this.#head.seq + 1, type, actor: client, req_id: reqId, claim, status },
      answer: answer === undefined ? null : JSON.stringify(answer),
    };
    const prev_hash = this.#head.hash;
    const hash = createHash('sha256')
      .update(prev_hash + JSON.stringify(Object.values(content)))
      .digest('hex');
    this.#head = { seq: content.seq, hash };
    this.log.take({ ...content, prev_hash, hash });
    return this;
  }

  dispatched(): this {
    return this.row('INTENT', 'ACCEPTED', { claim: 1 }).row('DISPATCH', 'DISPATCHING');
  }

  done(data: object = DONE): this {
    return this.row('OUTCOME', 'DONE', { answer: { status: 'SUCCESS', data } });
  }

  refused(code: string): this {
    return this.row('REFUSED', 'REFUSED', { claim: 1, answer: { status: 'ERROR', code, data: {} } });
  }

  order(ticket: number, tag = this.command.tag, state = 'FILLED', doneAtMs = 0): this {
    const order = { ticket: String(ticket), comment: `~${tag}`, state, volumeInitialLots: 0.01, doneAtMs };
    this.journal.take({ changes: [{ kind: state === 'PLACED' ? 'ORDER' : 'ORDER_DONE', order }] });
    return this;
  }

  deal(ticket: number, order: number): this {
    const deal = { ticket: String(ticket), order: String(order), comment: `~${this.command.tag}` };
    this.journal.take({ changes: [{ kind: 'DEAL', deal: { ...deal, entry: 'IN', volumeLots: 0.01 } }] });
    return this;
  }

  position(ticket: number): this {
    this.journal.take({ changes: [{ kind: 'POSITION', position: { ticket: String(ticket), comment: '' } }] });
    return this;
  }

  told(status: Reply['status'], data: object = DONE, more: Partial<Reply> = {}): this {
    const { reqId } = this.command.key;
    this.command.replies.push({ req_id: reqId, status, data, error: null, code: null, ...more });
    return this;
  }

  toldError(code: string): this {
    return this.told('ERROR', {}, { code, error: 'no' });
  }

  found(): readonly string[] {
    const { log, journal: account, killsAtMs } = this;
    return check({ log, account, killsAtMs, sent: [this.command] }).map(({ kind, what }) => `${kind}: ${what}`);
  }
}

const scene = (asked?: Asked) => new Scene(asked);
const one = (...parts: readonly string[]) => [expect.stringMatching(parts.join('.*')) as string];

describe('the check of acknowledgements finds nothing', () => {
  it('where an order was executed once, recorded and answered', () => {
    expect(scene().dispatched().done().order(1001).deal(1002, 1001).told('SUCCESS').found()).toEqual([]);
  });

  it('where the answer was given again as a duplicate', () => {
    const twice = scene().dispatched().done().order(1001).deal(1002, 1001).told('SUCCESS');
    expect(twice.told('SUCCESS', DONE, { duplicate: true }).found()).toEqual([]);
  });

  it('where an order was refused and left nothing', () => {
    expect(scene().refused('STALE').toldError('STALE').found()).toEqual([]);
  });

  it('where nobody was told and nothing happened', () => {
    expect(scene().found()).toEqual([]);
  });

  it('where the log could not be written and the client was told so', () => {
    expect(scene().toldError('AUDIT_UNAVAILABLE').found()).toEqual([]);
  });
});

describe('the check of acknowledgements reports as lost', () => {
  it('a SUCCESS without a row', () => {
    expect(scene().told('SUCCESS').found()).toEqual(one('^lost', 'no row'));
  });

  it('an ERROR or a PENDING without a row', () => {
    expect(scene().toldError('REJECTED').found()).toEqual(one('^lost', 'no row'));
    expect(scene().told('PENDING', {}, { code: 'OUTCOME_UNKNOWN' }).found()).toEqual(one('^lost', 'no row'));
  });

  it('a SUCCESS whose outcome is not in the log', () => {
    const found = scene().dispatched().order(1001).deal(1002, 1001).told('SUCCESS').found();
    expect(found).toEqual([...one('^unsettled', 'DISPATCHING'), ...one('^lost', 'the log has DISPATCHING')]);
  });

  it('a SUCCESS whose ticket differs from the recorded one', () => {
    const other = scene().dispatched().done().order(1001).deal(1002, 1001);
    expect(other.told('SUCCESS', { ...DONE, ticket: 1009 }).found()).toEqual(one('^lost', '1009'));
  });

  it('a SUCCESS whose deal is not in the account', () => {
    expect(scene().dispatched().done().told('SUCCESS').found()).toEqual(one('^lost', 'no deal 1002'));
  });

  it('a SUCCESS whose pending order, closing or cancellation is not in the account', () => {
    const pending = scene({ kind: 'pending', payload: {} }).dispatched().done().told('SUCCESS');
    expect(pending.found()).toEqual(one('^lost', 'no order 1001'));
    const gone = { ...DONE, deal: 0 };
    const close = scene({ kind: 'close', ticket: 1001, payload: {} }).position(1001);
    expect(close.dispatched().done(gone).told('SUCCESS', gone).found()).toEqual(
      one('^lost', 'closing of position 1001'),
    );
    const cancel = scene({ kind: 'cancel', ticket: 1001, payload: {} }).order(1001, 'a'.repeat(12), 'PLACED');
    expect(cancel.dispatched().done(gone).told('SUCCESS', gone).found()).toContainEqual(
      expect.stringMatching('^lost.*cancelled order 1001'),
    );
  });
});

describe('the check of acknowledgements reports as doubled', () => {
  it('two orders with the tag of one command', () => {
    const twice = scene().dispatched().done().order(1001).deal(1002, 1001).order(1003).deal(1004, 1003);
    expect(twice.told('SUCCESS').found()).toEqual(one('^doubled', '1001 and 1003'));
  });

  it('more volume dealt than was asked for', () => {
    const twice = scene().dispatched().done().order(1001).deal(1002, 1001).deal(1003, 1001);
    expect(twice.told('SUCCESS').found()).toEqual(one('^doubled', '0.02 lots'));
  });
});

describe('the check of acknowledgements reports as unsettled', () => {
  it.each(['ACCEPTED', 'UNKNOWN'])('a command that the log leaves %s', (status) => {
    expect(scene().dispatched().row('OUTCOME', status).found()).toEqual(one('^unsettled', status));
  });
});

describe('the check of acknowledgements reports as contradicted', () => {
  it('an order after an ERROR', () => {
    const found = scene().refused('STALE').order(1001).toldError('STALE').found();
    expect(found).toContainEqual(expect.stringMatching('^contradicted.*answered STALE.*1001'));
  });

  it('an order whose intent was refused by the disk', () => {
    const found = scene().order(1001).toldError('AUDIT_UNAVAILABLE').found();
    expect(found).toEqual([
      ...one('^contradicted', 'without a recorded intent'),
      ...one('^contradicted', 'answered AUDIT_UNAVAILABLE', '1001'),
    ]);
  });

  it('an order of a command that the log calls expired', () => {
    const expired = scene().dispatched().row('OUTCOME', 'EXPIRED').order(1001);
    expect(expired.found()).toEqual(one('^contradicted', '1001 exists', 'EXPIRED'));
  });

  it('an order that nobody sent', () => {
    expect(scene().order(1001, 'z'.repeat(12)).found()).toEqual(one('^contradicted', 'z{12}'));
  });

  it('a cancellation after an ERROR, unless a kill explains it', () => {
    const asked: Asked = { kind: 'cancel', ticket: 1001, payload: {} };
    const cancelled = scene(asked).refused('STALE').order(1001, 'a'.repeat(12), 'CANCELED', 10_000).toldError('STALE');
    expect(cancelled.found()).toContainEqual(expect.stringMatching('^contradicted.*1001 was cancelled'));
    cancelled.killsAtMs.push(9_000);
    expect(cancelled.found()).not.toContainEqual(expect.stringMatching('was cancelled'));
  });

  it('two replies that both claim to be the first', () => {
    const twice = scene().dispatched().done().order(1001).deal(1002, 1001).told('SUCCESS').told('SUCCESS');
    expect(twice.found()).toEqual(one('^contradicted', '2 replies'));
  });

  it('a row that was changed or taken out', () => {
    const changed = scene();
    changed.log.take({ seq: 1, type: 'ARMED', req_id: null, prev_hash: '0'.repeat(64), hash: 'f'.repeat(64) });
    expect(changed.found()).toEqual(one('^contradicted', 'row 1 does not match its hash'));
    const missing = scene();
    missing.log.take({ seq: 2, type: 'ARMED', req_id: null, prev_hash: '0'.repeat(64), hash: 'f'.repeat(64) });
    expect(missing.found()).toEqual(one('^contradicted', 'row 2 follows row 0'));
  });
});
