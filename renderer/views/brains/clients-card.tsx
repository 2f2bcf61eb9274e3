import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../main/control/contract.ts';
import { useTopic } from '../../api/api-context.tsx';
import { Card } from '../../ui/card.tsx';
import { Table, Th } from '../../ui/table.tsx';
import { ClientRow } from './client-row.tsx';
import { ConnectHint } from './connect-hint.tsx';

/** The brains of this session, the last seen first. */
export function ClientsCard() {
  const { t } = useTranslation();
  const live = useTopic('clients');
  return (
    <Card title={t('brains.table')}>
      {live === null ? (
        <p className="text-muted">{t('shell.loading')}</p>
      ) : live.value.clients.length === 0 && live.value.leases.length === 0 ? (
        <ConnectHint />
      ) : (
        <ClientTable {...live.value} receivedMs={live.receivedMs} />
      )}
    </Card>
  );
}

function ClientTable({ clients, leases, receivedMs }: TopicValue<'clients'> & { readonly receivedMs: number }) {
  const { t } = useTranslation();
  const names = [...new Set([...clients, ...leases].map((one) => ('name' in one ? one.name : one.client)))];
  const head = (
    <>
      <Th>{t('brains.columns.name')}</Th>
      <Th>{t('brains.columns.seen')}</Th>
      <Th align="right">{t('brains.columns.requests')}</Th>
      <Th align="right">{t('brains.columns.rejects')}</Th>
      <Th>{t('brains.columns.topReject')}</Th>
      <Th>{t('brains.columns.lastAction')}</Th>
      <Th align="right">{t('brains.columns.clock')}</Th>
      <Th>{t('brains.columns.lease')}</Th>
      <Th>
        <span className="sr-only">{t('brains.columns.audit')}</span>
      </Th>
    </>
  );
  return (
    <Table label={t('brains.table')} head={head}>
      {names.map((name) => (
        <ClientRow
          key={name}
          name={name}
          client={clients.find((one) => one.name === name) ?? null}
          lease={leases.find((one) => one.client === name) ?? null}
          receivedMs={receivedMs}
        />
      ))}
    </Table>
  );
}
