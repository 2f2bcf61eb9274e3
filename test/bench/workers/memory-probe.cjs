// A program as small as one can be that uses the brain library (or zeromq.js alone), for weighing it: one answer, a
// pause, its memory, many more answers, a pause, its memory. CommonJS, plain JavaScript and no streams, since what Node
// needs for anything else would be weighed with it.
//   node memory-probe.cjs brain|zeromq PORT REQUESTS
'use strict';
const { writeSync } = require('node:fs');
const { join } = require('node:path');

const PAUSE_MS = 300;
const [kind, port, requests] = process.argv.slice(2);
const heartbeat = kind === 'brain' ? brain() : zeromq();

weigh().then((figures) => {
  writeSync(1, `${JSON.stringify(figures)}\n`);
  process.exit(0);
});

async function weigh() {
  await heartbeat();
  const idle = await settledMemory();
  for (let done = 0; done < Number(requests); done += 1) await heartbeat();
  return { idle, active: await settledMemory() };
}

async function settledMemory() {
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  return process.memoryUsage.rss() / 1024 / 1024;
}

function brain() {
  const { ZmqClient, Action } = require(join(__dirname, '../../../dist/brain.cjs'));
  const client = new ZmqClient({ host: '127.0.0.1', reqPort: Number(port), timeoutMs: 2000 });
  return () => client.sendCommand(Action.HEARTBEAT, {});
}

function zeromq() {
  const { Request } = require('zeromq');
  const socket = new Request({ linger: 0 });
  socket.connect(`tcp://127.0.0.1:${port}`);
  return async () => {
    await socket.send('heartbeat');
    await socket.receive();
  };
}
