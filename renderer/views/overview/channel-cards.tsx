import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../main/control/contract.ts';
import { useHearing, useTopic } from '../../api/api-context.tsx';
import type { Live } from '../../api/topics.ts';
import { useFormat } from '../../preferences/format.ts';
import { Card } from '../../ui/card.tsx';
import { useAgeMs } from '../../ui/clock.ts';
import { Status } from '../../ui/status.tsx';
import { Figure, Figures, NOTHING } from './figures.tsx';
import { commandLink, dataLink, type LinkView } from './link-view.ts';
import { extremes, paceSeries } from './pace-series.ts';
import { LatencyPlot, TicksPlot } from './plots.tsx';

type LiveChannels = Live<TopicValue<'channels'>>;

/** Where brains send their requests: load and latency. */
export function CommandCard() {
  const live = useTopic('channels');
  return live === null ? <NotYet name="command" /> : <Command live={live} />;
}

/** Where brains get their prices from. */
export function DataCard() {
  const live = useTopic('channels');
  return live === null ? <NotYet name="data" /> : <Data live={live} />;
}

function Command({ live }: { readonly live: LiveChannels }) {
  const { t } = useTranslation();
  const format = useFormat();
  const hearing = useHearing();
  const { command } = live.value;
  const ageMs = useAgeMs(command.last_ms_ago, live.receivedMs);
  const inMs = (value: number | null) =>
    value === null ? NOTHING : t('overview.link.ms', { value: format.number(value, value < 10 ? 2 : 0) });
  return (
    <ChannelCard name="command" view={commandLink(hearing, ageMs)}>
      <Figures muted={hearing !== 'up'}>
        <Figure name={t('overview.link.lastRequest')}>
          <Ago ageMs={ageMs} />
        </Figure>
        <Figure name={t('overview.link.rate')}>{format.number(command.requests_per_s)}</Figure>
        <Figure name={t('overview.link.rejectRate')}>{format.number(command.rejects_per_s)}</Figure>
        <Figure name={t('overview.link.p50')}>{inMs(command.p50_ms)}</Figure>
        <Figure name={t('overview.link.p99')}>{inMs(command.p99_ms)}</Figure>
        <Figure name={t('overview.link.trades')}>
          {format.number(command.trades_in_flight)}, {format.number(command.trades_waiting)}
        </Figure>
        <Figure name={t('overview.link.endpoint')}>{command.endpoint}</Figure>
      </Figures>
      <LatencyPlot />
    </ChannelCard>
  );
}

function Data({ live }: { readonly live: LiveChannels }) {
  const { t } = useTranslation();
  const format = useFormat();
  const hearing = useHearing();
  const pace = useTopic('pace')?.value ?? [];
  const { data } = live.value;
  const ageMs = useAgeMs(data.last_ms_ago, live.receivedMs);
  const isMoving = (extremes(paceSeries(pace).ticks)?.most ?? 0) > 0;
  return (
    <ChannelCard name="data" view={dataLink(hearing, ageMs, isMoving)}>
      <Figures muted={hearing !== 'up'}>
        <Figure name={t('overview.link.lastTick')}>
          <Ago ageMs={ageMs} />
        </Figure>
        <Figure name={t('overview.link.tickRate')}>{format.number(data.ticks_per_s)}</Figure>
        <Figure name={t('overview.link.ticks')}>{format.number(data.ticks)}</Figure>
        <Figure name={t('overview.link.subscriptions')}>{format.number(data.subscriptions)}</Figure>
        <Figure name={t('overview.link.events')}>{format.number(live.value.events.published)}</Figure>
        <Figure name={t('overview.link.endpoint')}>{data.endpoint}</Figure>
      </Figures>
      <TicksPlot />
    </ChannelCard>
  );
}

interface CardProps {
  readonly name: 'command' | 'data';
  readonly view: LinkView;
  readonly children: ReactNode;
}

function ChannelCard({ name, view, children }: CardProps) {
  const { t } = useTranslation();
  return (
    <Card
      title={t(`overview.link.${name}`)}
      aside={<Status tone={view.tone}>{t(`overview.link.word.${view.word}`)}</Status>}
      className="min-w-0"
    >
      {children}
    </Card>
  );
}

function NotYet({ name }: { readonly name: CardProps['name'] }) {
  const { t } = useTranslation();
  return (
    <ChannelCard name={name} view={{ tone: 'unknown', word: 'unknown' }}>
      <p className="text-muted">{t('shell.loading')}</p>
    </ChannelCard>
  );
}

function Ago({ ageMs }: { readonly ageMs: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  return ageMs === null ? t('shell.never') : t('shell.ago', { age: format.age(ageMs) });
}
