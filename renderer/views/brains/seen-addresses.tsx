import { useTranslation } from 'react-i18next';
import { useTopic } from '../../api/api-context.tsx';
import { Card } from '../../ui/card.tsx';
import { Status } from '../../ui/status.tsx';
import { Table, Td, Th, Tr } from '../../ui/table.tsx';
import { LastSeen } from './last-seen.tsx';

/** Addresses that have knocked, in plain-network mode; without keys nobody can say whose they are. */
export function SeenAddresses() {
  const { t } = useTranslation();
  const network = useTopic('network')?.value;
  if (network?.security !== 'plain-network') return null;
  const head = (
    <>
      <Th>{t('network.seen.columns.address')}</Th>
      <Th>{t('network.seen.columns.last')}</Th>
      <Th>{t('network.seen.columns.admitted')}</Th>
    </>
  );
  return (
    <Card title={t('network.seen.title')}>
      <p className="mb-6 max-w-prose text-muted">{t('network.seen.about')}</p>
      {network.seen.length === 0 ? (
        <p>{t('network.seen.none')}</p>
      ) : (
        <Table label={t('network.seen.title')} head={head}>
          {network.seen.map(({ address, last_seen_ms: atMs, admitted }) => (
            <Tr key={address}>
              <Td className="font-mono text-xs">{address}</Td>
              <Td>
                <LastSeen atMs={atMs} />
              </Td>
              <Td>
                {admitted ? t('network.seen.admitted') : <Status tone="halted">{t('network.seen.turnedAway')}</Status>}
              </Td>
            </Tr>
          ))}
        </Table>
      )}
    </Card>
  );
}
