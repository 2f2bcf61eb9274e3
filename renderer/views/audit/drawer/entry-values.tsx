import { ListFilter } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { type Token, tokenText } from '../filter/tokens.ts';
import type { AuditRow } from '../list/row-pages.ts';
import { whoToken } from '../list/row-text.ts';
import { rowJson } from './pretty-json.ts';

/** What stands elsewhere in the drawer. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'seq',
  'ts_utc_us',
  'ts_mono_us',
  'payload',
  'answer',
  'latency_us',
  'reason',
]);

interface Props {
  readonly row: AuditRow;
  readonly onPick: (token: Token) => void;
}

/** The values of an entry under the names of their columns; what can be filtered by has a button for it. */
export function EntryValues({ row, onPick }: Props) {
  const { t } = useTranslation();
  const values = Object.entries(row).filter(([name, value]) => value !== null && !ELSEWHERE.has(name));
  return (
    <section aria-label={t('audit.drawer.values')}>
      <h3 className="mb-2 font-semibold">{t('audit.drawer.values')}</h3>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-[13px]">
        {values.map(([name, value]) => (
          <div key={name} className="col-span-2 grid grid-cols-subgrid items-center">
            <dt className="font-mono text-xs text-muted">{name}</dt>
            <dd className="flex min-h-6 items-center justify-between gap-2">
              <span className="min-w-0 break-all">{value}</span>
              <PickButton token={tokenFor(name, row)} onPick={onPick} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function PickButton({ token, onPick }: { readonly token: Token | null; readonly onPick: (token: Token) => void }) {
  const { t } = useTranslation();
  if (token === null) return null;
  const label = t('audit.filter.add', { token: tokenText(token) });
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      onClick={() => onPick(token)}
      className="grid size-6 shrink-0 place-items-center rounded text-muted hover:bg-sunken hover:text-text"
    >
      <ListFilter aria-hidden className="size-3.5" />
    </button>
  );
}

/** The condition that a column's value is; null for what cannot be filtered by. */
function tokenFor(name: string, row: AuditRow): Token | null {
  switch (name) {
    case 'type':
      return { key: 'type', value: row.type };
    case 'actor':
      return whoToken(row);
    case 'actor_kind':
      return { key: 'by', value: row.actor_kind };
    case 'req_id':
      return row.req_id === null ? null : { key: 'req', value: row.req_id };
    case 'action':
    case 'symbol':
    case 'status':
    case 'code': {
      const value = row[name];
      return value === null ? null : { key: name, value };
    }
    default:
      return null;
  }
}

/** The whole entry as JSON, nothing left out. */
export function RawEntry({ row }: { readonly row: AuditRow }) {
  const { t } = useTranslation();
  const json = rowJson(row);
  return (
    <section aria-label={t('audit.drawer.raw')}>
      <div className="mb-2 flex items-center justify-between">
        <h3 className="font-semibold">{t('audit.drawer.raw')}</h3>
        <CopyButton text={json} />
      </div>
      <pre
        tabIndex={0}
        aria-label={t('audit.drawer.raw')}
        className="overflow-x-auto rounded-md bg-sunken p-3 font-mono text-xs leading-relaxed"
      >
        {json}
      </pre>
    </section>
  );
}
