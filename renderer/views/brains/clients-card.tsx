import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../main/control/contract.ts';
import { useTopic } from '../../api/api-context.tsx';
import { Card } from '../../ui/card.tsx';
import { Table, Th } from '../../ui/table.tsx';
import { ClientRow } from './client-row.tsx';
import { ConnectHint } from './connect-hint.tsx';

type Clients = TopicValue<'clients'>;
type Network = TopicValue<'network'>;

/** The brains of this session, the last seen first, and those that are paired and have not been seen. */
export function ClientsCard() {
  const { t } = useTranslation();
  const live = useTopic('clients');
  const network = useTopic('network')?.value ?? null;
  const names = live === null ? [] : namesOf(live.value, network);
  return (
    <Card title={t('brains.table')}>
      {live === null ? (
        <p className="text-muted">{t('shell.loading')}</p>
      ) : names.length === 0 ? (
        <ConnectHint />
      ) : (
        <ClientTable names={names} clients={live.value} network={network} receivedMs={live.receivedMs} />
      )}
    </Card>
  );
}

function namesOf({ clients, leases }: Clients, network: Network | null): string[] {
  const paired = network?.paired ?? [];
  return [...new Set([...clients, ...leases, ...paired].map((one) => ('name' in one ? one.name : one.client)))];
}

interface TableProps {
  readonly names: readonly string[];
  readonly clients: Clients;
  readonly network: Network | null;
  readonly receivedMs: number;
}

function ClientTable({ names, clients: { clients, leases }, network, receivedMs }: TableProps) {
  const { t } = useTranslation();
  const paired = network?.paired ?? [];
  const showsPairing = paired.length > 0 || network?.security === 'encrypted';
  const head = (
    <>
      <Th>{t('brains.columns.name')}</Th>
      {showsPairing ? <Th>{t('pairing.column')}</Th> : null}
      <Th>{t(showsPairing ? 'pairing.seen' : 'brains.columns.seen')}</Th>
      <Th align="right">{t('brains.columns.requests')}</Th>
      <Th align="right">{t('brains.columns.rejects')}</Th>
      {showsPairing ? null : (
        <>
          <Th>{t('brains.columns.topReject')}</Th>
          <Th>{t('brains.columns.lastAction')}</Th>
        </>
      )}
      <Th align="right">{t('brains.columns.clock')}</Th>
      <Th>{t('brains.columns.lease')}</Th>
      <Th>
        <span className="sr-only">{t(showsPairing ? 'pairing.actions' : 'brains.columns.audit')}</span>
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
          paired={paired.find((one) => one.name === name) ?? null}
          showsPairing={showsPairing}
          receivedMs={receivedMs}
        />
      ))}
    </Table>
  );
}
