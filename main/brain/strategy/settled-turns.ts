/** Sockets hand over at most 512 messages in one turn of the event loop; half of that means that more may wait. */
const FULL_TURN = 256;
/** No more turns than a full socket and a full stream need, however fast new messages come. */
const MOST_TURNS = 100;

/**
 * Resolves when what had arrived before the call has been read; `received` counts what is read. After a callback that
 * kept this thread busy, thousands of old messages wait: without this the oldest would pass for news.
 */
export async function turnsSettled(received: () => number): Promise<void> {
  let before: number;
  let turns = 0;
  do {
    before = received();
    await new Promise((resolve) => setImmediate(resolve));
    turns += 1;
  } while (received() - before >= FULL_TURN && turns < MOST_TURNS);
}
