// A client in TypeScript: node client.ts [host]. Needs the package mt5-fabric.
import { CommandTimeout, ZmqClient } from 'mt5-fabric/brain';

await using client = new ZmqClient({ host: process.argv[2] ?? '127.0.0.1', clientId: 'example' });

const alive = await client.sendCommand('HEARTBEAT');
console.log(alive.data);

try {
  const opened = await client.sendCommand('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'SELL' });
  if (opened.status === 'SUCCESS' && opened.data.ticket !== undefined) {
    const closed = await client.sendCommand('CLOSE_POSITION', { ticket: opened.data.ticket });
    console.log(closed.status, closed.data);
  } else {
    console.log(opened.status, opened.code, opened.error);
  }
} catch (error) {
  if (!(error instanceof CommandTimeout) || !error.sent) throw error;
  // It may have happened: the identical bytes again, which the gateway runs at most once.
  const reply = await client.resend(error.reqId);
  console.log(reply.status, reply.data);
}

let seen = 0;
for await (const tick of client.streamData({ symbols: ['EURUSD'] })) {
  console.log(tick.symbol, tick.bid, tick.ask);
  if (++seen === 5) break;
}
