import { expect, test } from 'vitest';
import type { AuditHead } from '../../../main/audit/audit-log.ts';
import { HeadWitness } from '../../../main/audit/head-witness.ts';
import type { VerifyResult } from '../../../main/audit/verify.ts';
import { verifyLog } from '../../../main/audit/verify-log.ts';
import type { AuditWriter } from '../../../main/audit/writer.ts';
import type { JsonObject } from '../../../main/protocol/json-value.ts';
import { tamper } from '../../fakes/audit-file.ts';
import { dispatch, intent, keyOf, outcome } from '../../fakes/audit-entries.ts';
import { append, claim, writerIn } from '../../fakes/log-writer.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

/** A log of so many orders, each of these lots. */
function logOf(orders: number, lots: string) {
  const dataDir = temporaryFolder();
  const writer = writerIn(dataDir);
  for (let n = 0; n < orders; n += 1) {
    const key = keyOf(`r${n}`);
    const rows = [intent(key, { volume: lots }), dispatch(key, { volume: lots })];
    writer.run([claim(key.reqId, rows), append(outcome(key, { volume: lots }))]);
  }
  return { dataDir, writer };
}

/** The head as somebody noted it who listens on the event channel. */
function notedHead({ head }: AuditWriter): AuditHead {
  const noted: AuditHead[] = [];
  const witness = new HeadWitness({
    clock: new SimulatedClock(),
    audit: { head: () => head },
    announce: ({ event, data }) => {
      if (event === 'AUDIT_HEAD') noted.push(data as JsonObject & AuditHead);
    },
  });
  witness.tell();
  const [first] = noted;
  if (first === undefined) throw new Error('no head was told');
  return first;
}

function verify(dataDir: string, witness?: AuditHead): VerifyResult {
  const steps = verifyLog(dataDir, witness);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

test('audit log 05: a tail that was cut off is seen against a head from the event channel, and only there', () => {
  const { dataDir, writer } = logOf(5, '0.01');
  const witness = notedHead(writer);
  writer.close();
  expect(verify(dataDir, witness)).toEqual({ ok: true, head: witness });
  tamper(dataDir, 'DELETE FROM audit WHERE seq > 12');
  expect(verify(dataDir)).toMatchObject({ ok: true, head: { seq: 12 } });
  expect(verify(dataDir, witness)).toMatchObject({ ok: false, seq: 13 });
});

test('audit log 06: a log that was written anew as a whole is seen against a head from the event channel, and only there', () => {
  const { writer } = logOf(5, '0.01');
  const witness = notedHead(writer);
  const forged = logOf(5, '0.02');
  forged.writer.close();
  expect(verify(forged.dataDir)).toMatchObject({ ok: true, head: { seq: witness.seq } });
  expect(verify(forged.dataDir, witness)).toMatchObject({ ok: false, seq: witness.seq });
});

test('audit log 06: a log that was written anew and went on is seen as well', () => {
  const { writer } = logOf(5, '0.01');
  const witness = notedHead(writer);
  const forged = logOf(9, '0.02');
  forged.writer.close();
  expect(verify(forged.dataDir)).toMatchObject({ ok: true });
  expect(verify(forged.dataDir, witness)).toMatchObject({ ok: false, seq: witness.seq });
});
