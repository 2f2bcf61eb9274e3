import { expect, it } from 'vitest';
import { describePanel } from './describe-screens.ts';
import { Frame } from './pages/frame.ts';
import { openPanelScreen } from './panel-screen.ts';

const UNKNOWN_WITHIN_MS = 2_000;
/** Two seconds without a word, and what a busy machine adds. */
const SILENCE_SEEN_WITHIN_MS = 3_500;

/** A browser says on the console that the gateway cannot be reached; everything else is a fault. */
const faultsIn = (complaints: readonly string[]) =>
  complaints.filter((complaint) => !complaint.includes('WebSocket connection to'));

describePanel('the connection', () => {
  it('lost by a crash shows UNKNOWN within two seconds, and comes back by itself, the session with it', async () => {
    await using screen = await openPanelScreen();
    const frame = new Frame(screen.page);
    await frame.shows('TRADING');
    await screen.gateway.crash();
    await frame.shows('UNKNOWN', UNKNOWN_WITHIN_MS);
    await screen.page.getByRole('region', { name: 'No word from the gateway' }).waitFor();

    await screen.restart();
    // What a crash has left is halted until somebody has looked.
    await frame.shows('HALTED');
    await screen.page.reload();
    await frame.shows('HALTED');
    expect(faultsIn(screen.complaints)).toEqual([]);
  });

  it('to a gateway that hangs shows UNKNOWN too, and the state again once it goes on', async () => {
    await using screen = await openPanelScreen();
    const frame = new Frame(screen.page);
    await frame.shows('TRADING');
    screen.gateway.signal('SIGSTOP');
    try {
      await frame.shows('UNKNOWN', SILENCE_SEEN_WITHIN_MS);
    } finally {
      screen.gateway.signal('SIGCONT');
    }
    await screen.page.getByRole('region', { name: 'No word from the gateway' }).waitFor({ state: 'hidden' });
    expect(faultsIn(screen.complaints)).toEqual([]);
  });

  it('is refused to a browser without a session, and the address opens it once', async () => {
    await using screen = await openPanelScreen();
    const stranger = await screen.page.context().browser()!.newContext();
    try {
      const page = await stranger.newPage();
      const answer = await page.goto(screen.gateway.panel);
      expect(answer?.ok()).toBe(false);
      expect(await page.getByRole('banner').count()).toBe(0);
    } finally {
      await stranger.close();
    }
  });
});
