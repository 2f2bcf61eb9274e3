import { Ban, CircleHelp, CircleX, type LucideIcon, OctagonX } from 'lucide-react';
import { memo } from 'react';
import { useFormat } from '../../../preferences/format.ts';
import { type Token, tokenText } from '../filter/tokens.ts';
import type { AuditRow } from './row-pages.ts';
import { hasSubject, type RowTone, saidIn, timeText, toneOf, whoToken } from './row-text.ts';

/** Columns of header and rows; wider where there is room. */
export const COLUMNS =
  'grid items-center gap-x-2 px-3 grid-cols-[66px_128px_132px_96px_108px_56px_30px_50px_148px_124px_minmax(0,1fr)] 2xl:grid-cols-[72px_160px_164px_130px_140px_84px_44px_60px_264px_144px_minmax(0,1fr)]';

const SHAPES: Readonly<Record<Exclude<RowTone, 'quiet'>, { readonly Icon: LucideIcon; readonly colour: string }>> = {
  refused: { Icon: Ban, colour: 'text-stale' },
  failed: { Icon: CircleX, colour: 'text-down' },
  unknown: { Icon: CircleHelp, colour: 'text-stale' },
  halt: { Icon: OctagonX, colour: 'text-halted' },
};

interface Props {
  readonly row: AuditRow;
  /** Adds a condition to the filter. */
  readonly onPick: (token: Token) => void;
}

/** The cells of one entry. */
export const RowCells = memo(function RowCells({ row, onPick }: Props) {
  const format = useFormat();
  const time = timeText(row.ts_utc_us, format);
  const who = whoToken(row);
  return (
    <>
      <Cell className="text-right">{format.number(row.seq)}</Cell>
      <Cell title={time} className="text-muted">
        <span className="hidden 2xl:inline">{time.slice(0, 5)}</span>
        {time.slice(5, 11)}
        <span className="text-text group-data-stale:text-muted">{time.slice(11)}</span>
      </Cell>
      <Cell className="flex items-center gap-1.5">
        <Shape tone={toneOf(row)} />
        <Value token={{ key: 'type', value: row.type }} onPick={onPick} className="text-[11px]" />
      </Cell>
      <Cell title={row.actor}>
        <Value token={who} onPick={onPick} shown={row.actor} />
      </Cell>
      {hasSubject(row) ? (
        <Subject row={row} onPick={onPick} />
      ) : (
        <Cell span={7} title={saidIn(row)} className="text-muted">
          {saidIn(row)}
        </Cell>
      )}
    </>
  );
});

function Subject({ row, onPick }: Props) {
  const { action, symbol, side, volume, ticket, reason } = row;
  return (
    <>
      <Cell>
        {action === null ? null : (
          <Value token={{ key: 'action', value: action }} onPick={onPick} className="text-[11px]" />
        )}
      </Cell>
      <Cell>{symbol === null ? null : <Value token={{ key: 'symbol', value: symbol }} onPick={onPick} />}</Cell>
      <Cell className="text-[11px]">{side}</Cell>
      <Cell className="text-right">{volume}</Cell>
      <Outcome row={row} onPick={onPick} />
      {ticket === null ? null : <Cell>{ticket}</Cell>}
      <Cell span={ticket === null ? 2 : 1} title={reason ?? undefined} className="text-muted">
        {reason}
      </Cell>
    </>
  );
}

/** The code says more than the state; where there is room both stand there. */
function Outcome({ row: { status, code, retcode }, onPick }: Props) {
  const title = [status, code, retcode].filter((part) => part !== null).join(' · ');
  return (
    <Cell title={title} className="flex items-baseline gap-1.5 text-[11px]">
      {status === null ? null : (
        <Value
          token={{ key: 'status', value: status }}
          onPick={onPick}
          className={code === null ? '' : 'hidden 2xl:inline'}
        />
      )}
      {code === null ? null : <Value token={{ key: 'code', value: code }} onPick={onPick} className="font-semibold" />}
      {retcode === null ? null : <span className="text-muted">{retcode}</span>}
    </Cell>
  );
}

/** A cell takes the place of those beside it that have nothing to say. */
const SPANS: Readonly<Record<number, string>> = { 2: 'col-span-2', 7: 'col-span-7' };

interface CellProps {
  readonly children: React.ReactNode;
  readonly className?: string;
  readonly title?: string | undefined;
  readonly span?: number;
}

function Cell({ children, className = '', title, span = 1 }: CellProps) {
  return (
    <span
      role="gridcell"
      aria-colspan={span > 1 ? span : undefined}
      title={title}
      className={`truncate leading-8 ${SPANS[span] ?? ''} ${className}`}
    >
      {children}
    </span>
  );
}

interface ValueProps {
  readonly token: Token;
  readonly onPick: (token: Token) => void;
  readonly shown?: string;
  readonly className?: string;
}

/**
 * A value that is a condition when it is clicked; by keyboard the open entry offers the same. Its title is that condition
 * alone: hundreds of these come and go while scrolling, and a translated one costs more than the rest of the row.
 */
function Value({ token, onPick, shown = token.value, className = '' }: ValueProps) {
  return (
    <button
      type="button"
      tabIndex={-1}
      title={tokenText(token)}
      onClick={(event) => {
        event.stopPropagation();
        onPick(token);
      }}
      className={`max-w-full truncate hover:underline ${className}`}
    >
      {shown}
    </button>
  );
}

/** A shape for what wants to be seen, so that colour is not alone; the words beside it say the same. */
function Shape({ tone }: { readonly tone: RowTone }) {
  if (tone === 'quiet') return <span className="w-3.5 shrink-0" />;
  const { Icon, colour } = SHAPES[tone];
  return <Icon aria-hidden className={`size-3.5 shrink-0 ${colour}`} />;
}
