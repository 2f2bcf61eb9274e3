import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../main/control/contract.ts';
import { useHearing, useTopic } from '../../api/api-context.tsx';
import { useFormat } from '../../preferences/format.ts';
import { Card } from '../../ui/card.tsx';
import { useAgeMs } from '../../ui/clock.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Table, Td, Th, Tr } from '../../ui/table.tsx';
import { TICKS_STALE_MS } from './link-view.ts';
import { spreadPoints } from './spread-points.ts';

type Quote = TopicValue<'quotes'>[number];

/** Prices as they come; one that is old is greyed, and every one says its age. */
export function QuotesCard() {
  const { t } = useTranslation();
  const live = useTopic('quotes');
  const head = (
    <>
      <Th>{t('overview.positions.symbol')}</Th>
      <Th align="right">{t('overview.quotes.bid')}</Th>
      <Th align="right">{t('overview.quotes.ask')}</Th>
      <Th align="right">{t('overview.quotes.spread')}</Th>
      <Th align="right">{t('overview.quotes.age')}</Th>
    </>
  );
  return (
    <Card title={t('overview.quotes.title')} className="min-w-0">
      {live === null || live.value.length === 0 ? (
        <EmptyState title={t('overview.quotes.none')}>{t('overview.quotes.noneText')}</EmptyState>
      ) : (
        <Table label={t('overview.quotes.title')} head={head}>
          {live.value.map((quote) => (
            <QuoteRow key={quote.symbol} quote={quote} receivedMs={live.receivedMs} />
          ))}
        </Table>
      )}
    </Card>
  );
}

function QuoteRow({ quote, receivedMs }: { readonly quote: Quote; readonly receivedMs: number }) {
  const format = useFormat();
  const isHeard = useHearing() === 'up';
  const ageMs = useAgeMs(quote.ms_ago, receivedMs) ?? 0;
  const { symbol, bid, ask, digits } = quote;
  const isLive = isHeard && ageMs <= TICKS_STALE_MS;
  return (
    <Tr muted={!isLive}>
      <Td className="font-medium">{symbol}</Td>
      <Td align="right">{format.number(bid, digits)}</Td>
      <Td align="right">{format.number(ask, digits)}</Td>
      <Td align="right">{format.number(spreadPoints(bid, ask, digits))}</Td>
      <Td align="right">{format.age(ageMs)}</Td>
    </Tr>
  );
}
