import { expect, it } from 'vitest';
import { Brain } from './brain.ts';
import { describeScreens } from './describe-screens.ts';
import { Frame } from './pages/frame.ts';
import { Overview } from './pages/overview.ts';

const FIRST_TICK_WITHIN_MS = 2_000;

describeScreens('trading', (openScreen) => {
  it('shows a tick within two seconds of its opening, and the next ones as they come', async () => {
    await using screen = await openScreen();
    const { page, complaints } = screen;
    await page.reload({ waitUntil: 'commit' });
    expect(await new Overview(page).msUntilTick('EURUSD')).toBeLessThan(FIRST_TICK_WITHIN_MS);
    expect(complaints).toEqual([]);
  });

  it('closes the position that a brain has opened', async () => {
    await using screen = await openScreen();
    const overview = new Overview(screen.page);
    const brain = new Brain(screen);
    await brain.open('EURUSD', '0.10');
    await overview.position('EURUSD').waitFor();
    await overview.close('EURUSD', 'not needed any more');
    await overview.noPositions();
    expect(await brain.ask('positions')).toMatchObject({ status: 'SUCCESS', data: [] });
    expect(screen.complaints).toEqual([]);
  });

  it('halts at the first press, closes all at the second, and trades again after a resume with a reason', async () => {
    await using screen = await openScreen();
    const frame = new Frame(screen.page);
    const brain = new Brain(screen);
    await frame.shows('TRADING');
    await brain.open('EURUSD', '0.10');
    await new Overview(screen.page).position('EURUSD').waitFor();

    await frame.kill.click();
    await frame.shows('HALTED');
    expect(await brain.ask('open', 'EURUSD', '0.10', 'buy')).toMatchObject({
      status: 'ERROR',
      code: 'KILL_SWITCH_ENGAGED',
    });
    await frame.banner.getByText('1 request refused since').waitFor();

    await screen.page.getByRole('button', { name: 'Close 1 position' }).click();
    await frame.banner.getByText('Everything is closed and verified').waitFor();
    expect(await brain.ask('positions')).toMatchObject({ status: 'SUCCESS', data: [] });

    await frame.resume('the spread is normal again');
    await frame.shows('TRADING');
    await brain.open('EURUSD', '0.10');
    expect(screen.complaints).toEqual([]);
  });
});
