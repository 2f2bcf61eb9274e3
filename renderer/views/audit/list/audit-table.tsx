import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../preferences/format.ts';
import type { Token } from '../filter/tokens.ts';
import type { AuditList, ListView } from './audit-list.ts';
import { COLUMNS, RowCells } from './row-line.tsx';
import type { AuditRow } from './row-pages.ts';

const ROW_PX = 32;
const AT_TOP_PX = 8;
/** Until it is measured. */
const FIRST_RECT = { width: 0, height: 640 };
const HEADINGS = [
  ['entry', 'text-right'],
  ['time', ''],
  ['type', 'pl-5'],
  ['who', ''],
  ['action', ''],
  ['symbol', ''],
  ['side', ''],
  ['volume', 'text-right'],
  ['outcome', ''],
  ['ticket', ''],
  ['reason', ''],
] as const;

interface Props {
  readonly list: AuditList;
  readonly view: ListView;
  /** Has the focus; gets it back from an entry that is closed. */
  readonly grid: RefObject<HTMLDivElement | null>;
  /** The entry that is open. */
  readonly openSeq: number | null;
  readonly isStale: boolean;
  readonly onOpen: (seq: number) => void;
  readonly onPick: (token: Token) => void;
}

/** The rows that are on the screen, out of as many as there are; arrows move, Enter opens. */
export function AuditTable({ list, view, grid, openSeq, isStale, onOpen, onPick }: Props) {
  const { t } = useTranslation();
  const [activeSeq, setActiveSeq] = useState(openSeq);
  // The virtualizer's functions change with what they return; nothing here is memoised on them.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: view.total,
    getScrollElement: () => grid.current,
    estimateSize: () => ROW_PX,
    initialRect: FIRST_RECT,
    overscan: 4,
    scrollMargin: ROW_PX,
    scrollPaddingStart: ROW_PX,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const isAtTop = (virtualizer.scrollOffset ?? 0) < AT_TOP_PX;
  useEffect(() => list.look(first, last, isAtTop), [list, first, last, isAtTop]);

  const moveTo = (index: number) => {
    const place = Math.max(0, Math.min(view.total - 1, index));
    const row = list.row(place);
    if (row !== null) setActiveSeq(row.seq);
    virtualizer.scrollToIndex(place, { align: 'auto' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = activeSeq === null ? -1 : list.indexOf(activeSeq);
    const pageRows = Math.max(1, Math.floor((grid.current?.clientHeight ?? 0) / ROW_PX) - 2);
    const place = placeAfter(event.key, at < 0 ? first - 1 : at, pageRows, view.total);
    if (place !== null) moveTo(place);
    else if (event.key === 'Enter' && activeSeq !== null) onOpen(activeSeq);
    else return;
    event.preventDefault();
  };
  const toTop = () => {
    list.toTop();
    grid.current?.scrollTo({ top: 0 });
    grid.current?.focus();
  };
  const isActiveShown = items.some(({ index }) => list.row(index)?.seq === activeSeq);
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={grid}
        role="grid"
        tabIndex={0}
        aria-label={t('audit.list.label')}
        aria-rowcount={view.hasMore ? -1 : view.total + 1}
        aria-colcount={HEADINGS.length}
        aria-activedescendant={isActiveShown ? rowId(activeSeq) : undefined}
        onKeyDown={onKeyDown}
        data-stale={isStale ? '' : undefined}
        className="group h-full overflow-auto bg-surface outline-none data-stale:text-muted data-stale:grayscale"
      >
        <Headings />
        <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = list.row(index);
            return (
              <RowLine
                key={row?.seq ?? `place-${index}`}
                row={row}
                index={index}
                topPx={start - ROW_PX}
                isActive={row !== null && row.seq === activeSeq}
                isOpen={row !== null && row.seq === openSeq}
                onPick={onPick}
                onOpen={(seq) => {
                  setActiveSeq(seq);
                  onOpen(seq);
                }}
              />
            );
          })}
        </div>
      </div>
      <NewerPill view={view} onPress={toTop} />
    </div>
  );
}

/** Where a key leads from a place; null for keys that lead nowhere. */
function placeAfter(key: string, at: number, pageRows: number, total: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return at + 1;
    case 'ArrowUp':
      return at - 1;
    case 'PageDown':
      return at + pageRows;
    case 'PageUp':
      return at - pageRows;
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    default:
      return null;
  }
}

function rowId(seq: number | null): string {
  return `audit-entry-${seq ?? 0}`;
}

function Headings() {
  const { t } = useTranslation();
  return (
    <div role="rowgroup" className="sticky top-0 z-10">
      <div
        role="row"
        aria-rowindex={1}
        className={`${COLUMNS} h-8 border-b border-line bg-surface text-xs font-medium text-muted`}
      >
        {HEADINGS.map(([name, look]) => (
          <span key={name} role="columnheader" className={`truncate ${look}`}>
            {t(`audit.list.columns.${name}`)}
          </span>
        ))}
      </div>
    </div>
  );
}

interface LineProps {
  readonly row: AuditRow | null;
  readonly index: number;
  readonly topPx: number;
  readonly isActive: boolean;
  readonly isOpen: boolean;
  readonly onPick: (token: Token) => void;
  readonly onOpen: (seq: number) => void;
}

function RowLine({ row, index, topPx, isActive, isOpen, onPick, onOpen }: LineProps) {
  return (
    <div
      role="row"
      id={row === null ? undefined : rowId(row.seq)}
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      onClick={row === null ? undefined : () => onOpen(row.seq)}
      style={{ transform: `translateY(${topPx}px)` }}
      className={`${COLUMNS} absolute top-0 h-8 w-full contain-content cursor-default border-b border-line text-xs hover:bg-sunken/60 ${isOpen ? 'bg-sunken' : ''} ${isActive ? 'outline-offset-[-2px] group-focus-visible:outline-2 group-focus-visible:outline-fine' : ''}`}
    >
      {row === null ? (
        <span role="gridcell" className="col-span-full text-muted">
          …
        </span>
      ) : (
        <RowCells row={row} onPick={onPick} />
      )}
    </div>
  );
}

/** How many rows have come since, for whoever looks at older ones. */
function NewerPill({ view, onPress }: { readonly view: ListView; readonly onPress: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { count, isMore } = view.newer;
  if (count === 0 && !isMore) return null;
  return (
    <button
      type="button"
      onClick={onPress}
      className="absolute top-10 left-1/2 z-10 inline-flex h-8 -translate-x-1/2 items-center gap-1.5 rounded-full border border-fine bg-fine px-3.5 text-[13px] font-medium text-surface shadow-md hover:brightness-110 dark:text-page"
    >
      <ArrowUp aria-hidden className="size-4" />
      {isMore ? t('audit.list.newerMore') : t('audit.list.newer', { rows: format.number(count) })}
    </button>
  );
}
