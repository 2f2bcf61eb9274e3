// Opens and closes positions on a paper terminal until it is killed or rejected, and prints the ticket of each order once it is answered.
import { writeSync } from 'node:fs';
import { systemClock } from '../../main/clock.ts';
import { silentLog } from '../../main/log.ts';
import { PAPER_DEFAULTS } from '../../main/mt5/paper/paper-options.ts';
import { PaperTerminal } from '../../main/mt5/paper/paper-terminal.ts';
import { RETCODE } from '../../main/mt5/retcodes.ts';
import type { TradeOutcome } from '../../main/mt5/handler.ts';
import { anOrder, answer, OPEN_FENCE } from './paper-orders.ts';

// Past a limit on the size of files the write fails instead of ending the process.
process.on('SIGXFSZ', () => {});
const journalDir = process.argv[2];
if (journalDir === undefined) throw new Error('usage: paper-trader FOLDER');
const terminal = new PaperTerminal(PAPER_DEFAULTS, { clock: systemClock, log: silentLog, journalDir });
await terminal.start();
for (;;) {
  const position = await said(terminal.send(anOrder({ volumeLots: 0.01 }), OPEN_FENCE));
  const close = { ticket: position, symbol: 'EURUSD', deviationPoints: 20, magic: 0n, comment: '' };
  await said(terminal.close(close, OPEN_FENCE));
  // The pipe is read by another process, which needs its turn.
  await new Promise((resolve) => setImmediate(resolve));
}

async function said(call: Promise<TradeOutcome>) {
  const { retcode, message, order, position } = await answer(call);
  const done = retcode === RETCODE.DONE;
  writeSync(1, done ? `${order}\n` : `REJECTED ${message}\n`);
  if (!done) process.exit(0);
  return position;
}
