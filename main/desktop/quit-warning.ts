import type { TFunction } from 'i18next';
import type { Clock } from '../clock.ts';
import type { ControlFeed, ControlTopic, TopicValue } from '../control/contract.ts';

/** A brain that was heard within this time is connected, in milliseconds. */
const CONNECTED_MS = 60_000;
/** So long the first value of a topic is waited for, in milliseconds. */
const PATIENCE_MS = 2_000;
/** A book that was asked for longer ago is not the one that is left behind, in milliseconds. */
const BOOK_HOLDS_MS = 3_000;
const MOST_NAMES = 5;

/** What ending the gateway would leave behind; null for what cannot be told. */
export interface AtStake {
  readonly brains: readonly string[];
  readonly openPositions: number | null;
}

/** Asks the gateway what is at stake; waits for two seconds at most. */
export async function atStake(feed: ControlFeed, clock: Clock): Promise<AtStake> {
  const [clients, book] = await Promise.all([
    firstOf('clients', () => true, feed, clock),
    firstOf('book', (told) => isOfNow(told) || told.fault !== null, feed, clock),
  ]);
  const isConnected = ({ last_seen_ms }: { last_seen_ms: number }) => clock.nowMs() - last_seen_ms <= CONNECTED_MS;
  return {
    brains: (clients?.clients ?? []).filter(isConnected).map(({ name }) => name),
    openPositions: book !== null && isOfNow(book) ? book.positions.length : null,
  };
}

/** What to say before quitting, one sentence a line; empty where nothing is at stake. */
export function quitWarning({ brains, openPositions }: AtStake, t: TFunction): string[] {
  const names = [...brains.slice(0, MOST_NAMES), ...(brains.length > MOST_NAMES ? ['…'] : [])].join(', ');
  const lines: string[] = [];
  if (brains.length > 0) lines.push(t('desktop.quit.brains', { names }));
  if (openPositions === null) lines.push(t('desktop.quit.unknown'));
  else if (openPositions > 0) lines.push(t('desktop.quit.positions', { count: openPositions }));
  return lines;
}

/** The first value of a topic may be one of an hour ago, when it was last followed, or of a terminal never asked. */
function isOfNow({ asked_ms_ago: agoMs, fault }: TopicValue<'book'>): boolean {
  return fault === null && agoMs !== null && agoMs <= BOOK_HOLDS_MS;
}

/** The first value that tells something; null where none comes in time. */
function firstOf<T extends ControlTopic>(
  topic: T,
  tells: (value: TopicValue<T>) => boolean,
  feed: ControlFeed,
  clock: Clock,
): Promise<TopicValue<T> | null> {
  return new Promise((resolve) => {
    let end = () => {};
    const settle = (value: TopicValue<T> | null) => {
      resolve(value);
      cancel();
      // The first value may come before `subscribe` has returned.
      queueMicrotask(() => end());
    };
    const cancel = clock.after(PATIENCE_MS, () => settle(null));
    end = feed.subscribe(topic, (value) => {
      if (tells(value)) settle(value);
    });
  });
}
