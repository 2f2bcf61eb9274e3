import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BrokerEvidence } from '../../../bridge/faults/broker-evidence.ts';
import { checkRun } from '../../../bridge/faults/run-check.ts';
import { LogEvidence } from '../../../faults/log-evidence.ts';
import { newCommand, type Asked, type SentCommand } from '../../../faults/sent-command.ts';
import type { Reply } from '../../../faults/wire-client.ts';
import { SimBroker } from '../../../mql5/broker/sim-broker.ts';
import { aDeal, aStopChange } from '../../mql5/broker/requests.ts';

const BUY: Asked = { kind: 'market', payload: {} };

const UNSETTLED = expect.stringMatching(/^unsettled: .* never got a final reply$/) as string;

describe('The check of a run', () => {
  let broker: SimBroker;
  let account: BrokerEvidence;

  beforeEach(async () => {
    broker = await SimBroker.start();
    account = new BrokerEvidence(broker);
    broker.onSend = (request, phase) => {
      account.note(request, phase);
    };
  });

  afterEach(() => broker.stop());

  it('finds an order that reached the broker twice', async () => {
    const command = told(newCommand('alpha', BUY), 'SUCCESS');
    await buy(command);
    await buy(command);
    const found = foundIn(command);
    expect(found).toContainEqual(expect.stringMatching(/^doubled: .* orders \d+ and \d+ carry its tag$/));
    expect(found).toContainEqual(expect.stringMatching(/^doubled: .* 2 requests reached the broker, 2 were executed$/));
  });

  it('finds one whose comment the broker has overwritten', async () => {
    broker.commentsRewritten = true;
    const command = told(newCommand('alpha', BUY), 'ERROR');
    await buy(command);
    expect(foundIn(command)).toContainEqual(expect.stringMatching(/^contradicted: .* the broker has executed it$/));
  });

  it('finds a change that was never made, and one that was made against what was told', async () => {
    const opening = newCommand('alpha', BUY);
    await buy(opening);
    const [position] = broker.positions;
    const change = (status: Reply['status']) =>
      told(newCommand('alpha', { kind: 'protect', ticket: Number(position?.ticket), payload: {} }), status);
    const lost = expect.stringMatching(/^lost: protect .* has executed none of its 0 requests$/) as string;
    const contradicted = expect.stringMatching(/^contradicted: protect .* the broker has executed it$/) as string;
    expect(foundIn(change('SUCCESS'))).toContainEqual(lost);
    await broker.send(aStopChange(position?.ticket ?? 0n, 1, 0));
    expect(foundIn(change('SUCCESS'))).not.toContainEqual(lost);
    expect(foundIn(change('ERROR'))).toContainEqual(contradicted);
  });

  it('finds an order that no command has asked for', async () => {
    await broker.send(aDeal({ comment: 'of nobody' }));
    expect(foundIn(newCommand('alpha', BUY))).toContainEqual(expect.stringMatching(/none \("of nobody"\), which no/));
  });

  it('lets no command stay open that left nothing, whatever its program knows of it', () => {
    const open = told(newCommand('alpha', BUY), 'PENDING');
    for (const retcode of [null, 10_009, 10_012]) expect(foundIn(open, retcode)).toContainEqual(UNSETTLED);
  });

  it('lets one stay open whose tag was overwritten, unless the record of the program can tell', async () => {
    broker.commentsRewritten = true;
    const open = told(newCommand('alpha', BUY), 'PENDING');
    await buy(open);
    for (const retcode of [null, 10_012]) expect(foundIn(open, retcode)).not.toContainEqual(UNSETTLED);
    expect(foundIn(open, 10_009)).toContainEqual(UNSETTLED);
  });

  it('lets one stay open that may be the order of another whose tag was overwritten', async () => {
    broker.commentsRewritten = true;
    await buy(newCommand('alpha', BUY));
    const open = told(newCommand('alpha', BUY), 'PENDING');
    expect(foundIn(open)).not.toContainEqual(UNSETTLED);
  });

  function buy({ tag }: SentCommand) {
    return broker.send(aDeal({ comment: `~${tag}` }));
  }

  function foundIn(command: SentCommand, retcode: number | null = null): readonly string[] {
    const known = { log: new LogEvidence(), account, record: { retcodeOf: () => retcode } };
    return checkRun([command], known).violations.map(({ kind, what }) => `${kind}: ${what}`);
  }
});

function told(command: SentCommand, status: Reply['status']): SentCommand {
  const data = { ticket: 1, order: 1, deal: 1 };
  command.replies.push({ req_id: command.key.reqId, status, data, error: null, code: null });
  return command;
}
