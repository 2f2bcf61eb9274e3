import { ScrollText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TopicValue } from '../../../main/control/contract.ts';
import { useHearing } from '../../api/api-context.tsx';
import { useFormat } from '../../preferences/format.ts';
import { addressOf } from '../../shell/route.ts';
import { Td, Tr } from '../../ui/table.tsx';
import { ClientState } from './client-state.tsx';
import { ClockOffset } from './clock-offset.tsx';
import { LeaseCell } from './lease-cell.tsx';
import { LastSeen } from './last-seen.tsx';
import { useCodeWords } from './code-words.ts';

type Clients = TopicValue<'clients'>;
export type Client = Clients['clients'][number];
export type Lease = Clients['leases'][number];

interface Props {
  readonly name: string;
  /** Null for a lease whose client has not been heard in this session. */
  readonly client: Client | null;
  readonly lease: Lease | null;
  readonly receivedMs: number;
}

const NOTHING = '–';

/** A brain in one line; what is only the last known is muted. */
export function ClientRow({ name, client, lease, receivedMs }: Props) {
  const format = useFormat();
  const isHeard = useHearing() === 'up';
  return (
    <Tr muted={!isHeard}>
      <Td>
        <span className="block max-w-40 truncate font-medium" title={name}>
          {name}
        </span>
        <ClientState lastSeenMs={client?.last_seen_ms ?? null} />
      </Td>
      <Td>{client === null ? NOTHING : <Seen {...client} />}</Td>
      <Td align="right">{client === null ? NOTHING : format.number(client.requests)}</Td>
      <Td align="right">{client === null ? NOTHING : format.number(client.rejects)}</Td>
      <Td className="max-w-48 whitespace-normal">
        <TopReject code={client?.top_reject ?? null} />
      </Td>
      <Td className="font-mono text-xs">{client?.last_action ?? NOTHING}</Td>
      <Td align="right">
        <ClockOffset offsetMs={client?.clock_offset_ms ?? null} />
      </Td>
      <Td>
        <LeaseCell lease={lease} receivedMs={receivedMs} />
      </Td>
      <Td align="right">
        <AuditLink name={name} />
      </Td>
    </Tr>
  );
}

function Seen({ first_seen_ms: firstMs, last_seen_ms: lastMs }: Client) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <LastSeen atMs={lastMs} />
      <span className="block text-xs text-muted" title={format.time(firstMs)}>
        {t('brains.since', { time: format.clock(firstMs) })}
      </span>
    </>
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

function AuditLink({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const label = t('brains.showInAudit', { name });
  return (
    <a
      href={addressOf('audit', { q: `client:${quoted(name)}` })}
      aria-label={label}
      title={label}
      className="inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-text"
    >
      <ScrollText aria-hidden className="size-4" />
    </a>
  );
}

/** A name as a filter's value: with spaces it is quoted. */
function quoted(name: string): string {
  return /[\s"]/.test(name) ? JSON.stringify(name) : name;
}
