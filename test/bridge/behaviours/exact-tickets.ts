import { expect } from 'vitest';
import type { Behaviour } from '../behaviour.ts';
import { behaviour } from '../behaviour.ts';
import { exact, rowsOf, ticketOf } from '../behaviour-rig.ts';

/** The first whole number that a double cannot hold. */
const BIG = 9_007_199_254_740_993n;

const above = (name: string, run: Behaviour['run']) => behaviour(name, run, { firstTicket: BIG });

/** Tickets above 2^53, exact on every way. */
export const EXACT_TICKETS = [
  above('a ticket of 9007199254740993 is exact in the reply, on the wire too', async (rig) => {
    const sent = rig.send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.1, side: 'BUY' });
    const reply = await rig.reply(sent);
    expect(ticketOf(reply)).toBe(BIG);
    expect(sent.text).toContain('"ticket":9007199254740993,');
    expect((await rig.truth.positions()).map(({ ticket }) => ticket)).toEqual([BIG]);
    expect(exact(reply.data['deal'])).toBe((await rig.truth.deals())[0]?.ticket);
  }),

  above('positions of neighbouring tickets are told apart when one is closed', async (rig) => {
    const tickets = [await rig.opened(), await rig.opened(), await rig.opened()];
    const rows = rowsOf(await rig.ask('GET_POSITIONS')).map(({ ticket }) => exact(ticket));
    expect(rows).toEqual(tickets);
    const [, second = 0n] = tickets;
    expect(await rig.ask('CLOSE_POSITION', { ticket: second })).toMatchObject({ status: 'SUCCESS' });
    expect((await rig.truth.positions()).map(({ ticket }) => ticket)).toEqual([tickets[0], tickets[2]]);
  }),

  above('a ticket that is rounded to a double is another one', async (rig) => {
    await rig.opened();
    const reply = await rig.ask('CLOSE_POSITION', { ticket: Number(BIG) });
    expect(reply).toMatchObject({ status: 'ERROR' });
    expect(await rig.truth.positions()).toHaveLength(1);
  }),

  above('a pending order of such a ticket is changed and cancelled', async (rig) => {
    const ticket = ticketOf(await rig.open({ type: 'LIMIT', price: 1.05 }));
    expect(ticket).toBe(BIG);
    expect(await rig.ask('MODIFY_ORDER', { ticket, price: 1.06 })).toMatchObject({ status: 'SUCCESS' });
    expect(await rig.truth.orders()).toMatchObject([{ ticket, openPrice: 1.06 }]);
    expect(await rig.ask('CANCEL_ORDER', { ticket })).toMatchObject({ status: 'SUCCESS' });
    expect(await rig.truth.orders()).toEqual([]);
  }),

  above('stops of such a ticket are changed, and its history is found', async (rig) => {
    const ticket = await rig.opened();
    expect(await rig.ask('MODIFY_POSITION', { ticket, sl: 1.09 })).toMatchObject({ status: 'SUCCESS' });
    await rig.ask('CLOSE_POSITION', { ticket });
    const deals = await rig.until('both deals', async () => {
      const { data } = await rig.ask('GET_HISTORY', { from: 0, ticket });
      const found = data['deals'] as { position_id: unknown }[];
      return found.length === 2 ? found : null;
    });
    expect(deals.map((deal) => exact(deal.position_id))).toEqual([ticket, ticket]);
  }),

  above('CLOSE_ALL and KILL_SWITCH name such tickets exactly', async (rig) => {
    const first = await rig.opened();
    const all = (await rig.ask('CLOSE_ALL')).data['tickets'] as { ticket: unknown }[];
    expect(all.map(({ ticket }) => exact(ticket))).toEqual([first]);
    const second = await rig.opened();
    const killed = (await rig.ask('KILL_SWITCH')).data['tickets'] as { ticket: unknown }[];
    expect(killed.map(({ ticket }) => exact(ticket))).toEqual([second]);
    await rig.until('an empty book', async () => (await rig.truth.positions()).length === 0);
  }),

  above('an order of unknown outcome is found with its exact ticket', async (rig) => {
    rig.market.next({ kind: 'misreport', retcode: 10012 });
    await rig.open({}, { reqId: 'order' });
    const { data } = await rig.outcome('order');
    expect(exact((data as Record<string, unknown>)['ticket'])).toBe(BIG);
  }),
];
