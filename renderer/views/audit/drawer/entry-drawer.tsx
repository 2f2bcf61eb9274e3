import { ChevronDown, ChevronUp, X, type LucideIcon } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallAnswer } from '../../../../main/control/contract.ts';
import { useFormat } from '../../../preferences/format.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import type { Token } from '../filter/tokens.ts';
import { useTimeText } from '../list/row-text.ts';
import { CommandSteps } from './command-steps.tsx';
import { EntryValues, RawEntry } from './entry-values.tsx';
import { useShown } from './use-shown.ts';

interface Props {
  readonly seq: number;
  /** The entries beside it in the list; null where there is none. */
  readonly newerSeq: number | null;
  readonly olderSeq: number | null;
  readonly onGo: (seq: number) => void;
  readonly onClose: () => void;
  readonly onPick: (token: Token) => void;
}

/** One entry and its command, beside the list; Escape closes it. */
export function EntryDrawer({ seq, newerSeq, olderSeq, onGo, onClose, onPick }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const title = useRef<HTMLHeadingElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const { answer, retry } = useShown(seq);
  const label = t('audit.drawer.label', { entry: format.number(seq) });
  useEffect(() => {
    // Another filter makes the drawer anew; who types that filter keeps the focus.
    if (!(document.activeElement instanceof HTMLInputElement)) title.current?.focus();
  }, []);
  useEffect(() => {
    if (body.current !== null) body.current.scrollTop = 0;
  }, [seq]);
  return (
    <aside
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onClose();
      }}
      className="absolute inset-y-0 right-0 z-20 flex w-[30rem] max-w-full flex-col border-l border-line bg-surface shadow-xl"
    >
      <div className="flex min-h-12 items-center gap-1 border-b border-line py-1 pr-2 pl-4">
        <h2 ref={title} tabIndex={-1} className="flex-1 text-base font-semibold outline-none">
          {label}
        </h2>
        <Step label={t('audit.drawer.newer')} Icon={ChevronUp} seq={newerSeq} onGo={onGo} />
        <Step label={t('audit.drawer.older')} Icon={ChevronDown} seq={olderSeq} onGo={onGo} />
        <Button look="quiet" aria-label={t('audit.drawer.close')} title={t('audit.drawer.close')} onClick={onClose}>
          <X aria-hidden className="size-4" />
        </Button>
      </div>
      <div
        ref={body}
        tabIndex={0}
        role="group"
        aria-label={label}
        className="flex min-h-0 flex-1 flex-col gap-5 overflow-auto px-4 py-3"
      >
        <Content seq={seq} answer={answer} onRetry={retry} onPick={onPick} />
      </div>
    </aside>
  );
}

interface StepProps {
  readonly label: string;
  readonly Icon: LucideIcon;
  readonly seq: number | null;
  readonly onGo: (seq: number) => void;
}

function Step({ label, Icon, seq, onGo }: StepProps) {
  return (
    <Button
      look="quiet"
      aria-label={label}
      title={label}
      disabled={seq === null}
      onClick={() => {
        if (seq !== null) onGo(seq);
      }}
    >
      <Icon aria-hidden className="size-4" />
    </Button>
  );
}

interface ContentProps {
  readonly seq: number;
  readonly answer: CallAnswer<'auditShow'> | null;
  readonly onRetry: () => void;
  readonly onPick: (token: Token) => void;
}

function Content({ seq, answer, onRetry, onPick }: ContentProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const timeText = useTimeText();
  if (answer === null) return <p className="text-muted">{t('shell.loading')}</p>;
  if (!answer.ok) {
    return (
      <EmptyState
        title={t('audit.list.failed', { message: answer.error })}
        actions={<Button onClick={onRetry}>{t('shell.retry')}</Button>}
      />
    );
  }
  if (!answer.output.found) return <EmptyState title={t('audit.drawer.missing', { entry: format.number(seq) })} />;
  const { row, history } = answer.output;
  return (
    <>
      <p className="text-[13px] text-muted">
        <span className="font-mono text-xs">{row.type}</span> · {timeText(row.ts_utc_us)} · {row.actor}
      </p>
      <CommandSteps row={row} history={history} />
      <EntryValues row={row} onPick={onPick} />
      <RawEntry row={row} />
    </>
  );
}
