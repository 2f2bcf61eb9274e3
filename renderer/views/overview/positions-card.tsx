import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../main/control/contract.ts';
import { useTopic } from '../../api/api-context.tsx';
import { useFormat } from '../../preferences/format.ts';
import { type TicketActions, useTicketActions } from '../../shell/ticket-actions.tsx';
import { Card } from '../../ui/card.tsx';
import { Table, Td, Th, Tr } from '../../ui/table.tsx';
import { AskedAge, useIsCurrent } from './asked.tsx';
import { CloseCell, Origin, OutcomeRow, priceText, Since } from './book-rows.tsx';

type Position = TopicValue<'book'>['positions'][number];

const COLUMNS = 13;

/** What is open, of others on the same account too; each can be closed by itself. */
export function PositionsCard() {
  const { t } = useTranslation();
  const live = useTopic('book');
  const isCurrent = useIsCurrent(live?.value ?? null);
  const actions = useTicketActions();
  const positions = live?.value.positions ?? [];
  const isEmpty = positions.length === 0;
  return (
    <Card
      title={t('overview.positions.title')}
      aside={live === null ? null : <AskedAge asked={live.value} receivedMs={live.receivedMs} />}
      className="min-w-0"
    >
      {isEmpty ? (
        <p className="text-muted">{isCurrent ? t('overview.positions.none') : t('shell.unknown')}</p>
      ) : (
        <Table label={t('overview.positions.title')} head={<Head />}>
          {positions.map((position) => (
            <PositionRow key={position.ticket} position={position} muted={!isCurrent} actions={actions} />
          ))}
        </Table>
      )}
      {actions.dialog}
    </Card>
  );
}

function Head() {
  const { t } = useTranslation();
  const currency = useTopic('account')?.value.account?.currency;
  return (
    <>
      <Th>{t('overview.positions.symbol')}</Th>
      <Th>{t('overview.positions.side')}</Th>
      <Th align="right">{t('overview.positions.volume')}</Th>
      <Th align="right">{t('overview.positions.open')}</Th>
      <Th align="right">{t('overview.positions.now')}</Th>
      <Th align="right">{t('overview.positions.sl')}</Th>
      <Th align="right">{t('overview.positions.tp')}</Th>
      <Th align="right">{t('overview.positions.swap')}</Th>
      <Th align="right">
        {currency === undefined ? t('overview.positions.profit') : t('overview.positions.profitIn', { currency })}
      </Th>
      <Th align="right">{t('overview.positions.opened')}</Th>
      <Th>{t('overview.positions.ticket')}</Th>
      <Th>{t('overview.positions.origin')}</Th>
      <Th align="right">
        <span className="sr-only">{t('overview.positions.actions')}</span>
      </Th>
    </>
  );
}

interface RowProps {
  readonly position: Position;
  readonly muted: boolean;
  readonly actions: TicketActions;
}

function PositionRow({ position, muted, actions }: RowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { ticket, symbol, side, volume, digits, sl, tp, profit, swap } = position;
  const price = (value: number) => priceText(value, digits, (shown, decimals) => format.number(shown, decimals));
  return (
    <>
      <Tr muted={muted}>
        <Td className="font-medium">{symbol}</Td>
        <Td>{t(`overview.positions.sideOf.${side}`)}</Td>
        <Td align="right">{format.lots(volume)}</Td>
        <Td align="right">{price(position.open_price)}</Td>
        <Td align="right">{price(position.current_price)}</Td>
        <Td align="right">{price(sl)}</Td>
        <Td align="right">{price(tp)}</Td>
        <Td align="right">{format.signed(swap, 2)}</Td>
        <Td align="right" className="font-medium">
          {format.signed(profit, 2)}
        </Td>
        <Td align="right">
          <Since atMs={position.opened_at_ms} />
        </Td>
        <Td>{ticket}</Td>
        <Td>
          <Origin own={position.own} comment={position.comment} />
        </Td>
        <CloseCell subject={{ kind: 'position', ticket, symbol, volume }} actions={actions} />
      </Tr>
      <OutcomeRow outcome={actions.outcomeOf(ticket)} span={COLUMNS} />
    </>
  );
}
