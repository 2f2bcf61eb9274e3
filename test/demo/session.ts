import { randomUUID } from 'node:crypto';
import type { Reply, WireTicket, ZmqClient } from '../../main/brain/index.ts';
import { dollars, lots } from './figures.ts';
import { expectThat, type Story } from './story.ts';

/** What a session holds when it comes to the kill switch. */
const POSITIONS_AT_THE_END = 2;
/** A limit this far below the market waits for as long as the story lasts. */
const FAR_BELOW = 0.99;

/** Tells a trading session from the first heartbeat to the kill switch, as a brain goes through it. */
export async function tellSession(story: Story, brain: ZmqClient): Promise<void> {
  story.say('A brain connects and looks around.');
  await story.step('asks: are you there?', () => heartbeat(brain));
  await story.step('asks for the account', () => account(brain));
  const bid = await watchPrices(story, brain);

  story.say('It trades.');
  await openAndCloseHalf(story, brain);
  await placeAndCancel(story, brain, bid);

  story.say('The brain is not sure that an order arrived, so it sends the very same one again.');
  await sendTwice(story, brain);
  await story.step('counts its positions', () => positions(brain, POSITIONS_AT_THE_END));

  story.say('Something is wrong. Somebody pulls the kill switch.');
  await story.step('KILL SWITCH', () => kill(brain));
  await story.step('tries another order', () => refusedOrder(brain));
  await story.step('counts its positions', () => positions(brain, 0));
}

async function heartbeat(brain: ZmqClient): Promise<string> {
  const { service, version, mode, account_mode } = dataOf(await brain.sendCommand('HEARTBEAT'));
  expectThat(mode === 'TRADING', `the mode should be TRADING, not ${mode}`);
  return `${service} ${version} is alive, mode ${mode}, account ${account_mode}`;
}

async function account(brain: ZmqClient): Promise<string> {
  const { balance, equity, margin_free } = dataOf(await brain.sendCommand('GET_ACCOUNT_INFO', {}));
  expectThat(balance > 0, `the balance should be above 0, not ${balance}`);
  return `balance ${dollars(balance)}, equity ${dollars(equity)}, free margin ${dollars(margin_free)}`;
}

async function watchPrices(story: Story, brain: ZmqClient): Promise<number> {
  const bids: number[] = [];
  await story.step('listens to EURUSD', async () => {
    const seqs: number[] = [];
    for await (const { symbol, bid, ask, seq } of brain.streamData({ symbols: ['EURUSD'] })) {
      expectThat(symbol === 'EURUSD' && bid > 0 && ask >= bid, `no price of EURUSD: ${symbol} ${bid}/${ask}`);
      bids.push(bid);
      seqs.push(seq);
      if (bids.length === 5) break;
    }
    expectThat(seqs.at(-1)! - seqs[0]! === 4, `ticks are missing between ${seqs.join(', ')}`);
    return `5 ticks, none missing: bid ${bids.map((bid) => bid.toFixed(5)).join('  ')}`;
  });
  return bids.at(-1)!;
}

async function openAndCloseHalf(story: Story, brain: ZmqClient): Promise<void> {
  let ticket: WireTicket = 0;
  await story.step('buys 0.10 EURUSD', async () => {
    const opened = dataOf(await brain.sendCommand('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.1, side: 'BUY' }));
    expectThat(opened.volume === 0.1, `0.10 lots should be filled, not ${opened.volume}`);
    ticket = known(opened.ticket);
    return `filled: ${lots(opened.volume)} at ${opened.price}, position #${ticket}`;
  });
  await story.step('closes half of it', async () => {
    const closed = dataOf(await brain.sendCommand('CLOSE_POSITION', { ticket, volume: 0.05 }));
    const [left] = dataOf(await brain.sendCommand('GET_POSITIONS', { ticket }));
    expectThat(left?.volume === 0.05, `0.05 lots should be left, not ${left?.volume}`);
    return `closed: ${lots(closed.volume)} at ${closed.price}, ${lots(left.volume)} of #${ticket} left`;
  });
}

async function placeAndCancel(story: Story, brain: ZmqClient, bid: number): Promise<void> {
  const price = Number((bid * FAR_BELOW).toFixed(5));
  let ticket: WireTicket = 0;
  await story.step('waits for a lower price', async () => {
    const order = { symbol: 'EURUSD', volume: 0.1, side: 'BUY', type: 'LIMIT', price } as const;
    ticket = known(dataOf(await brain.sendCommand('OPEN_ORDER', order)).ticket);
    const pending = dataOf(await brain.sendCommand('GET_ORDERS', {}));
    expectThat(pending.length === 1, `one order should be pending, not ${pending.length}`);
    return `pending: ${pending[0]!.type} 0.10 EURUSD at ${price}, order #${ticket}`;
  });
  await story.step('changes its mind', async () => {
    dataOf(await brain.sendCommand('CANCEL_ORDER', { ticket }));
    const pending = dataOf(await brain.sendCommand('GET_ORDERS', {}));
    expectThat(pending.length === 0, `no order should be pending, not ${pending.length}`);
    return `cancelled: order #${ticket} is gone`;
  });
}

async function sendTwice(story: Story, brain: ZmqClient): Promise<void> {
  const reqId = randomUUID();
  const sell = () => brain.sendCommand('OPEN_ORDER', { symbol: 'XAUUSD', volume: 0.01, side: 'SELL' }, { reqId });
  let first: WireTicket = 0;
  await story.step('sells 0.01 XAUUSD', async () => {
    const { ticket, volume, price } = dataOf(await sell());
    first = known(ticket);
    return `filled: ${lots(volume)} at ${price}, position #${first}`;
  });
  await story.step('sends it once more', async () => {
    const again = await sell();
    const { ticket } = dataOf(again);
    expectThat(again.duplicate === true, 'the second answer should be marked as a duplicate');
    expectThat(ticket === first, `the second answer should name #${first}, not #${ticket}`);
    return `the recorded answer again: position #${ticket}, duplicate: true`;
  });
}

async function positions(brain: ZmqClient, expected: number): Promise<string | readonly string[]> {
  const held = dataOf(await brain.sendCommand('GET_POSITIONS', {}));
  expectThat(held.length === expected, `${expected} positions should be open, not ${held.length}`);
  if (held.length === 0) return 'none is open';
  return held.map(
    ({ ticket, type, symbol, volume, profit }) => `#${ticket}  ${type} ${lots(volume)} ${symbol}, ${dollars(profit)}`,
  );
}

async function kill(brain: ZmqClient): Promise<string> {
  const { positions_closed, total_positions } = dataOf(await brain.sendCommand('KILL_SWITCH', { reason: 'the demo' }));
  expectThat(
    positions_closed === POSITIONS_AT_THE_END && total_positions === POSITIONS_AT_THE_END,
    `${POSITIONS_AT_THE_END} positions should be closed, not ${positions_closed} of ${total_positions}`,
  );
  const { mode } = dataOf(await brain.sendCommand('HEARTBEAT'));
  expectThat(mode === 'HALTED', `the mode should be HALTED, not ${mode}`);
  return `${mode}: ${positions_closed} of ${total_positions} positions closed, no new order gets in`;
}

async function refusedOrder(brain: ZmqClient): Promise<string> {
  const reply = await brain.sendCommand('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.1, side: 'BUY' });
  expectThat(reply.status === 'ERROR', `the order should be refused, not answered ${reply.status}`);
  expectThat(reply.code === 'KILL_SWITCH_ENGAGED', `the code should be KILL_SWITCH_ENGAGED, not ${reply.code}`);
  return `refused: ${reply.error}`;
}

/** What a reply says, if it says that it happened. */
function dataOf<Data>(reply: Reply<Data>): Data {
  expectThat(reply.status === 'SUCCESS', `${reply.status} ${reply.code ?? ''}: ${reply.error}`);
  return reply.data;
}

function known(ticket: WireTicket | undefined): WireTicket {
  expectThat(ticket !== undefined, 'the answer names no ticket');
  return ticket;
}
