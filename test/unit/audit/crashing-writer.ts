// A gateway's log that is killed while it writes: says on its standard output which commands it was told are on disk.
import { openAuditLog } from '../../../main/audit/open-audit-log.ts';
import { systemClock } from '../../../main/clock.ts';
import { silentLog } from '../../../main/log.ts';
import { intent, keyOf } from '../../fakes/audit-entries.ts';

const dataDir = process.argv[2] ?? '';
const opened = await openAuditLog({ dataDir, session: 's1', appVersion: '0.1.0', clock: systemClock, log: silentLog });
if (!opened.ok) throw new Error(opened.message);
const { log } = opened;

async function claimForEver(lane: number): Promise<void> {
  for (let n = 0; ; n += 1) {
    const key = keyOf(`${lane}-${n}`);
    const claimed = await log.claim(key, [intent(key)]);
    if (claimed.ok) process.stdout.write(`${key.reqId}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, (_, lane) => claimForEver(lane)));
