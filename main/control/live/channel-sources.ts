import type { Clock } from '../../clock.ts';
import type { PaceSecond } from '../../gateway/channel-meter.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { ControlOutput, TopicValue } from '../contract.ts';
import { lookEvery } from './look.ts';
import type { Source } from './topic.ts';

/** As often as the meter cuts a second off. */
const LOOK_EVERY_MS = 1_000;

interface Ports {
  readonly clock: Clock;
  readonly gateway: Pick<Gateway, 'meter' | 'stats'>;
  readonly endpoints: ControlOutput<'status'>['endpoints'];
}

/** The three channels as they are this second. */
export function channelsSource(ports: Ports): Source<TopicValue<'channels'>> {
  return {
    value: () => channels(ports),
    watch: (changed) => lookEvery(ports.clock, LOOK_EVERY_MS, changed),
  };
}

/** The last five minutes, second by second. */
export function paceSource({ clock, gateway }: Ports): Source<TopicValue<'pace'>> {
  return {
    value: () => gateway.meter.pace().map(paceView),
    watch: (changed) => lookEvery(clock, LOOK_EVERY_MS, changed),
    leastApartMs: LOOK_EVERY_MS,
  };
}

function channels({ clock, gateway, endpoints }: Ports): TopicValue<'channels'> {
  const { meter } = gateway;
  const stats = gateway.stats();
  const figures = meter.command();
  const second = lastSecond(meter.pace(), clock.nowMs());
  const agoOf = (monoMs: number | null) => (monoMs === null ? null : Math.max(0, Math.round(clock.monoMs() - monoMs)));
  return {
    command: {
      endpoint: endpoints.command,
      requests: figures.requests,
      rejects: figures.rejects,
      requests_per_s: second?.requests ?? 0,
      rejects_per_s: second?.rejects ?? 0,
      p50_ms: figures.p50Ms,
      p99_ms: figures.p99Ms,
      last_ms_ago: agoOf(figures.lastRequestMonoMs),
      trades_in_flight: stats?.tradesInFlight ?? 0,
      trades_waiting: stats?.tradesWaiting ?? 0,
    },
    data: {
      endpoint: endpoints.data,
      ticks: stats?.ticks.published ?? 0,
      ticks_per_s: second?.ticks ?? 0,
      subscriptions: stats?.symbolsNamed ?? 0,
      last_ms_ago: agoOf(meter.lastTickMonoMs),
    },
    events: { endpoint: endpoints.events, published: stats?.eventsPublished ?? 0 },
  };
}

/** The last whole second, where it is not an older one. */
function lastSecond(pace: readonly PaceSecond[], nowMs: number): PaceSecond | null {
  const last = pace.at(-1);
  return last !== undefined && nowMs - last.atMs < 3 * LOOK_EVERY_MS ? last : null;
}

function paceView(second: PaceSecond): TopicValue<'pace'>[number] {
  const { atMs, requests, rejects, ticks, p50Ms, p99Ms } = second;
  return { at_ms: atMs, requests, rejects, ticks, p50_ms: p50Ms, p99_ms: p99Ms };
}
