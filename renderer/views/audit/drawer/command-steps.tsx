import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../preferences/format.ts';
import { entryAddress } from '../address.ts';
import type { AuditRow } from '../list/row-pages.ts';
import { useTimeText } from '../list/row-text.ts';
import { useSpanText } from './span.ts';
import { type Latency, latencyOf, type Step, stepsOf } from './steps.ts';

/** What became of a command, step by step, with where the time went. */
export function CommandSteps({ row, history }: { readonly row: AuditRow; readonly history: readonly AuditRow[] }) {
  const { t } = useTranslation();
  const latency = latencyOf(history);
  return (
    <>
      <section aria-label={t('audit.drawer.steps')}>
        <h3 className="mb-2 font-semibold">{t(history.length > 1 ? 'audit.drawer.steps' : 'audit.drawer.step')}</h3>
        <ol className="flex flex-col">
          {stepsOf(history).map((step) => (
            <StepLine key={step.row.seq} step={step} isThis={step.row.seq === row.seq && history.length > 1} />
          ))}
        </ol>
      </section>
      {latency === null ? null : <LatencyBar latency={latency} />}
    </>
  );
}

function StepLine({ step: { row, spanUs }, isThis }: { readonly step: Step; readonly isThis: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const timeText = useTimeText();
  const spanText = useSpanText();
  return (
    <li
      aria-current={isThis ? 'step' : undefined}
      className={`border-l-2 py-1.5 pl-3 ${isThis ? 'border-fine' : 'border-line'}`}
    >
      <p className="flex items-baseline justify-between gap-3">
        <span className="font-medium">{t(`audit.types.${row.type}`)}</span>
        <a href={entryAddress(row.seq)} className="shrink-0 text-xs text-fine hover:underline">
          {isThis ? t('audit.drawer.this') : format.number(row.seq)}
        </a>
      </p>
      <p className="text-xs text-muted">
        {timeText(row.ts_utc_us)}
        {spanUs === null ? null : ` · ${t('audit.drawer.after', { span: spanText(spanUs) })}`}
      </p>
      <p className="mt-0.5 text-[13px] break-words empty:hidden">{detailsOf(row)}</p>
      <p className="text-[13px] break-words text-muted empty:hidden">{row.reason}</p>
    </li>
  );
}

/** Action and subject at a request, state and what the terminal did at an outcome. */
function detailsOf(row: AuditRow): string {
  const price = row.price === null ? null : `@ ${row.price}`;
  const trade = [row.side, row.volume, row.symbol, price].filter((part) => part !== null).join(' ');
  const ticket = row.ticket === null ? null : `#${row.ticket}`;
  const parts = [row.type === 'INTENT' ? row.action : row.status, row.code, row.retcode, trade, ticket];
  return parts.filter((part) => part !== null && part !== '').join(' · ');
}

const FILLS = { queue: 'bg-muted', commit: 'bg-fine/50', terminal: 'bg-fine', rest: 'bg-line' } as const;

function LatencyBar({ latency: { parts, totalUs } }: { readonly latency: Latency }) {
  const { t } = useTranslation();
  const spanText = useSpanText();
  return (
    <section aria-label={t('audit.latency.title')}>
      <h3 className="mb-2 font-semibold">{t('audit.latency.title')}</h3>
      <div aria-hidden className="mb-2 flex h-2 gap-px overflow-hidden rounded-full bg-sunken">
        {parts.map(({ name, us }) => (
          <span key={name} className={FILLS[name]} style={{ flexGrow: us, flexBasis: 0 }} />
        ))}
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 text-[13px]">
        {parts.map(({ name, us }) => (
          <div key={name} className="col-span-2 grid grid-cols-subgrid">
            <dt className="flex items-center gap-2 text-muted">
              <span aria-hidden className={`size-2 rounded-full ${FILLS[name]}`} />
              {t(`audit.latency.${name}`)}
            </dt>
            <dd className="text-right">{spanText(us)}</dd>
          </div>
        ))}
        <div className="col-span-2 grid grid-cols-subgrid font-medium">
          <dt>{t('audit.latency.total')}</dt>
          <dd className="text-right">{spanText(totalUs)}</dd>
        </div>
      </dl>
    </section>
  );
}
