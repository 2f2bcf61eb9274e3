import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../main/control/contract.ts';
import { useHearing } from '../../api/api-context.tsx';
import { useFormat } from '../../preferences/format.ts';
import { Td, Tr } from '../../ui/table.tsx';
import { ClientState } from './client-state.tsx';
import { ClockOffset } from './clock-offset.tsx';
import { LeaseCell } from './lease-cell.tsx';
import { LastSeen } from './last-seen.tsx';
import { useCodeWords } from './code-words.ts';
import { type Paired, PairingCell } from './pairing-cell.tsx';
import { RowActions } from './row-actions.tsx';

type Clients = TopicValue<'clients'>;
export type Client = Clients['clients'][number];
export type Lease = Clients['leases'][number];

interface Props {
  readonly name: string;
  /** Null for a lease whose client has not been heard in this session. */
  readonly client: Client | null;
  readonly lease: Lease | null;
  readonly paired: Paired | null;
  /** With a column for it, others are put together: the row still fits. */
  readonly showsPairing: boolean;
  readonly receivedMs: number;
}

const NOTHING = '–';

/** A brain in one line; what is only the last known is muted. */
export function ClientRow({ name, client, lease, paired, showsPairing, receivedMs }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const isHeard = useHearing() === 'up';
  return (
    <Tr muted={!isHeard}>
      <Td>
        <Name name={name} label={paired?.label ?? name} />
        {paired !== null && client === null && lease === null ? (
          <span className="text-muted">{t('brains.state.unseen')}</span>
        ) : (
          <ClientState lastSeenMs={client?.last_seen_ms ?? null} />
        )}
      </Td>
      {showsPairing ? (
        <Td>
          <PairingCell paired={paired} />
        </Td>
      ) : null}
      <Td>{client === null ? NOTHING : <Seen client={client} withAction={showsPairing} />}</Td>
      <Td align="right">{client === null ? NOTHING : format.number(client.requests)}</Td>
      <Td align="right" className={showsPairing ? 'max-w-28 whitespace-normal' : ''}>
        {client === null ? NOTHING : format.number(client.rejects)}
        {showsPairing ? <MostlyBecause code={client?.top_reject ?? null} /> : null}
      </Td>
      {showsPairing ? null : (
        <>
          <Td className="max-w-48 whitespace-normal">
            <TopReject code={client?.top_reject ?? null} />
          </Td>
          <Td className="font-mono text-xs">{client?.last_action ?? NOTHING}</Td>
        </>
      )}
      <Td align="right">
        <ClockOffset offsetMs={client?.clock_offset_ms ?? null} />
      </Td>
      <Td>
        <LeaseCell lease={lease} receivedMs={receivedMs} isNarrow={showsPairing} />
      </Td>
      <Td align="right">
        <RowActions name={name} paired={paired} />
      </Td>
    </Tr>
  );
}

/** What it is called, and under that the name that the audit log has, where that is another. */
function Name({ name, label }: { readonly name: string; readonly label: string }) {
  return (
    <>
      <span className="block max-w-40 truncate font-medium" title={label}>
        {label}
      </span>
      {label === name ? null : (
        <span className="block max-w-40 truncate font-mono text-xs text-muted" title={name}>
          {name}
        </span>
      )}
    </>
  );
}

function Seen({ client, withAction }: { readonly client: Client; readonly withAction: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { first_seen_ms: firstMs, last_seen_ms: lastMs, last_action: action } = client;
  return (
    <>
      <LastSeen atMs={lastMs} />
      <span className="block text-xs text-muted" title={format.time(firstMs)}>
        {t('brains.since', { time: format.clock(firstMs) })}
      </span>
      {withAction ? <span className="block font-mono text-xs">{action}</span> : null}
    </>
  );
}

function MostlyBecause({ code }: { readonly code: string | null }) {
  const words = useCodeWords();
  return code === null ? null : (
    <span className="block text-xs text-muted" title={code}>
      {words(code)}
    </span>
  );
}

function TopReject({ code }: { readonly code: string | null }) {
  const words = useCodeWords();
  if (code === null) return NOTHING;
  return (
    <>
      {words(code)}
      <span className="block font-mono text-xs text-muted">{code}</span>
    </>
  );
}
