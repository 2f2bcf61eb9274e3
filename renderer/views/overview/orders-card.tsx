import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../main/control/contract.ts';
import { useTopic } from '../../api/api-context.tsx';
import { useFormat } from '../../preferences/format.ts';
import { type TicketActions, useTicketActions } from '../../shell/ticket-actions.tsx';
import { Card } from '../../ui/card.tsx';
import { Table, Td, Th, Tr } from '../../ui/table.tsx';
import { AskedAge, useIsCurrent } from './asked.tsx';
import { CloseCell, Origin, OutcomeRow, priceText, Since } from './book-rows.tsx';

type Order = TopicValue<'book'>['orders'][number];

const COLUMNS = 10;
const TYPES = ['BUY_LIMIT', 'SELL_LIMIT', 'BUY_STOP', 'SELL_STOP', 'BUY_STOP_LIMIT', 'SELL_STOP_LIMIT'] as const;

/** Pending orders, of others on the same account too; each can be cancelled by itself. */
export function OrdersCard() {
  const { t } = useTranslation();
  const live = useTopic('book');
  const isCurrent = useIsCurrent(live?.value ?? null);
  const actions = useTicketActions();
  const orders = live?.value.orders ?? [];
  return (
    <Card
      title={t('overview.orders.title')}
      aside={live === null ? null : <AskedAge asked={live.value} receivedMs={live.receivedMs} />}
      className="min-w-0"
    >
      {orders.length === 0 ? (
        <p className="text-muted">{isCurrent ? t('overview.orders.none') : t('shell.unknown')}</p>
      ) : (
        <Table label={t('overview.orders.title')} head={<Head />}>
          {orders.map((order) => (
            <OrderRow key={order.ticket} order={order} muted={!isCurrent} actions={actions} />
          ))}
        </Table>
      )}
      {actions.dialog}
    </Card>
  );
}

function Head() {
  const { t } = useTranslation();
  return (
    <>
      <Th>{t('overview.positions.symbol')}</Th>
      <Th>{t('overview.orders.type')}</Th>
      <Th align="right">{t('overview.positions.volume')}</Th>
      <Th align="right">{t('overview.orders.price')}</Th>
      <Th align="right">{t('overview.positions.sl')}</Th>
      <Th align="right">{t('overview.positions.tp')}</Th>
      <Th align="right">{t('overview.orders.placed')}</Th>
      <Th>{t('overview.positions.ticket')}</Th>
      <Th>{t('overview.positions.origin')}</Th>
      <Th align="right">
        <span className="sr-only">{t('overview.positions.actions')}</span>
      </Th>
    </>
  );
}

interface RowProps {
  readonly order: Order;
  readonly muted: boolean;
  readonly actions: TicketActions;
}

function OrderRow({ order, muted, actions }: RowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { ticket, symbol, volume, digits, sl, tp } = order;
  const price = (value: number) => priceText(value, digits, (shown, decimals) => format.number(shown, decimals));
  return (
    <>
      <Tr muted={muted}>
        <Td className="font-medium">{symbol}</Td>
        <Td>{typeInWords(order.type, t)}</Td>
        <Td align="right">{format.lots(volume)}</Td>
        <Td align="right">{price(order.open_price)}</Td>
        <Td align="right">{price(sl)}</Td>
        <Td align="right">{price(tp)}</Td>
        <Td align="right">
          <Since atMs={order.setup_at_ms} />
        </Td>
        <Td>{ticket}</Td>
        <Td>
          <Origin own={order.own} comment={order.comment} />
        </Td>
        <CloseCell subject={{ kind: 'order', ticket, symbol, volume }} actions={actions} />
      </Tr>
      <OutcomeRow outcome={actions.outcomeOf(ticket)} span={COLUMNS} />
    </>
  );
}

function typeInWords(type: string, t: TFunction): string {
  const known = TYPES.find((one) => one === type);
  return known === undefined ? type : t(`overview.orders.typeOf.${known}`);
}
